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
_N = 5  # examples in the batch
_FACTOR_N = 1 - 1 / _N  # how far a gradient is off that is N times too small or N times too large
_KINDS = ((_N, "N times too small"), (1 / _N, "N times too large"), (-1, "its sign is turned"))


def draw_gradient_check(steps, slopes, grads):
    """How far a claimed gradient is from finite differences, for each step and each array.

    steps: (M,).  slopes: M dicts, the finite differences of each step.  grads: the dict that claims to be the gradient,
    for a batch of five examples. A difference is divided by the larger of the two, so it is at most 2.
    """
    steps = np.asarray(steps, dtype=float)
    grads = grads if isinstance(grads, dict) else {}
    errors = {
        name: np.array([_relative(np.asarray(slope[name]), grads.get(name)) for slope in slopes])
        for name, *_ in _ARRAYS
    }
    right = {name: error for name, error in errors.items() if np.min(error) < _AGREES}
    verdicts = {name: f"{name}: {_verdict(errors[name], slopes, name, grads.get(name))}" for name in errors}
    with plt.rc_context(STYLE):
        figure, axis = plt.subplots(figsize=(7.5, 5.0), layout="constrained")
        axis.set_xscale("log")
        axis.set_yscale("log")
        for place, (name, colour, mark) in enumerate(_ARRAYS):
            error = np.where(np.isfinite(errors[name]), np.maximum(errors[name], 1e-15), np.nan)
            every = (place, len(_ARRAYS))  # so that four equal curves show the marks of all four
            axis.plot(
                steps, error, marker=mark, markevery=every, color=colour, lw=1.6, ms=5.5, zorder=3, label=verdicts[name]
            )
        words = "off by a factor of N, as with a second 1/N"  # in the legend, where no curve runs through it
        axis.axhline(_FACTOR_N, color=GREY, lw=5, alpha=0.45, zorder=1, label=words)
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
    words += " ".join(f"{verdict}." for verdict in verdicts.values())
    words += f" A grey line at {_FACTOR_N:g} is where a curve lies that is off by a factor of N."
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


def _verdict(errors, slopes, name, claim):
    """What the curve of one array says; a kind of mistake is named only if undoing it gives a V."""
    best, usual = float(np.min(errors)), float(np.median(errors))
    if best < _AGREES:
        return f"a V, down to {best:.0e}"
    if not np.isfinite(usual):
        return "no curve: NaN, or another shape"
    claim = np.asarray(claim, dtype=float)
    if not claim.any():
        return "wrong, all zeros"
    kinds = (
        f": {words}"
        for factor, words in _KINDS
        if min(_relative(np.asarray(slope[name]), factor * claim) for slope in slopes) < _AGREES
    )
    return f"wrong, about {usual:.2g}{next(kinds, '')}"


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
            ha="right" if power > 0 else "left", va="bottom", fontsize=10, zorder=4,
            bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 1},
        )  # fmt: skip
