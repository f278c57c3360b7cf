"""Landscapes to climb on, and the figures of assignment 1. NumPy and Matplotlib; nothing here climbs.

A landscape is a height: a function that takes a point x of shape (d,) and returns one number. Slopes and
paths come from the functions you write. Every `draw_…` function returns what it has drawn.
Colours: Okabe and Ito's, which stay apart for colour-blind readers; shapes and labels repeat what they say.
"""

import base64
import hashlib
import io
import json

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
COLOURS = (BLUE, ORANGE, GREEN, PINK, RED, SKY)
MARKERS = ("o", "s", "^", "D", "v", "P")
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


# --- Landscapes ------------------------------------------------------------------------------------


def mountain(x):
    """A range over 0 <= w <= 10 with four summits. x: (1,). Returns a float."""
    w = float(np.asarray(x).reshape(-1)[0])
    centres, heights, widths = _RANGE
    return float(np.sum(heights * np.exp(-(((w - centres) / widths) ** 2))))


_RANGE = np.array([[1.4, 3.6, 5.7, 8.0], [1.7, 2.2, 3.4, 1.6], [0.8, 0.75, 0.9, 0.65]])

# Where the summits of `mountain` are, to 0.001; (4, 1), one row a summit.
SUMMITS = np.array([[1.401], [3.609], [5.699], [7.996]])


def highlands(x):
    """Two hills with a pass between, seen from above. x: (2,). Returns a float."""
    x = np.asarray(x)
    left = 1.6 * np.exp(-((x[0] + 1.1) ** 2) / 0.9 - (x[1] - 0.5) ** 2 / 1.2)
    right = 2.2 * np.exp(-((x[0] - 1.2) ** 2) / 1.1 - (x[1] + 0.1) ** 2 / 0.8)
    return float(left + right - 0.05 * (x[0] ** 2 + x[1] ** 2))


# Where `draw_contours` draws an arrow: (35, 2).
PLACES = np.array([[a, b] for b in np.linspace(-1.5, 1.7, 5) for a in np.linspace(-2.4, 2.4, 7)])

# The curvatures of `dome`: four times as sharp along x1 as along x0.
DOME = np.array([[-1.0, 0.0], [0.0, -4.0]])


def dome(x):
    """x' DOME x / 2: a long dome with its top, of height 0, at the origin. x: (2,). Returns a float."""
    x = np.asarray(x)
    return float(x @ DOME @ x / 2)


def errors_by_h(numerical_gradient):
    """A table of how wrong the measured slope of x³ at 1, which is 3, is for feet that come closer and closer."""
    lines = []
    for h in 10.0 ** -np.arange(1, 12):
        slope = float(np.ravel(numerical_gradient(lambda x: x[0] ** 3, np.array([1.0]), h))[0])
        lines.append(f"h = {h:.0e}   slope {slope:.11f}   error {abs(slope - 3):.0e}")
    return "\n".join(lines)


# --- Figures ---------------------------------------------------------------------------------------


def draw_curve(height, path, summits):
    """A ball's path over a height of one coordinate, and below it the same as a cost, upside down.

    height: (1,) -> float.  path: (T+1, 1).  summits: (P, 1).
    """
    path, summits = np.asarray(path, dtype=float), np.asarray(summits, dtype=float)
    places = np.linspace(0, 10, 501)
    levels = np.array([height(np.array([w])) for w in places])
    walked = np.array([height(x) for x in path])
    tops = np.array([height(x) for x in summits])
    with plt.rc_context(STYLE):
        _, axes = plt.subplots(2, 1, figsize=(7.5, 5.6), sharex=True, layout="constrained")
        for axis, sign, name in ((axes[0], 1, "maximum"), (axes[1], -1, "minimum")):
            axis.plot(places, sign * levels, color=INK, lw=2)
            axis.plot(path[:, 0], sign * walked, color=RED, lw=4, alpha=0.5, zorder=3)
            axis.plot(path[0, 0], sign * walked[0], "o", ms=13, mfc="white", mec=BLUE, mew=1.8, zorder=4)
            axis.plot(path[-1, 0], sign * walked[-1], "o", ms=13, mfc=SKY, mec=BLUE, mew=1.8, zorder=5)
            for top, level in zip(summits[:, 0], tops, strict=True):
                word = "global" if level == tops.max() else "local"
                gap, side = (14, "bottom") if sign > 0 else (-14, "top")
                axis.annotate(
                    f"{word}\n{name}", (top, sign * level), xytext=(0, gap), textcoords="offset points",
                    ha="center", va=side, fontsize=9, color=GREEN if word == "global" else INK,
                    fontweight="bold" if word == "global" else "normal",
                )  # fmt: skip
            axis.margins(x=0.01, y=0.1)
            axis.set_ylim(*sorted((sign * (levels.min() - 0.3), sign * 1.4 * levels.max())))
            axis.set_yticks([])
        axes[0].set(title="Climbing: the height $f(w)$", ylabel="$f(w)$")
        axes[1].set(title="The same walk as a descent: the cost $J(w) = -f(w)$", xlabel="$w$", ylabel="$J(w)$")
        axes[0].legend(
            handles=[
                plt.Line2D([], [], marker="o", ls="", ms=9, mfc="white", mec=BLUE, mew=1.6, label="start"),
                plt.Line2D([], [], marker="o", ls="", ms=9, mfc=SKY, mec=BLUE, mew=1.6, label="end"),
            ],
            loc="upper left",
        )
    return Drawn(path=path, heights=walked, summits=summits)


class Film(Drawn):
    """What an animation shows, by name. Jupyter plays it in the page; nothing is fetched from anywhere."""

    def __init__(self, alt, frames, **shown):
        """alt: the picture in words.  frames: PNG images, bytes."""
        super().__init__(shown)
        self.alt, self.frames = alt, frames

    def _repr_html_(self):
        """The frames inside the page, a slider, and a button. Without JavaScript: the first frame."""
        images = ["data:image/png;base64," + base64.b64encode(frame).decode() for frame in self.frames]
        name = "film" + hashlib.sha256(b"".join(self.frames)).hexdigest()[:12]
        parts = {"NAME": name, "ALT": self.alt, "FIRST": images[0], "LAST": str(len(images) - 1)}
        page = _PLAYER
        for part, text in parts.items():
            page = page.replace(part, text)
        return page.replace("IMAGES", json.dumps(images))


_PLAYER = """
<div id="NAME" style="display:inline-block; max-width:100%; padding:8px; background:white; color:#222222;
 font:14px sans-serif">
<img alt="ALT" src="FIRST" style="display:block; max-width:100%">
<button type="button" style="width:5em">Play</button>
<label>step <input type="range" min="0" max="LAST" value="0" style="width:20em; vertical-align:middle"></label>
</div>
<script>
(() => {
  const images = IMAGES, box = document.getElementById("NAME");
  const [image, button, slider] = ["img", "button", "input"].map((tag) => box.querySelector(tag));
  const show = () => { image.src = images[slider.value]; };
  let timer = null;
  const stop = () => { clearInterval(timer); timer = null; button.textContent = "Play"; };
  const tick = () => { slider.value++; show(); if (+slider.value === LAST) stop(); };
  slider.oninput = () => { stop(); show(); };
  button.onclick = () => {
    if (timer) { stop(); return; }
    if (+slider.value === LAST) { slider.value = 0; show(); }
    button.textContent = "Pause";
    timer = setInterval(tick, 160);
  };
})();
</script>
"""


def animate_curve(height, path, summits):
    """A ball that climbs a height of one coordinate, one step a frame, with the slope under its feet.

    height: (1,) -> float.  path: (T+1, 1), of which the first 36 finite rows are shown.  summits: (P, 1).
    """
    path = np.asarray(path, dtype=float)
    path = path[np.isfinite(path[:, 0])][:36]  # 36 images are 1.4 MB in the notebook
    walked = np.array([height(x) for x in path])
    first, last = np.clip([path.min() - 1.2, path.max() + 1.2], 0, 10)
    places = np.linspace(first, last, 401)
    levels = np.array([height(np.array([w])) for w in places])
    slopes = np.interp(path[:, 0], places, np.gradient(levels, places))
    with plt.rc_context(STYLE):
        figure, ground, felt = _stage(places, levels, slopes)
        inside = summits[(summits[:, 0] > first) & (summits[:, 0] < last)]
        ground.plot(inside[:, 0], [height(x) for x in inside], "^", ms=10, color=GREEN, mec="white", zorder=3)
        frames = list(_frames(figure, ground, felt, path[:, 0], walked, slopes))
        plt.close(figure)  # else Jupyter would show the last frame a second time
    alt = f"A ball climbs from w = {path[0, 0]:.2f} to {path[-1, 0]:.2f}; a plot beside it shows the slope it feels."
    return Film(alt, frames, path=path, heights=walked, slopes=slopes)


def _stage(places, levels, slopes):
    """What all frames have in common: the curve on the left, the axes for the slopes on the right."""
    figure, (ground, felt) = plt.subplots(1, 2, figsize=(7.5, 3.6), width_ratios=(3, 2))
    figure.subplots_adjust(left=0.06, right=0.98, bottom=0.15, top=0.9, wspace=0.22)  # fixed: nothing may jump
    ground.plot(places, levels, color=INK, lw=2)
    ground.set(xlabel="$w$", ylabel="$f(w)$", yticks=[], xlim=(places[0], places[-1]))
    ground.set_ylim(levels.min() - 0.3 * np.ptp(levels), levels.max() + 0.15 * np.ptp(levels))
    ground.text(0.02, 0.11, "footprints", transform=ground.transAxes, fontsize=9, color=BLUE, va="center")
    felt.axhline(0, color=GREY, lw=1)
    low, high = min(slopes.min(), 0), max(slopes.max(), 0)
    felt.set(title="The slope underfoot", xlabel="step", xlim=(-1, len(slopes)))
    felt.set_ylim(low - 0.08 * (high - low + 1e-9), high + 0.08 * (high - low + 1e-9))
    return figure, ground, felt


def _frames(figure, ground, felt, w, levels, slopes):
    """One PNG image a step."""
    (tangent,) = ground.plot([], [], color=ORANGE, lw=3.5, zorder=4)
    (ball,) = ground.plot([], [], "o", ms=13, mfc=SKY, mec=BLUE, mew=1.8, zorder=5)
    (prints,) = ground.plot([], [], "|", color=BLUE, ms=11, mew=1.2)
    (trace,) = felt.plot([], [], "-", color=ORANGE, lw=2.5)
    (now,) = felt.plot([], [], "o", ms=9, mfc=SKY, mec=BLUE, mew=1.8, zorder=4)
    (left, right), (low, high) = ground.get_xlim(), ground.get_ylim()
    floor, stretch = low + 0.11 * (high - low), 0.7 * (right - left) / (high - low)
    for t, slope in enumerate(slopes):
        reach = 0.1 * (right - left) / np.hypot(1, stretch * slope)  # as long on the page at any slope
        tangent.set_data([w[t] - reach, w[t] + reach], [levels[t] - slope * reach, levels[t] + slope * reach])
        ball.set_data([w[t]], [levels[t]])
        prints.set_data(w[: t + 1], np.full(t + 1, floor))
        trace.set_data(range(t + 1), slopes[: t + 1])
        now.set_data([t], [slope])
        ground.set_title(f"Step {t}: $w = {w[t]:.2f}$, slope ${slope:+.2f}$")
        image = io.BytesIO()
        figure.savefig(image, format="png", dpi=86)
        yield image.getvalue()


def draw_contours(height, path, arrows=()):
    """A path over a height of two coordinates, seen from above, and arrows at PLACES.

    height: (2,) -> float.  path: (T+1, 2).  arrows: (35, 2), a direction for each row of PLACES.
    """
    path, arrows = np.reshape(np.asarray(path, dtype=float), (-1, 2)), np.asarray(arrows, dtype=float)
    x0, x1 = np.linspace(-2.8, 2.8, 141), np.linspace(-1.9, 2.1, 101)
    levels = np.array([[height(np.array([a, b])) for a in x0] for b in x1])
    with plt.rc_context(STYLE):
        figure, axis = plt.subplots(figsize=(7.5, 5.2), layout="constrained")
        shades = axis.contourf(x0, x1, levels, 14, cmap="cividis", alpha=0.75)
        axis.contour(x0, x1, levels, 14, colors="white", linewidths=0.7)
        axis.plot(path[:, 0], path[:, 1], "-", color="white", lw=4.5, zorder=3)
        axis.plot(path[:, 0], path[:, 1], "-o", color=RED, lw=2, ms=3.5, zorder=4)
        axis.plot(*path[:1].T, "o", ms=11, mfc="white", mec=BLACK, mew=1.6, zorder=5, label="start")
        axis.plot(*path[-1:].T, "*", ms=17, mfc="white", mec=BLACK, mew=1.4, zorder=6, label="end")
        if arrows.shape == PLACES.shape:  # else they are not one direction a place
            axis.quiver(*PLACES.T, *arrows.T, angles="xy", scale_units="xy", scale=3, width=0.004, color=BLACK)
        axis.set(title="One climb, seen from above", xlabel="$x_0$", ylabel="$x_1$", aspect="equal")
        axis.set(xlim=(x0[0], x0[-1]), ylim=(x1[0], x1[-1]))
        axis.legend(loc="upper right", frameon=True, framealpha=0.9, edgecolor="none")
        figure.colorbar(shades, ax=axis, label="height $f(x)$", shrink=0.85)
    heights = np.array([height(x) for x in path])
    words = f"{_climb_in_words(path, heights)} {_arrows_in_words(height, arrows)}"
    return Drawn(path=path, heights=heights).in_words(figure, words)


def _climb_in_words(path, heights):
    """Where a path begins and ends, and whether it ever falls."""
    if not np.isfinite(path).all() or not len(path):
        return "The path is empty, or some of its places are not numbers, so it is not drawn in full."
    begins, ends = (f"({path[t, 0]:.2f}, {path[t, 1]:.2f}), at height {heights[t]:.2f}" for t in (0, -1))
    falls = int(np.sum(np.diff(heights) < -1e-12))
    return f"A path of {len(path) - 1} steps from {begins}, to {ends}. {falls} of the steps lead down."


def _arrows_in_words(height, arrows):
    """How far the arrows point off the steepest way up, measured with two feet 2e-4 apart."""
    if arrows.shape != PLACES.shape:
        return "There are no arrows: expected one direction for each of the 35 places."
    feet = 1e-4 * np.eye(2)
    slopes = np.array([[height(x + foot) - height(x - foot) for foot in feet] for x in PLACES])
    sizes = np.linalg.norm(slopes, axis=1) * np.linalg.norm(arrows, axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        angles = np.degrees(np.arccos(np.clip(np.sum(slopes * arrows, axis=1) / sizes, -1, 1)))
    lengths = np.linalg.norm(arrows, axis=1)
    if not np.isfinite(angles).all():
        return f"{int(np.sum(np.isfinite(angles)))} of the 35 arrows have a direction."
    equal = np.ptp(lengths) <= 1e-6 * lengths.max()
    long = f"all {lengths[0]:.2g} long" if equal else f"{lengths.min():.2g} to {lengths.max():.2g} long"
    return f"35 arrows, {long}, at most {angles.max():.0f} degrees off the steepest way up."


def draw_rates(height, paths):
    """Height against step for several climbs to a top of height 0. paths: label -> (T+1, d)."""
    heights = {label: np.array([height(x) for x in np.asarray(path)]) for label, path in paths.items()}
    with plt.rc_context(STYLE):
        figure, axis = plt.subplots(figsize=(7.5, 4.2), layout="constrained")
        for (label, walked), colour, marker in zip(heights.items(), (BLUE, GREEN, RED), MARKERS, strict=False):
            below = np.maximum(-walked, 1e-12)
            axis.plot(below, color=colour, lw=2, marker=marker, ms=4.5, markevery=5, label=label)
        axis.set_yscale("log")
        axis.set_ylim(1e4, 1e-12)  # upside down: towards the top is up
        ticks = [1e4, 1, 1e-4, 1e-8, 1e-12]
        axis.set_yticks(ticks, ["$-10^{4}$", "$-1$", "$-10^{-4}$", "$-10^{-8}$", "top"])
        axis.minorticks_off()
        axis.grid(axis="y", color="#DDDDDD", lw=0.8)
        axis.set(title="Three learning rates on one dome", xlabel="step", ylabel="height (the top is 0)")
        axis.legend(title="learning rate")
    words = " ".join(f"{label}: {_heights_in_words(walked)}." for label, walked in heights.items())
    return Drawn(heights).in_words(figure, words)


def _heights_in_words(walked):
    """The first and the last height of a climb, and the step at which it is highest."""
    if not len(walked) or not np.isfinite(walked).any():
        return "no height is a number"
    if np.all(walked == walked[0]):
        return f"stays at height {walked[0]:.2g} for all {len(walked) - 1} steps"
    best = int(np.nanargmax(walked))
    ways = f"from height {walked[0]:.2g} to {walked[-1]:.2g} in {len(walked) - 1} steps"
    if best == 0:
        return f"{ways}, never above its start"
    return ways if best == len(walked) - 1 else f"{ways}; it was highest after step {best}, {walked[best]:.2g}"


def draw_basins(height, starts, labels, peaks):
    """A height of one coordinate, and a strip that colours each start by the peak its climb reached.

    height: (1,) -> float.  starts: (M, 1), in rising order.  labels: (M,) rows of peaks.  peaks: (P, 1).
    """
    starts, peaks = np.asarray(starts, dtype=float), np.asarray(peaks, dtype=float)
    labels = np.asarray(labels)
    places = np.linspace(0, 10, 501)
    levels = np.array([height(np.array([w])) for w in places])
    with plt.rc_context(STYLE):
        _, (curve, strip) = plt.subplots(
            2, 1, figsize=(7.5, 4.2), sharex=True, height_ratios=(5, 1), layout="constrained"
        )
        curve.plot(places, levels, color=INK, lw=2)
        half = np.diff(starts[:, 0]).mean() / 2
        for k, peak in enumerate(peaks):
            colour, mark = COLOURS[k % len(COLOURS)], MARKERS[k % len(MARKERS)]
            curve.plot(peak[0], height(peak), mark, ms=12, color=colour, mec="white", mew=1.4, zorder=4)
            mine = starts[labels == k, 0]
            strip.bar(mine, 1, width=2 * half, color=colour, lw=0)
            if mine.size:
                middle = float(np.median(mine))
                strip.plot(middle, 0.5, mark, ms=9, color="white", zorder=4)
                share = 100 * mine.size / len(starts)
                strip.text(middle, -0.2, f"{share:.0f} %", ha="center", va="top", fontsize=9)
        for border in (starts[:-1, 0] + half)[np.diff(labels) != 0]:
            for axis in (curve, strip):
                axis.axvline(border, color=GREY, lw=1, ls=(0, (4, 3)), zorder=1)
        curve.margins(x=0.01, y=0.12)
        curve.set_yticks([])
        curve.set(title="Where you start decides where you stop", ylabel="$f(w)$")
        strip.set(yticks=[], ylim=(0, 1), xlabel="start $w$", ylabel="reached")
        strip.tick_params(axis="x", pad=16)
        strip.spines[["left", "bottom"]].set_visible(False)
    return Drawn(starts=starts, labels=labels, peaks=peaks)
