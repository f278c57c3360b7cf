"""Landscapes to climb on, and the figures of assignment 1. NumPy and Matplotlib; nothing here climbs.

A landscape is a height: a function that takes a point x of shape (d,) and returns one number. Slopes and
paths come from the functions you write. Every `draw_…` function returns what it has drawn.
Shapes and labels repeat what colours say.
"""

import matplotlib.pyplot as plt
import numpy as np

try:
    from drawn import BLACK, BLUE, GREEN, PALE, RED, STYLE, Drawn  # the file beside this one
except ModuleNotFoundError:  # in the course's own repository
    from .drawn import BLACK, BLUE, GREEN, PALE, RED, STYLE, Drawn

MARKERS = ("o", "s", "^")


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
        axis.grid(axis="y", color=PALE, lw=0.8)
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
