"""The figures of assignment 3. NumPy and Matplotlib; nothing here counts or multiplies a chain.

Counts and products come from the functions you write. Every `draw_…` function returns what it has drawn.
Colours: Okabe and Ito's, which stay apart for colour-blind readers; shapes and labels repeat what they say.
"""

import time

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np

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
INK, GREY = "#222222", "#8A8A8A"
LOOKS = {"forward": (BLUE, "o", "-"), "reverse": (RED, "s", (0, (5, 2)))}
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
    "hatch.linewidth": 0.6,
}


# --- Staircases of shapes --------------------------------------------------------------------------


def draw_staircases(dims, forward_total, reverse_total):
    """Both orders, product by product: rectangles whose sides are square roots, and p q r under each.

    dims: widths of a chain of at least two layers.  forward_total, reverse_total: the counts you computed.
    """
    layers = [(f"$J_{l}$", (dims[l], dims[l - 1])) for l in range(1, len(dims))]  # noqa: E741
    rows = (("forward", layers, forward_total), ("reverse", layers[::-1], reverse_total))
    drawn = {}
    with plt.rc_context(STYLE):
        _, axes = plt.subplots(2, 1, figsize=(7.5, 4.6), layout="constrained")
        for axis, (name, order, total) in zip(axes, rows, strict=True):
            steps = _steps(name, order)
            _draw_row(axis, name, steps)
            axis.set_title(f"{name.capitalize()}: {total:,} multiply-adds", color=LOOKS[name][0], fontweight="bold")
            drawn[name] = np.array([[*left[1], right[1][1]] for left, right in steps])
        width = max(axis.get_xlim()[1] for axis in axes)
        for axis in axes:
            axis.set_xlim(-1, width)
        axes[1].legend(handles=_matrix_kinds(), loc="lower right", fontsize=9, handlelength=1.6, borderaxespad=0)
    return Drawn(drawn)


def _matrix_kinds():
    running = plt.Rectangle((0, 0), 1, 1, fc=ORANGE, ec=INK, hatch="////", label="running product")
    return [running, plt.Rectangle((0, 0), 1, 1, fc=SKY, ec=INK, label="next Jacobian")]


def _steps(name, order):
    """Pairs of factors (label, shape), left and right, as they are multiplied; the running product is label ""."""
    running, steps = order[0], []
    for layer in order[1:]:
        left, right = (layer, running) if name == "forward" else (running, layer)
        steps.append((left, right))
        running = ("", (left[1][0], right[1][1]))
    return steps


def _draw_row(axis, name, steps):
    at, deepest = 0.0, max(side(left[1][0]) for left, _ in steps) / 2
    deepest = max(deepest, *(side(right[1][0]) / 2 for _, right in steps))
    for number, (left, right) in enumerate(steps):
        start = at
        for factor, sign in ((left, "·"), (right, "")):
            is_running = factor[0] == "" or (number == 0 and factor is (right if name == "forward" else left))
            at = _rectangle(axis, at, *factor, is_running)
            if sign:
                axis.text(at + 2.2, 0, sign, ha="center", va="center", fontsize=15)
                at += 4.4
        (p, q), r = left[1], right[1][1]
        middle = (start + at) / 2
        axis.text(middle, -deepest - 3, f"{p * q * r:,}", ha="center", va="top", fontsize=10, fontweight="bold")
        axis.text(middle, -deepest - 8.5, f"{p}·{q}·{r}", ha="center", va="top", fontsize=8.5, color="#555555")
        axis.text(
            at + 4.5, 0, "→" if number < len(steps) - 1 else "=", ha="center", va="center", fontsize=14, color=INK
        )
        at += 9
    shape = (steps[-1][0][1][0], steps[-1][1][1][1])
    at = _rectangle(axis, at, "$J$", shape, True)
    axis.set(xlim=(-1, at + 1), ylim=(-deepest - 14, deepest + 9.5), aspect="equal")
    axis.axis("off")


def side(n):
    """The length a width is drawn with: its square root, so that 1 and 784 fit one picture."""
    return max(np.sqrt(n), 1.3)


def _rectangle(axis, at, label, shape, is_running):
    """Draw one matrix with its left end at `at`, centred on 0. Returns where its slot ends."""
    height, width = side(shape[0]), side(shape[1])
    slot = max(width, 7.5)
    left = at + (slot - width) / 2
    colour = ORANGE if is_running else SKY
    axis.add_patch(
        plt.Rectangle(
            (left, -height / 2),
            width,
            height,
            fc=colour,
            ec=INK,
            lw=0.9,
            alpha=0.9,
            hatch="////" if is_running else None,
        )
    )
    words = f"{label}\n" if label else ""
    axis.text(
        at + slot / 2,
        height / 2 + 1,
        f"{words}{shape[0]}×{shape[1]}",
        ha="center",
        va="bottom",
        fontsize=8.5,
        linespacing=1.05,
    )
    return at + slot


# --- Counts against depth and width ----------------------------------------------------------------


def draw_growth(forward_macs, reverse_macs):
    """Multiply-adds of both orders for 100 inputs and a scalar cost, against depth and against hidden width."""
    depths, widths = np.unique(np.geomspace(3, 100, 10).astype(int)), np.unique(np.geomspace(4, 4096, 11).astype(int))
    panels = (
        ("Deeper: hidden width 100", "layers $L$", depths, [(100,) * L + (1,) for L in depths.tolist()]),
        ("Wider: four layers", "hidden width $H$", widths, [(100, H, H, H, 1) for H in widths.tolist()]),
    )
    drawn = {}
    with plt.rc_context(STYLE):
        _, axes = plt.subplots(1, 2, figsize=(7.5, 3.8), sharey=True, layout="constrained")
        for axis, (title, label, sizes, chains) in zip(axes, panels, strict=True):
            for name, count in (("forward", forward_macs), ("reverse", reverse_macs)):
                colour, marker, line = LOOKS[name]
                macs = np.array([float(count(dims)) for dims in chains])
                axis.plot(sizes, macs, color=colour, marker=marker, ls=line, lw=2, ms=6, label=name)
                drawn[f"{name} by {label.split(' $')[0]}"] = macs
            axis.set(xscale="log", yscale="log", title=title, xlabel=label)
            axis.grid(axis="y", color="#DDDDDD", lw=0.8)
            axis.set_axisbelow(True)
        axes[0].set_ylabel("multiply-adds")
        axes[0].legend(loc="upper left", title="100 inputs, 1 output", alignment="left")
    return Drawn(drawn)


# --- Time against counts ---------------------------------------------------------------------------


def draw_times(orders, widths=(16, 32, 64, 128, 256, 512, 1024)):
    """Measured milliseconds against multiply-adds. orders: name -> (multiply, count).

    For each width w it multiplies the Jacobians of (w, w, w, w, 1), and takes the best of three runs. A function
    that needs more than a tenth of a second is not asked for a larger width.
    """
    rng, drawn = np.random.default_rng(0), {}
    with plt.rc_context(STYLE):
        _, axis = plt.subplots(figsize=(7.5, 4.2), layout="constrained")
        for name, (multiply, count) in orders.items():
            points = []
            for width in widths:
                dims = (width,) * 4 + (1,)
                Js = [rng.standard_normal((m, n)) for n, m in zip(dims, dims[1:])]  # noqa: B905, RUF007
                points.append((count(dims), _milliseconds(multiply, Js)))
                if points[-1][1] > 100:
                    break
            colour, marker, line = LOOKS[name]
            drawn[name] = np.array(points, dtype=float)
            axis.plot(*drawn[name].T, color=colour, marker=marker, ls=line, lw=1.4, ms=8, mec="white", label=name)
            for width, at in zip(widths, points, strict=False):
                if width in {widths[0], widths[-1]}:
                    below = name == "forward" and width == widths[0]
                    axis.annotate(
                        f"width {width}", at, xytext=(0, -15 if below else 10), textcoords="offset points",
                        ha="center", color=colour, fontsize=9,
                    )  # fmt: skip
        axis.set(
            xscale="log", yscale="log", xlabel="multiply-adds, as counted", ylabel="milliseconds, as measured",
            title="The count against the clock (on this computer, today)",
        )  # fmt: skip
        axis.margins(x=0.1, y=0.18)
        axis.grid(color="#DDDDDD", lw=0.8)
        axis.set_axisbelow(True)
        axis.legend(loc="upper left")
    return Drawn(drawn)


def _milliseconds(multiply, Js):
    best = np.inf
    for _ in range(3):
        start = time.perf_counter()
        multiply(Js)
        best = min(best, 1000 * (time.perf_counter() - start))
        if best > 100:
            break
    return best


# --- The map ---------------------------------------------------------------------------------------


def draw_map(forward_macs, reverse_macs, hidden):
    """Forward over reverse multiply-adds for every number of inputs and outputs. hidden: the widths between."""
    sizes = np.unique(np.geomspace(1, 1000, 46).round().astype(int))
    ratio = np.array([[_ratio(forward_macs, reverse_macs, (n, *hidden, m)) for m in sizes] for n in sizes])
    with plt.rc_context(STYLE):
        figure, axis = plt.subplots(figsize=(7.5, 5.4), layout="constrained")
        norm, levels = mpl.colors.Normalize(-2.7, 2.7), np.log10([3, 10, 30])
        decades = np.log10(ratio)
        shades = axis.pcolormesh(sizes, sizes, decades, cmap="PuOr_r", norm=norm, shading="gouraud")
        lines = axis.contour(
            sizes, sizes, decades, [*-levels[::-1], *levels], colors=INK, linewidths=0.8, linestyles=":"
        )
        beside = ((2.44, 250), (7.7, 250), (31, 250), (250, 2.44), (250, 7.7), (250, 31))  # on 30, 10, 3 for 100, 100
        axis.clabel(lines, fmt=lambda level: f"×{10 ** abs(level):.0f}", fontsize=9, manual=beside)
        axis.contour(sizes, sizes, decades, [0], colors=BLACK, linewidths=2.4)
        for x, y, words in ((3.4, 38, "reverse is\ncheaper"), (38, 3.4, "forward is\ncheaper"), (14, 14, "tie")):
            axis.text(
                x, y, words, ha="center", va="center", fontsize=10 if words == "tie" else 12, fontweight="bold",
                bbox={"boxstyle": "round,pad=0.3", "fc": "white", "ec": "none", "alpha": 0.85},
            )  # fmt: skip
        axis.plot(1, 784, "*", ms=17, mfc="white", mec=BLACK, mew=1.3, clip_on=False, zorder=5)
        axis.annotate(
            "784 pixels,\none cost",
            (1, 784),
            xytext=(13, -9),
            textcoords="offset points",
            va="top",
            fontsize=9,
            bbox={"boxstyle": "round,pad=0.2", "fc": "white", "ec": "none", "alpha": 0.85},
        )
        axis.set(
            xscale="log", yscale="log", xlabel="outputs $n_L$", ylabel="inputs $n_0$", aspect="equal",
            title=f"Which end? Hidden widths {', '.join(map(str, hidden))}",
        )  # fmt: skip
        bar = figure.colorbar(shades, ax=axis, shrink=0.85, ticks=range(-2, 3), label="forward / reverse multiply-adds")
        bar.ax.set_yticklabels(["1/100", "1/10", "1", "10", "100"])
    return Drawn(inputs=sizes, outputs=sizes, ratio=ratio)


def _ratio(forward_macs, reverse_macs, dims):
    dims = tuple(int(n) for n in dims)
    return forward_macs(dims) / reverse_macs(dims)
