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


def draw_gradient_check(steps, errors):
    """The error of a finite difference against its step. steps, errors: (M,), positive."""
    steps, errors = np.asarray(steps, dtype=float), np.maximum(np.asarray(errors, dtype=float), 1e-17)
    with plt.rc_context(STYLE):
        _, axis = plt.subplots(figsize=(7.5, 4.4), layout="constrained")
        axis.set_xscale("log")
        axis.set_yscale("log")
        best = int(np.argmin(errors))
        right, left = int(np.argmax(steps)), int(np.argmin(steps))
        truncation = errors[right] * (steps / steps[right]) ** 2
        rounding = np.finfo(float).eps / steps
        for guide, colour, dashes in ((truncation, ORANGE, (0, (5, 2))), (rounding, PINK, (0, (1, 1.5)))):
            seen = guide >= errors[best] / 30
            axis.plot(steps[seen], guide[seen], color=colour, ls=dashes, lw=2.2, zorder=1)
        axis.plot(steps, errors, "-o", color=BLUE, lw=1.6, ms=4.5, zorder=3)
        axis.plot(steps[best], errors[best], "*", color=GREEN, ms=16, mec="white", mew=1, zorder=4)
        axis.annotate(
            f"best: $h$ = {steps[best]:.0e}", (steps[best], errors[best]), xytext=(0, -18),
            textcoords="offset points", ha="center", va="top", fontsize=9, color=INK,
        )  # fmt: skip
        axis.text(3e-3, 3e-4, "truncation\n$\\propto h^2$", ha="right", va="bottom", fontsize=10)
        axis.text(3e-10, 3e-5, "round-off\n$\\propto 1/h$", ha="left", va="bottom", fontsize=10)
        axis.set_xlim(steps[left] / 2, steps[right] * 2)
        axis.set_ylim(errors[best] / 300, 30 * errors.max())
        axis.grid(color="#E2E2E2", lw=0.8)
        axis.set_axisbelow(True)
        axis.minorticks_off()
        axis.set(title="Finite difference against backward", xlabel="step $h$", ylabel="relative difference")
    return Drawn(steps=steps, errors=errors)


def draw_losses(losses, n_classes):
    """The cost before each step, and the cost of a network that has no idea. losses: (T,)."""
    losses = np.asarray(losses, dtype=float)
    number = np.arange(1, len(losses) + 1)
    idle = float(np.log(n_classes))
    with plt.rc_context(STYLE):
        _, axis = plt.subplots(figsize=(7.5, 3.8), layout="constrained")
        axis.axhline(idle, color=GREY, lw=1.4, ls=(0, (5, 3)))
        axis.plot(number, losses, color=BLUE, lw=2.4)
        axis.plot(number[-1:], losses[-1:], "o", color=BLUE, ms=8, mec="white", mew=1.2, clip_on=False)
        axis.text(number[-1], idle * 1.04, f"no idea: ln {n_classes} = {idle:.2f}", ha="right", va="bottom", fontsize=9)
        axis.annotate(
            f"{losses[-1]:.3f}", (number[-1], losses[-1]), xytext=(9, 0), textcoords="offset points", ha="left",
            va="center", fontsize=9, color=BLUE,
        )  # fmt: skip
        axis.set_xscale("log")
        axis.set_yscale("log")
        ticks = [t for t in (1.0, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005) if losses.min() / 2 < t <= 2 * losses.max()]
        axis.set_yticks(ticks, [f"{t:g}" for t in ticks])
        axis.minorticks_off()
        axis.set_xlim(0.8, 2.6 * len(losses))
        axis.set_ylim(losses.min() / 1.6, 1.5 * max(losses.max(), idle))
        axis.grid(color="#E2E2E2", lw=0.8)
        axis.set(title="The cost falls", xlabel="step", ylabel="cost before the step")
    return Drawn(losses=losses)


def draw_regions(predict, X, y):
    """Where a network of two inputs and two classes chooses which. predict: points (M, 2) -> logits (M, 2)."""
    X, y = np.asarray(X, dtype=float), np.asarray(y)
    pad = 0.45
    sides = [np.linspace(low - pad, high + pad, 161) for low, high in zip(X.min(axis=0), X.max(axis=0), strict=True)]
    across, up = np.meshgrid(*sides)
    logits = np.asarray(predict(np.column_stack([across.ravel(), up.ravel()])), dtype=float)
    margin = (logits[:, 1] - logits[:, 0]).reshape(across.shape)
    shades = LinearSegmentedColormap.from_list("two", ["#A9D8F5", "#D9EEFB", "white", "#FCE6D6", "#F6C4A0"])
    wrong = np.argmax(np.asarray(predict(X), dtype=float), axis=1) != y
    with plt.rc_context(STYLE):
        _, axis = plt.subplots(figsize=(7.5, 5.0), layout="constrained")
        axis.contourf(across, up, np.tanh(margin / 4), np.linspace(-1, 1, 21), cmap=shades)
        axis.contour(across, up, margin, [0.0], colors=INK, linewidths=2.2)
        for label, colour, mark in ((0, BLUE, "o"), (1, RED, "s")):
            mine = y == label
            axis.plot(*X[mine].T, mark, color=colour, ms=6, mec="white", mew=0.8, ls="", label=f"class {label}")
        if wrong.any():
            axis.plot(*X[wrong].T, "o", mfc="none", mec=BLACK, ms=12, mew=1.4, ls="", label="on the wrong side")
        axis.plot([], [], color=INK, lw=2.2, label="border")
        axis.set(title="What the trained network chooses", xlabel="$x_0$", ylabel="$x_1$", aspect="equal")
        axis.legend(loc="upper left", frameon=True, framealpha=0.92, edgecolor="none", fontsize=9)
    return Drawn(margin=margin, wrong=wrong)
