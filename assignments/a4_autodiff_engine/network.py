"""The figures of assignment 2, and two small data sets. NumPy and Matplotlib; nothing here differentiates.

Gradients, losses and predictions come from the functions you write. Every `draw_…` function returns what it has drawn,
with a description in words.
"""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import LinearSegmentedColormap

try:
    from drawn import BLACK, BLUE, GREY, INK, PALE, RED, SKY, STYLE, Drawn  # the file beside this one
except ModuleNotFoundError:  # in the course's own repository
    from .drawn import BLACK, BLUE, GREY, INK, PALE, RED, SKY, STYLE, Drawn

WARNING = 0.3  # a fresh network that costs so much more than no idea has weights that are too large


# --- Data ------------------------------------------------------------------------------------------


def moons(n=160, seed=0):
    """Two half-moons that no straight line can part. Returns X (n, 2) float64 and y (n,), labels 0 and 1."""
    rng = np.random.default_rng(seed)
    angle = np.pi * rng.uniform(0, 1, n)
    y = np.arange(n) % 2
    X = np.where(
        y[:, None] == 0,
        np.column_stack([np.cos(angle), np.sin(angle)]),
        np.column_stack([1 - np.cos(angle), 0.45 - np.sin(angle)]),
    )
    return X + 0.12 * rng.standard_normal((n, 2)), y


def fresh_parameters(D, H, K, seed=1):
    """Random parameters of a network D-H-K: normal weights that keep the size of what passes, biases zero."""
    rng = np.random.default_rng(seed)
    return {
        "W1": rng.standard_normal((D, H)) * np.sqrt(2 / D),
        "b1": np.zeros(H),
        "W2": rng.standard_normal((H, K)) * np.sqrt(1 / H),
        "b2": np.zeros(K),
    }


# --- Curves ----------------------------------------------------------------------------------------


def draw_losses(losses, n_classes, guess=None):
    """The cost before each step, and the cost of a network that has no idea. losses: (T,). guess: of the last one."""
    losses = np.asarray(losses, dtype=float).reshape(-1)
    shown = np.where(np.isfinite(losses) & (losses > 0), losses, np.nan)
    number = np.arange(1, len(losses) + 1)
    idle, guess = float(np.log(n_classes)), _as_number(guess)
    with plt.rc_context(STYLE):
        figure, axis = plt.subplots(figsize=(7.5, 3.8), layout="constrained")
        axis.set_xscale("log")
        axis.set_yscale("log")
        axis.axhline(idle, color=GREY, lw=1.4, ls=(0, (5, 3)))
        axis.plot(number, shown, color=BLUE, lw=2.4)
        if guess is not None and guess > 0:
            axis.plot([max(len(losses), 1)], [guess], "D", mfc="none", mec=RED, mew=1.8, ms=9, clip_on=False)
            _beside(axis, f"you said {guess:g}", max(len(losses), 1), guess, RED, side=-1)
        axis.text(
            max(len(losses), 2), idle * 1.04, f"no idea: ln {n_classes} = {idle:.2f}", ha="right", va="bottom",
            fontsize=9,
        )  # fmt: skip
        if np.isfinite(shown[-1:]).any():
            axis.plot(number[-1:], shown[-1:], "o", color=BLUE, ms=8, mec="white", mew=1.2, clip_on=False)
            _beside(axis, f"{shown[-1]:.2g}", number[-1], shown[-1], BLUE)
        _fit_costs(axis, [*shown[np.isfinite(shown)], idle, *([guess] if guess is not None and guess > 0 else [])])
        axis.set_xlim(0.8, 2.6 * max(len(losses), 2))
        axis.set(title="The cost, step by step", xlabel="step", ylabel="cost before the step")
    return Drawn(losses=losses).in_words(figure, _losses_in_words(losses, n_classes, guess))


def _losses_in_words(losses, n_classes, guess):
    words = f"The cost against the step, both axes logarithmic, and a dashed line at ln {n_classes} = "
    words += f"{np.log(n_classes):.2f}, the cost of a network that has no idea. "
    if len(losses):
        half = np.flatnonzero(losses < losses[0] / 2)
        below = f"It is below half of the first for the first time at step {half[0] + 1}." if half.size else (
            "It never falls to half of the first."
        )  # fmt: skip
        words += f"The first cost is {losses[0]:.2g}, the last of {len(losses)} is {losses[-1]:.2g}. {below}"
    else:
        words += "There is no cost to draw."
    return words + (f" Your guess for the last was {guess:g}." if guess is not None else "")


def _as_number(guess):
    """A guess as a finite number; None for anything else."""
    try:
        guess = float(guess)
    except (TypeError, ValueError):
        return None
    return guess if np.isfinite(guess) else None


def _beside(axis, text, x, y, colour, side=1):
    """A label to the right of a point (side 1) or to its left (side -1)."""
    axis.annotate(
        text, (x, y), xytext=(9 * side, 0), textcoords="offset points", ha="left" if side > 0 else "right",
        va="center", fontsize=9, color=colour,
    )  # fmt: skip


def _fit_costs(axis, costs):
    """The vertical axis of costs, with readable ticks."""
    low, high = min(costs), max(costs)
    ticks = [t for t in (10.0, 5.0, 2.0, 1.0, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005) if low / 2 < t <= 2 * high]
    axis.set_yticks(ticks, [f"{t:g}" for t in ticks])
    axis.minorticks_off()
    axis.set_ylim(low / 1.6, 1.5 * high)
    axis.grid(color=PALE, lw=0.8)


def draw_first_costs(costs, n_classes, guess=None):
    """First costs of fresh networks on a line. costs: {factor of the last weights: cost}. guess: of one of them."""
    idle, guess = float(np.log(n_classes)), _as_number(guess)
    costs = {factor: float(np.ravel(cost)[0]) for factor, cost in costs.items()}
    shown = {factor: cost for factor, cost in costs.items() if np.isfinite(cost)}
    end = 1.7 * max([*shown.values(), idle, guess or 0.0])
    with plt.rc_context(STYLE):
        figure, axis = plt.subplots(figsize=(7.5, 2.3), layout="constrained")
        axis.axvspan(idle + WARNING, end, color=PALE, lw=0)
        axis.text(end, 0.04, "look at its weights ", ha="right", fontsize=9, transform=axis.get_xaxis_transform())
        axis.axvline(idle, color=GREY, lw=1.6, ls=(0, (5, 3)))
        axis.text(idle, 1.02, f"ln {n_classes}", ha="center", fontsize=9, transform=axis.get_xaxis_transform())
        for row, (factor, cost) in enumerate(shown.items()):
            axis.plot([cost], [-row], "o", color=BLUE, ms=9, mec="white", zorder=3)
            _beside(axis, f"last weights × {factor:g}: {cost:.2f}", cost, -row, BLUE)
        if guess is not None:
            axis.plot([guess], [1], "D", mfc="none", mec=RED, mew=1.8, ms=9, zorder=3)
            _beside(axis, f"you said {guess:g}", guess, 1, RED)
        axis.set(xlim=(min(0.0, guess or 0.0, *shown.values()), end), ylim=(-len(costs) - 0.5, 2), yticks=[])
        axis.spines["left"].set_visible(False)
        axis.set_xlabel("first cost of a fresh network")
    words = f"First costs on a line, with a mark at ln {n_classes} = {idle:.2f}; "
    words += f"from {WARNING:g} above it the line is shaded. "
    words += " ".join(f"With the last weights × {factor:g} the cost is {cost:.2f}." for factor, cost in costs.items())
    words += f" Your guess was {guess:g}." if guess is not None else ""
    return Drawn(costs=np.array(list(costs.values()))).in_words(figure, words)


def draw_shifts(log_softmax):
    """Three rows of scores that differ by a constant, and what log_softmax makes of each."""
    scores = np.array([[1.0, 2.0, 0.5]]) + np.array([[0.0], [3.0], [1000.0]])
    with np.errstate(all="ignore"):  # an unfinished log_softmax may overflow here: the picture shows it
        chances = np.exp(np.asarray(log_softmax(scores), dtype=float)).reshape(scores.shape)
    with plt.rc_context(STYLE):
        figure, axes = plt.subplots(3, 2, figsize=(7.5, 4.2), layout="constrained")
        for row, (left, right) in enumerate(axes):
            base = scores[row].min() - 1
            left.bar([0, 1, 2], scores[row] - base, color=SKY, width=0.6)
            heights = np.clip(np.nan_to_num(chances[row]), 0, 1.05)
            right.bar([0, 1, 2], heights, color=BLUE, width=0.6)
            for k in range(3):
                left.text(k, scores[row, k] - base, f"{scores[row, k]:g}", ha="center", va="bottom", fontsize=9)
                right.text(k, heights[k], f"{chances[row, k]:.3g}", ha="center", va="bottom", fontsize=9)
            left.set(ylim=(0, 3.3), ylabel="" if not row else f"all + {scores[row, 0] - scores[0, 0]:g}")
            right.set(ylim=(0, 1.4))
            for axis in (left, right):
                axis.set(xticks=[], yticks=[])
        axes[0, 0].set_title("scores")
        axes[0, 1].set_title("their softmax: exp of your log_softmax")
    with np.errstate(invalid="ignore"):
        same = np.max(np.abs(chances - chances[0])) < 1e-9  # NaN and infinity are not
        whole = np.max(np.abs(chances.sum(axis=1) - 1)) < 1e-9
    words = (
        "Three rows of bars, beside each its softmax. The second row is the first with 3 added, the third with 1000. "
    )
    words += "The softmax of each row: " + "; ".join(" ".join(f"{p:.3g}" for p in row) for row in chances)
    words += ". All three are equal." if same else ". They differ: an added constant should change nothing."
    words += "" if whole else " A row does not add up to 1."
    return Drawn(scores=scores, chances=chances).in_words(figure, words)


def draw_regions(predict, X, y):
    """Where a network of two inputs and two classes chooses which. predict: points (M, 2) -> logits (M, 2)."""
    X, y = np.asarray(X, dtype=float), np.asarray(y)
    pad = 0.45
    sides = [np.linspace(low - pad, high + pad, 161) for low, high in zip(X.min(axis=0), X.max(axis=0), strict=True)]
    across, up = np.meshgrid(*sides)
    logits = np.asarray(predict(np.column_stack([across.ravel(), up.ravel()])), dtype=float)
    with np.errstate(invalid="ignore"):  # infinity minus infinity
        margin = np.nan_to_num(logits[:, 1] - logits[:, 0]).reshape(across.shape)
    wrong = np.argmax(np.asarray(predict(X), dtype=float), axis=1) != y
    with plt.rc_context(STYLE):
        figure, axis = plt.subplots(figsize=(7.5, 5.0), layout="constrained")
        _draw_border(axis, across, up, margin)
        for label, colour, mark in ((0, BLUE, "o"), (1, RED, "s")):
            mine = y == label
            axis.plot(*X[mine].T, mark, color=colour, ms=6, mec="white", mew=0.8, ls="", label=f"class {label}")
        if wrong.any():
            axis.plot(*X[wrong].T, "o", mfc="none", mec=BLACK, ms=12, mew=1.4, ls="", label="on the wrong side")
        axis.set(title="What the trained network chooses", xlabel="$x_0$", ylabel="$x_1$", aspect="equal")
        axis.legend(loc="upper left", frameon=True, framealpha=0.92, edgecolor="none", fontsize=9)
    words = (
        "Two half-moons of points, blue circles above and orange squares below, and the plane shaded by the class that "
    )
    words += f"the network chooses. {np.sum(wrong)} of {len(y)} points are on the wrong side. "
    words += f"It chooses class 1 in {np.mean(margin > 0):.0%} of the plane"
    words += "." if np.all(np.isfinite(logits)) else "; some of its logits are not finite."
    return Drawn(margin=margin, wrong=wrong).in_words(figure, words)


def _draw_border(axis, across, up, margin):
    """Shades of the two classes, and the line between them if there is one."""
    shades = LinearSegmentedColormap.from_list("two", ["#A9D8F5", "#D9EEFB", "white", "#FCE6D6", "#F6C4A0"])
    axis.contourf(across, up, np.tanh(margin / 4), np.linspace(-1, 1, 21), cmap=shades)
    if margin.min() < 0 < margin.max():
        axis.contour(across, up, margin, [0.0], colors=INK, linewidths=2.2)
        axis.plot([], [], color=INK, lw=2.2, label="border")
