"""The figure of assignment 2 that compares a gradient with finite differences. NumPy and Matplotlib.

One curve for each array, so that the wrong one is named. A right gradient falls into a V; a wrong one stays flat.
"""

import matplotlib.pyplot as plt
import numpy as np

try:
    from drawn import BLUE, GREEN, GREY, INK, ORANGE, PALE, PINK, STYLE, Drawn  # the file beside this one
except ModuleNotFoundError:  # in the course's own repository
    from .drawn import BLUE, GREEN, GREY, INK, ORANGE, PALE, PINK, STYLE, Drawn

_ARRAYS = (("W1", BLUE, "o"), ("b1", ORANGE, "s"), ("W2", GREEN, "^"), ("b2", PINK, "D"))
_AGREES = 1e-6  # a right gradient comes below it at some step; a wrong one at none
_SECOND = 0.8  # 1 - 1/N: how far a gradient is off that is divided by N = 5 once more


def draw_gradient_check(steps, slopes, grads):
    """How far a claimed gradient is from finite differences, for each step and each array.

    steps: (M,).  slopes: M dicts, the finite differences of each step.  grads: the dict that claims to be the gradient,
    for a batch of five examples. A difference is divided by the larger of the two, so it is at most 2.
    """
    steps = np.asarray(steps, dtype=float)
    errors = {
        name: np.array([_relative(np.asarray(slope[name]), grads.get(name)) for slope in slopes])
        for name, *_ in _ARRAYS
    }
    right = {name: error for name, error in errors.items() if np.min(error) < _AGREES}
    with plt.rc_context(STYLE):
        figure, axis = plt.subplots(figsize=(7.5, 5.0), layout="constrained")
        axis.set_xscale("log")
        axis.set_yscale("log")
        for name, colour, mark in _ARRAYS:
            error = np.where(np.isfinite(errors[name]), np.maximum(errors[name], 1e-15), np.nan)
            axis.plot(steps, error, marker=mark, color=colour, lw=1.6, ms=4.5, zorder=3, label=_verdict(name, errors))
        _draw_ghost(axis, steps)
        if right:
            _draw_guides(axis, steps, np.max(list(right.values()), axis=0))
        else:
            axis.text(0.5, 0.4, "no step helps: this gradient is wrong", ha="center", transform=axis.transAxes)
        axis.set_xlim(steps.min() / 2, steps.max() * 2)
        axis.set_ylim(1e-12, 300)
        axis.grid(color=PALE, lw=0.8)
        axis.set_axisbelow(True)
        axis.minorticks_off()
        figure.legend(loc="outside lower center", ncols=2, fontsize=9, handlelength=2.6)
        axis.set(title="Finite difference against backward", xlabel="step $h$", ylabel="relative difference")
    words = (
        "The relative difference between finite difference and backward, against the step h; both axes logarithmic. "
    )
    words += " ".join(_verdict(name, errors) + "." for name, *_ in _ARRAYS)
    words += f" A grey line at {_SECOND:g} shows what a second 1/N looks like."
    return Drawn(steps=steps, **errors).in_words(figure, words)


def _relative(one, other):
    """The largest difference over the largest entry of both: 0 for equal arrays; inf for no numbers, another size."""
    try:
        other = np.asarray(other, dtype=float).reshape(np.shape(one))
    except (TypeError, ValueError):
        return np.inf
    largest = max(np.max(np.abs(one)), np.max(np.abs(other)))
    difference = np.max(np.abs(one - other)) / largest if largest else 0.0
    return difference if np.isfinite(difference) else np.inf


def _verdict(name, errors):
    """What the curve of one array says."""
    best, usual = float(np.min(errors[name])), float(np.median(errors[name]))
    if best < _AGREES:
        return f"{name}: a V, down to {best:.0e}"
    if not np.isfinite(usual):
        return f"{name}: wrong, not numbers or not of its shape"
    known = {_SECOND: ": off by a factor of N", 2.0: ": its sign is turned"}
    kind = next((words for size, words in known.items() if abs(usual - size) < 0.01), "")
    return f"{name}: wrong, about {usual:.2g}{kind}"


def _draw_ghost(axis, steps):
    axis.axhline(_SECOND, color=GREY, lw=5, alpha=0.45, zorder=1)
    axis.annotate(
        "what a second 1/N looks like", (steps.max(), _SECOND), xytext=(0, 16), textcoords="offset points", ha="right",
        va="bottom", fontsize=9, color="#555555",
    )  # fmt: skip


def _draw_guides(axis, steps, errors):
    """The two lines that make the V, through the curve: h² where it falls, 1/h where it rises again."""
    best = int(np.argmin(errors))
    large, small = steps > 10 * steps[best], steps < steps[best] / 10
    for side, power, words, place in (
        (large, 2, "truncation $\\propto h^2$", 0.75),
        (small, -1, "round-off $\\propto 1/h$", 0.25),
    ):
        guide = np.exp(np.median(np.log(errors[side] / steps[side] ** power))) * steps**power
        seen = np.flatnonzero((guide >= errors[best] / 5) & (guide < 1))
        axis.plot(steps[seen], guide[seen], color=INK, ls=(0, (5, 2)), lw=1.2, zorder=2)
        at = seen[np.argsort(steps[seen])][int(place * (len(seen) - 1))]
        axis.annotate(
            words, (steps[at], guide[at]), xytext=(-9 if power > 0 else 9, 3), textcoords="offset points",
            ha="right" if power > 0 else "left", va="bottom", fontsize=10,
        )  # fmt: skip
