"""The charts of assignment 3. NumPy and Matplotlib; nothing here counts or multiplies a chain.

Counts and products come from the functions you write. Every `draw_…` function returns what it has drawn, and the words
below a chart are made from that.
Shapes and labels repeat what colours say.
"""

import time

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np

try:
    from drawn import BLUE, GREY, INK, PALE, RED, STYLE, Drawn  # the file beside this one
except ModuleNotFoundError:  # in the course's own repository
    from .drawn import BLUE, GREY, INK, PALE, RED, STYLE, Drawn

LOOKS = {"forward": (BLUE, "o", "-"), "reverse": (RED, "s", (0, (5, 2)))}
PAPER = {"boxstyle": "round,pad=0.3", "fc": "white", "ec": "none", "alpha": 0.85}


def _number(value):
    """A number that your function returned, as a float; NaN for anything else."""
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        return np.nan


def _factor(ratio):
    """A ratio in words."""
    return f"a factor of {ratio:.3g}" if np.isfinite(ratio) else "no factor, as a count is missing or 0"


def _log_scales(axis, numbers):
    """Logarithmic axes, for which Matplotlib needs limits if no number is above 0."""
    if not np.any(np.asarray(numbers) > 0):
        axis.set(xlim=(1, 10), ylim=(1, 10))
        axis.text(0.5, 0.5, "no count above 0", transform=axis.transAxes, ha="center", color=GREY)
    axis.set(xscale="log", yscale="log")


# --- Counts against depth and width ----------------------------------------------------------------


def draw_growth(forward_macs, reverse_macs):
    """Multiply-adds of both orders for 100 inputs and a scalar cost, against depth and against hidden width."""
    depths, widths = np.unique(np.geomspace(3, 100, 10).astype(int)), np.unique(np.geomspace(4, 4096, 11).astype(int))
    panels = (
        ("Deeper: hidden width 100", "layers", "$L$", depths, [(100,) * L + (1,) for L in depths.tolist()]),
        ("Wider: four layers", "hidden width", "$H$", widths, [(100, H, H, H, 1) for H in widths.tolist()]),
    )
    drawn, words = {}, ["Two panels with logarithmic axes, 100 inputs and one cost."]
    with plt.rc_context(STYLE):
        figure, axes = plt.subplots(1, 2, figsize=(7.5, 3.8), sharey=True, layout="constrained")
        for axis, (title, label, letter, sizes, chains) in zip(axes, panels, strict=True):
            curves = [np.array([_number(count(dims)) for dims in chains]) for count in (forward_macs, reverse_macs)]
            for name, macs in zip(LOOKS, curves, strict=True):
                colour, marker, line = LOOKS[name]
                axis.plot(
                    sizes,
                    np.where(macs > 0, macs, np.nan),
                    color=colour,
                    marker=marker,
                    ls=line,
                    lw=2,
                    ms=6,
                    label=name,
                )
                drawn[f"{name} by {label}"] = macs
            words.append(_growth_words(label, sizes, *curves))
            _log_scales(axis, curves)
            axis.set(title=title, xlabel=f"{label} {letter}")
            axis.grid(axis="y", color=PALE, lw=0.8)
            axis.set_axisbelow(True)
        axes[0].set_ylabel("multiply-adds")
        axes[0].legend(loc="upper left", title="100 inputs, 1 output", alignment="left")
    return Drawn(drawn).in_words(figure, " ".join(words))


def _growth_words(label, sizes, forward, reverse):
    with np.errstate(all="ignore"):
        first, last = (forward / reverse)[[0, -1]]
    return f"Forward over reverse at {label} {sizes[0]}: {_factor(first)}; at {label} {sizes[-1]}: {_factor(last)}."


# --- Time against counts ---------------------------------------------------------------------------

ROUNDS, PATIENCE = 4, 100.0  # milliseconds that a run may take, if wider chains are to be tried as well


def draw_times(orders, widths=(16, 32, 64, 128, 256, 512, 1024)):
    """Measured milliseconds against multiply-adds. orders: name -> (multiply, count).

    For each width w it multiplies the Jacobians of (w, w, w, w, 1), in four rounds from narrow to wide, and keeps the
    best time of each width. So a moment in which the computer was busy spoils one round, and not a point. A round ends
    after a run of more than a tenth of a second. A width that no round reaches is left out, and the chart says so.
    """
    rng, drawn, words = np.random.default_rng(0), {}, ["Milliseconds against multiply-adds, both axes logarithmic."]
    chains = {w: [rng.standard_normal((m, n)) for n, m in zip((w, w, w, w), (w, w, w, 1), strict=True)] for w in widths}
    with plt.rc_context(STYLE):
        figure, axis = plt.subplots(figsize=(7.5, 4.2), layout="constrained")
        for name, (multiply, count) in orders.items():
            best = _best_times(multiply, chains)
            colour, marker, line = LOOKS[name]
            drawn[name] = np.array([(_number(count((w,) * 4 + (1,))), ms) for w, ms in best.items()])
            axis.plot(
                *np.where(drawn[name] > 0, drawn[name], np.nan).T,
                color=colour,
                marker=marker,
                ls=line,
                lw=1.4,
                ms=8,
                mec="white",
                label=name,
            )
            _label_ends(axis, drawn[name], list(best), colour, last="right" if name == "reverse" else "center")
            missing = [w for w in widths if w not in best]
            if missing:
                _say_missing(axis, drawn[name][-1], missing, colour)
            words.append(_times_words(name, best, missing))
        _log_scales(axis, np.concatenate([points[:, 0] for points in drawn.values()]))
        axis.set(
            xlabel="multiply-adds, as counted", ylabel="milliseconds, as measured",
            title="The count against the clock (on this computer, today)",
        )  # fmt: skip
        axis.margins(x=0.1, y=0.18)
        axis.grid(color=PALE, lw=0.8)
        axis.set_axisbelow(True)
        axis.legend(loc="upper left")
    return Drawn(drawn).in_words(figure, " ".join(words))


def _best_times(multiply, chains):
    """Width -> milliseconds of the best run."""
    best = {}
    for _ in range(ROUNDS):
        for width, Js in chains.items():
            start = time.perf_counter()
            multiply(Js)
            best[width] = min(best.get(width, np.inf), 1000 * (time.perf_counter() - start))
            if best[width] > PATIENCE:
                break
    return best


def _label_ends(axis, points, widths, colour, last):
    """Above the points, where the curves do not come from. last: which end of the last label stands over its point."""
    for i in sorted({0, len(widths) - 1}):
        axis.annotate(
            f"width {widths[i]}", points[i], xytext=(0, 8), textcoords="offset points", ha=last if i else "center",
            color=colour, fontsize=9, bbox=PAPER,
        )  # fmt: skip


def _say_missing(axis, last, missing, colour):
    words = f"from width {missing[0]} on\nnot measured:\nover 0.1 s a run"
    axis.annotate(
        words, last, xytext=(12, 0), textcoords="offset points", va="top", color=colour, fontsize=9, bbox=PAPER
    )


def _times_words(name, best, missing):
    (narrow, first), (wide, last) = next(iter(best.items())), next(reversed(best.items()))
    more = f" and {_short(last)} ms at width {wide}" if wide != narrow else ""
    words = f"{name.capitalize()} takes {_short(first)} ms at width {narrow}{more}."
    return f"{words} Widths from {missing[0]} on were not measured: a run took over 0.1 s." if missing else words


def _short(ms):
    return f"{ms:.2g}" if ms < 10 else f"{ms:.0f}"


# --- The map ---------------------------------------------------------------------------------------


def draw_map(forward_macs, reverse_macs, hidden):
    """Forward over reverse multiply-adds for every number of inputs and outputs. hidden: the widths between."""
    sizes = np.unique(np.geomspace(1, 1000, 46).round().astype(int))

    def ratio_at(outputs, inputs):
        dims = (int(inputs), *hidden, int(outputs))
        with np.errstate(all="ignore"):
            return np.float64(_number(forward_macs(dims))) / _number(reverse_macs(dims))

    ratio = np.array([[ratio_at(m, n) for m in sizes] for n in sizes])
    places = {place: _cheaper(ratio_at(*place)) for place in ((3, 38), (38, 3), (14, 14))}
    star = ratio_at(1, 784)
    with plt.rc_context(STYLE):
        figure, axis = plt.subplots(figsize=(7.5, 5.4), layout="constrained")
        shades = _shade(axis, sizes, ratio)
        for place, words in places.items():
            size = 10 if words == "tie" else 12
            axis.text(*place, words, ha="center", va="center", fontsize=size, fontweight="bold", bbox=PAPER)
        axis.plot(1, 784, "*", ms=17, mfc="white", mec="black", mew=1.3, clip_on=False, zorder=5)
        axis.annotate(
            "784 pixels,\none cost", (1, 784), xytext=(13, -9), textcoords="offset points", va="top", fontsize=9,
            bbox=PAPER,
        )  # fmt: skip
        axis.set(
            xscale="log", yscale="log", xlabel="outputs $n_L$", ylabel="inputs $n_0$", aspect="equal",
            title=f"Which end? Hidden widths {', '.join(map(str, hidden))}",
        )  # fmt: skip
        bar = figure.colorbar(shades, ax=axis, shrink=0.85, ticks=range(-2, 3), label="forward / reverse multiply-adds")
        bar.ax.set_yticklabels(["1/100", "1/10", "1", "10", "100"])
    words = _map_words([place.replace("\n", " ") for place in places.values()], ratio, star)
    return Drawn(inputs=sizes, outputs=sizes, ratio=ratio).in_words(figure, words)


def _shade(axis, sizes, ratio):
    """Colour for the ratio, dotted lines at factors of 3, 10 and 30, and a line at 1."""
    decades = np.log10(np.where(ratio > 0, ratio, np.nan))
    norm, levels = mpl.colors.Normalize(-2.7, 2.7), np.log10([3, 10, 30])
    shades = axis.pcolormesh(sizes, sizes, decades, cmap="PuOr_r", norm=norm, shading="gouraud")
    drawable = [level for level in (*-levels[::-1], *levels) if np.nanmin(decades, initial=9) < level]
    drawable = [level for level in drawable if level < np.nanmax(decades, initial=-9)]
    if drawable:
        lines = axis.contour(sizes, sizes, decades, drawable, colors=INK, linewidths=0.8, linestyles=":")
        beside = ((2.44, 250), (7.7, 250), (31, 250), (250, 2.44), (250, 7.7), (250, 31))  # clear of the words
        places = beside if len(drawable) == len(beside) else False
        axis.clabel(lines, fmt=lambda level: f"×{10 ** abs(level):.0f}", fontsize=9, manual=places)
    if np.nanmin(decades, initial=9) < 0 < np.nanmax(decades, initial=-9):
        axis.contour(sizes, sizes, decades, [0], colors="black", linewidths=2.4)
    return shades


def _cheaper(ratio):
    """The words for one place of the map, by your counts there."""
    if not ratio > 0 or not np.isfinite(ratio):
        return "no ratio"
    return "tie" if ratio == 1 else f"{'reverse' if ratio > 1 else 'forward'} is\ncheaper"


def _map_words(places, ratio, star):
    wins = [f"{np.mean(ratio > 1):.0%} of the map belongs to reverse", f"{np.mean(ratio < 1):.0%} to forward"]
    diagonal = np.diagonal(ratio)
    tie = "every place is a tie" if np.all(diagonal == 1) else f"{np.mean(diagonal == 1):.0%} of the places are ties"
    return (
        f"A map over inputs (upwards) and outputs (to the right). Upper left: {places[0]}. Lower right: {places[1]}. "
        f"By your counts {' and '.join(wins)}; on the diagonal {tie}. At the star, 784 inputs and one cost, forward "
        f"over reverse: {_factor(star)}."
    )
