"""The ground of the climber's scenes: curves of one coordinate, their slopes, and walks on them.

All numbers that the scenes of assignment 1 show come from here. Standard library only; nothing here draws.
"""

import math
from collections.abc import Callable
from itertools import islice
from typing import NamedTuple

# The range of assignment 1: centre, height and width of each hill. `climbing.mountain` has the same numbers.
HILLS = ((1.4, 1.7, 0.8), (3.6, 2.2, 0.75), (5.7, 3.4, 0.9), (8.0, 1.6, 0.65))
SUMMITS = (1.401, 3.609, 5.699, 7.996)  # where the range is highest near by, to 0.001
LEVEL = 1e-6  # a walk stops where the slope is at most this
MOST_STEPS = 60
MOST_ROWS = 251  # of a path that is drawn


def height(w):
    """The height of the range at w; 0 far away, NaN where w is not a number."""
    return sum(tall * _bell(w, centre, wide) for centre, tall, wide in HILLS)


def slope(w):
    """The derivative of `height` at w."""
    if abs(w) > 1e6:
        return 0.0  # further out infinity times 0 would be NaN
    return sum(-2 * (w - centre) / wide / wide * tall * _bell(w, centre, wide) for centre, tall, wide in HILLS)


def _bell(w, centre, wide):
    far = (w - centre) / wide
    return math.exp(-far * far)  # far * far overflows to infinity; far**2 would raise


def rate_limit(summit):
    """The largest rate with which a walk still settles on this summit: 2 / (its curvature)."""
    step = 1e-4
    return 2 / abs((slope(summit + step) - slope(summit - step)) / (2 * step))


def walk(start, rate, steps=MOST_STEPS, climb=slope):
    """The places of a climb: at most `steps` steps, and none where the ground is level.

    climb: a function of w, the slope to go up. Give minus the derivative of a cost to go down.
    """
    path = [start]
    while len(path) <= steps and abs(climb(path[-1])) > LEVEL:
        path.append(path[-1] + rate * climb(path[-1]))
    return path


def arrived(w):
    """The row of the summit on which a walk that ended at w stands; None if it stands on no summit."""
    return next((row for row, top in enumerate(SUMMITS) if abs(w - top) < 0.05), None)


def numbers(values):
    """The first number of each row of a list or an array; NaN for a row without one; [] for no list."""
    try:
        return [number(value) for value in islice(values, MOST_ROWS)]
    except TypeError:
        return []


def number(value):
    """A number, or the first number of a nested list or array, as a float; NaN for anything else."""
    try:
        for _ in range(3):
            value = value[0] if hasattr(value, "__len__") and not isinstance(value, str) else value
        return float(value)
    except (TypeError, ValueError, LookupError, OverflowError):
        return math.nan


class Curve(NamedTuple):
    """A cost of one coordinate w, its derivative, and the part of it that is drawn.

    name: for a person.  left, right: the drawn part of w.  low, high: the drawn part of the cost.
    """

    name: str
    left: float
    right: float
    low: float
    high: float
    cost: Callable
    slope: Callable


CURVES = {
    "range": Curve("the range, upside down", 0, 10, -3.8, 0.4, lambda w: -height(w), lambda w: -slope(w)),
    "bowl": Curve("w²", -4, 4, -1, 11, lambda w: w * w, lambda w: 2 * w),
    "bump": Curve(
        "w²/(1 + w²)", -4, 4, -0.1, 1.1, lambda w: 1 - 1 / (1 + w * w), lambda w: 2 * (w / (1 + w * w) / (1 + w * w))
    ),
    "vee": Curve("|w|", -4, 4, -0.5, 4.5, abs, lambda w: (w > 0) - (w < 0)),
    "well": Curve("−exp(−w²)", -4, 4, -1.1, 0.1, lambda w: -math.exp(-w * w), lambda w: 2 * w * math.exp(-w * w)),
}
PARTS = 200  # of a rope, at which the graph is compared with it


def highest_above(cost, a, b):
    """(place, gap): where the graph of a cost is highest above its rope from a to b; gap <= 0 if it is nowhere."""
    first, last = cost(a), cost(b)
    parts = [k / PARTS for k in range(1, PARTS)]
    gaps = [(cost(a + t * (b - a)) - (first + t * (last - first)), a + t * (b - a)) for t in parts]
    gap, place = max(gaps)
    return place, gap
