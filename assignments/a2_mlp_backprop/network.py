"""The figures of assignment 2, and two small data sets. NumPy and Matplotlib; nothing here differentiates.

Activations, gradients, losses and predictions come from the functions you write. Every `draw_…` function
returns what it has drawn. Signs are told by colour, by line style and by a sign; widths tell sizes.
Colours: Okabe and Ito's, which stay apart for colour-blind readers.
"""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, Polygon

try:
    from drawn import Drawn  # the file beside this one
except ModuleNotFoundError:  # in the course's own repository
    from .drawn import Drawn

# Load the backend now. Loaded inside an rc_context, it would be set back to "not interactive" on leaving, and
# Jupyter would show the first figure of the notebook and no other.
if mpl.get_backend().lower() != "agg":  # which shows nothing, and is what a grader has loaded
    plt.switch_backend(mpl.get_backend())

BLACK, ORANGE, SKY, GREEN, BLUE, RED, PINK = (
    "#000000", "#E69F00", "#56B4E9", "#009E73", "#0072B2", "#D55E00", "#CC79A7",
)  # fmt: skip
INK, GREY, PALE = "#222222", "#8A8A8A", "#E4E4E4"
STYLE = {
    "figure.facecolor": "white",
    "axes.facecolor": "white",
    "savefig.facecolor": "white",
    "text.color": INK,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 11,
    "font.size": 10,
    "legend.frameon": False,
    "lines.solid_capstyle": "round",
}


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


# --- The network as circles and lines --------------------------------------------------------------

_RADIUS = 0.42
_COLUMNS = (0.0, 4.0, 8.0)
_ROW = 1.75


def _places(sizes):
    """The centres of the circles: (inputs, hidden, outputs, the two circles with the 1)."""
    middle = _ROW * (max(sizes[:2]) - 1) / 2
    ys = [middle - _ROW * (np.arange(n) - (n - 1) / 2) - middle for n in sizes]
    top = max(ys[0][0], ys[1][0]) + _ROW
    layers = [np.column_stack([np.full(n, x), y]) for n, x, y in zip(sizes, _COLUMNS, ys, strict=True)]
    layers[2][:, 1] += _ROW / 2  # level with the middle of hidden units and their 1
    ones = np.array([[_COLUMNS[0], top], [_COLUMNS[1], top]])
    return (*layers, ones)


def _canvas(sizes, title):
    inputs, hidden, outputs, ones = _places(sizes)
    points = np.vstack([inputs, hidden, outputs, ones])
    low, high = points[:, 1].min() - 1.32, points[:, 1].max() + 0.85
    left, right = _COLUMNS[0] - 1.35, _COLUMNS[2] + 1.75
    _, axis = plt.subplots(figsize=(7.5, 7.5 * (high - low) / (right - left) + 0.3), layout="constrained")
    axis.set(xlim=(left, right), ylim=(low, high), aspect="equal", title=title)
    axis.axis("off")
    return axis


def _circle(axis, place, text, *, fill="white", edge=INK, colour=INK, dashed=False):
    axis.add_patch(Circle(place, _RADIUS, fc=fill, ec=edge, lw=1.6, ls=(0, (3, 2)) if dashed else "-", zorder=5))
    axis.text(*place, text, ha="center", va="center", fontsize=10.5, color=colour, zorder=6)


def _look(amount):
    """Colour, dashes and sign of an amount."""
    if amount == 0:
        return GREY, (0, (1, 3)), "0"
    return (BLUE, "-", "+") if amount > 0 else (RED, (0, (2.2, 1.1)), "−")


def _arrow(axis, start, end, amount, largest, label, at):
    """An arrow from circle to circle: colour, dashes and label tell the sign, the width the size. at: of the label."""
    start, end = np.asarray(start, float), np.asarray(end, float)
    along = (end - start) / np.linalg.norm(end - start)
    across = np.array([-along[1], along[0]])
    colour, dashes, _ = _look(amount)
    width = 0.9 if amount == 0 else 1.2 + 4.6 * abs(amount) / largest
    head = 0.09 + 0.022 * width
    tip, tail = end - along * (_RADIUS + 0.05), start + along * (_RADIUS + 0.05)
    neck = tip - along * 2.1 * head
    line = axis.plot(*np.column_stack([tail, neck]), color=colour, lw=width, ls=dashes, zorder=2)[0]
    line.set_dash_capstyle("butt")
    line.set_solid_capstyle("butt")
    if amount:
        axis.add_patch(Polygon([tip, neck + head * across, neck - head * across], fc=colour, ec="none", zorder=3))
    middle = start + at * (end - start)
    axis.text(
        *middle, label, ha="center", va="center", fontsize=8.5, color=colour if amount else "#666666", zorder=4,
        bbox={"boxstyle": "round,pad=0.18", "fc": "white", "ec": "none"},
    )  # fmt: skip


def _number(value, digits=2, *, signed=False):
    """A short number with a real minus sign."""
    text = f"{value:+.{digits}f}" if signed else f"{value:.{digits}f}"
    text = text.rstrip("0").rstrip(".") if not signed else text
    return {"-0": "0", "": "0", "+0.00": "0", "-0.00": "0"}.get(text, text).replace("-", "−")


def _name_columns(axis, sizes, names):
    low = min(part[:, 1].min() for part in _places(sizes)[:2])
    for x, name in zip(_COLUMNS, names, strict=True):
        axis.text(x, low - 0.98, name, ha="center", va="top", fontsize=9.5)


def _sign_key(axis, positive, negative, nothing):
    handles = [
        Line2D([], [], color=BLUE, lw=3.5, ls="-", label=positive),
        Line2D([], [], color=RED, lw=3.5, ls=(0, (2.2, 1.1)), label=negative),
        Line2D([], [], color=GREY, lw=1.2, ls=(0, (1, 3)), label=nothing),
    ]
    for handle in handles:
        handle.set_solid_capstyle("butt")
    axis.legend(handles=handles, loc="upper right", fontsize=9, handlelength=2.6, borderaxespad=0.1)


def draw_forward(params, x, hidden, logits):
    """The forward picture of one example. x: (1, D).  hidden: (1, H), after the relu.  logits: (1, K)."""
    x, hidden, logits = (np.asarray(part, dtype=float).reshape(-1) for part in (x, hidden, logits))
    sizes = (len(x), len(hidden), len(logits))
    places = _places(sizes)
    first = np.vstack([params["b1"], x[:, None] * params["W1"]])
    second = np.vstack([params["b2"], hidden[:, None] * params["W2"]])
    largest = max(np.abs(first).max(), np.abs(second).max()) or 1.0
    with plt.rc_context(STYLE):
        axis = _canvas(sizes, "Forward: activations go right, each times its weight")
        for layer, (W, b, flow) in enumerate(
            ((params["W1"], params["b1"], first), (params["W2"], params["b2"], second))
        ):
            sources = np.vstack([places[3][layer], places[layer]])
            weights = np.vstack([b, W])
            for i, j in np.ndindex(weights.shape):
                label = "×" + _number(weights[i, j])
                _arrow(axis, sources[i], places[layer + 1][j], flow[i, j], largest, label, 0.27)
        for place in places[3]:
            _circle(axis, place, "1", fill=PALE)
        for values, where in ((x, places[0]), (logits, places[2])):
            for value, place in zip(values, where, strict=True):
                _circle(axis, place, _number(value))
        for value, place in zip(hidden, places[1], strict=True):
            _hidden_circle(axis, place, _number(value), on=value > 0)
        _name_columns(axis, sizes, ("inputs $x$", "hidden units $a_1$", "logits"))
        _sign_key(axis, "positive amount", "negative amount", "nothing")
    return Drawn(x=x, hidden=hidden, logits=logits, into_hidden=first, into_logits=second)


def _hidden_circle(axis, place, text, *, on, fill="white", edge=INK):
    if on:
        _circle(axis, place, text, fill=fill, edge=edge)
    else:
        _circle(axis, place, text, fill=PALE, edge=GREY, colour="#555555", dashed=True)
        axis.text(place[0], place[1] - _RADIUS - 0.08, "off", ha="center", va="top", fontsize=9, style="italic")


def draw_backward(params, x, hidden, grads):
    """The backward picture of one example, for which the gradient of a bias is the error term of its unit.

    x: (1, D).  hidden: (1, H), after the relu.  grads: as `params`, the gradients of the cost of that example.
    """
    x, hidden = (np.asarray(part, dtype=float).reshape(-1) for part in (x, hidden))
    gradients = {name: np.asarray(grads[name], dtype=float).reshape(np.shape(params[name])) for name in params}
    sizes = (len(x), len(hidden), gradients["b2"].size)
    places = _places(sizes)
    largest = max(np.abs(part).max() for part in gradients.values()) or 1.0
    tints = {1: "#D6E8F5", -1: "#FBE0D0", 0: PALE}
    with plt.rc_context(STYLE):
        axis = _canvas(sizes, "Backward: error terms go left, each times what it meets")
        for layer, (W, b) in enumerate((("W1", "b1"), ("W2", "b2"))):
            sources = np.vstack([places[3][layer], places[layer]])
            amounts = np.vstack([gradients[b], gradients[W]])
            for i, j in np.ndindex(amounts.shape):
                label = _number(amounts[i, j], signed=True)
                _arrow(axis, places[layer + 1][j], sources[i], amounts[i, j], largest, label, 0.62)
        for place in places[3]:
            _circle(axis, place, "1", fill=PALE)
        for value, place in zip(x, places[0], strict=True):
            _circle(axis, place, _number(value))
        for term, active, place in zip(gradients["b1"], hidden, places[1], strict=True):
            fill, edge = tints[int(np.sign(term))], _look(term)[0]
            _hidden_circle(axis, place, _number(term, signed=True), on=active > 0, fill=fill, edge=edge)
        for term, place in zip(gradients["b2"], places[2], strict=True):
            _circle(axis, place, _number(term, signed=True), fill=tints[int(np.sign(term))], edge=_look(term)[0])
            word = "raise it ↑" if term < 0 else "lower it ↓" if term > 0 else ""
            axis.text(place[0] + _RADIUS + 0.12, place[1], word, ha="left", va="center", fontsize=9)
        _name_columns(
            axis, sizes, ("inputs $x$", r"error terms $\partial J/\partial z_1$", "error terms of the logits")
        )
        _sign_key(axis, "weight's gradient > 0", "weight's gradient < 0", "gradient 0")
    return Drawn(error_hidden=gradients["b1"], error_logits=gradients["b2"], **gradients)


# --- Curves ----------------------------------------------------------------------------------------


_ARRAYS = (("W1", BLUE, "o"), ("b1", ORANGE, "s"), ("W2", GREEN, "^"), ("b2", PINK, "D"))
_AGREES = 1e-6  # a right gradient comes below it at some step; a wrong one at none


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
        axis.grid(color="#E2E2E2", lw=0.8)
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


_SECOND = 0.8  # 1 - 1/N: how far a gradient is off that is divided by N = 5 once more


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
    axis.grid(color="#E2E2E2", lw=0.8)


def draw_first_costs(costs, n_classes, guess=None):
    """First costs of fresh networks on a line. costs: {factor of the last weights: cost}. guess: of one of them."""
    idle, guess = float(np.log(n_classes)), _as_number(guess)
    costs = {factor: float(np.ravel(cost)[0]) for factor, cost in costs.items()}
    shown = {factor: cost for factor, cost in costs.items() if np.isfinite(cost)}
    end = 1.7 * max([*shown.values(), idle, guess or 0.0])
    with plt.rc_context(STYLE):
        figure, axis = plt.subplots(figsize=(7.5, 2.3), layout="constrained")
        axis.axvspan(idle + _WARNING, end, color=PALE, lw=0)
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
    words = f"First costs on a line, with a mark at ln {n_classes} = {idle:.2f}; from 0.3 above it the line is shaded. "
    words += " ".join(f"With the last weights × {factor:g} the cost is {cost:.2f}." for factor, cost in costs.items())
    words += f" Your guess was {guess:g}." if guess is not None else ""
    return Drawn(costs=np.array(list(costs.values()))).in_words(figure, words)


_WARNING = 0.3  # a fresh network that costs so much more than no idea has weights that are too large


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
