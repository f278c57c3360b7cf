"""Compares a drawing with the expectation of a check: equal if it looks equal, however it was drawn.

Each comparison returns the first difference, as a place in DIFFERENCES; None without one. Only these words reach a
student: a number or a text of the drawing could carry a hidden input out (see failing.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.authoring.bar_likeness import bars_differ, histograms_differ, pies_differ
from autograder.authoring.plot_parts import BarChart, Drawn, Histogram, Line, Pie, Points, field_kinds
from autograder.authoring.plot_reading import tick_names
from autograder.authoring.plot_words import (
    are_texts,
    as_numbers,
    is_log,
    same_color,
    same_numbers,
    same_style,
    same_text,
    same_texts,
)
from autograder.authoring.plots import PlotAxes


@dataclass(frozen=True, slots=True)
class Curve:
    """An expected line along y = function(x), at any x of the student's. function takes an array.

    between: the first and the last x.  points: at least so many, each at another x.

    Example: `Curve(lambda x: x**2, between=(0, 2), points=20)`.
    """

    function: Callable[[np.ndarray], Any]
    between: tuple[float, float] | None = None
    points: int = 2
    label: Any = None
    color: Any = None
    style: Any = None
    width: Any = None
    marker: Any = None


@dataclass(frozen=True, slots=True)
class StraightLine:
    """An expected straight line over the width (y) or the height (x) of the axes: axhline, hlines or a plain line.

    Example: `StraightLine(y=0)` for `axhline(0)`.
    """

    y: Any = None
    x: Any = None
    label: Any = None
    color: Any = None
    style: Any = None


# The differences, from the most general to those that say most: (words, hint).
DIFFERENCES: Mapping[str, tuple[str, str]] = {
    "length": ("has another number of points or entries", ""),
    "names": ("stands at other categories", "compare the texts below the ticks"),
    "x": ("has other x values", ""),
    "values": ("shows other values", ""),
    "curve": ("leaves the expected curve", ""),
    "range": ("covers another range of x", ""),
    "swapped": ("has x and y in each other's place", ""),
    "order": ("goes through its points in another order", "sort by x before you plot"),
    "log": ("shows the logarithm of the values", "plot the values, and make the scale logarithmic"),
    "gaps": ("has gaps at other places", "NaN makes a gap; a value that is dropped makes none"),
    "direction": ("lies where it should stand, or stands where it should lie", ""),
    "look": ("has another colour, style or marker", ""),
    "label": ("has another label, or none", 'give label="…" and call legend()'),
}
_ORDER = list(DIFFERENCES)
_LOOKS = {"color", "style", "marker", "width", "colors", "cmap", "sizes", "filled", "wires"}
_WORDS = {"label": "label", "horizontal": "direction"}  # of other fields


def rank(difference: str) -> int:
    """How far a comparison came: the nearest candidate has the highest rank."""
    return _ORDER.index(difference)


def difference(wanted: Any, drawn: Drawn, axes: PlotAxes, rtol: float) -> str | None:
    """The first difference between an expectation and something drawn, out of DIFFERENCES."""
    special = _SPECIAL.get(type(wanted))
    data = special(wanted, drawn, axes, rtol) if special else None
    done = _DONE.get(type(wanted), frozenset())
    return data or _in_fields(wanted, drawn, rtol, done)


def _in_fields(wanted: Any, drawn: Drawn, rtol: float, done: frozenset[str]) -> str | None:
    """Compare the other fields that the author gives."""
    differences = []
    for name, kind in field_kinds(type(drawn)).items():
        expected = getattr(wanted, name, None)
        if expected is not None and name not in done and not _same(kind, name, expected, getattr(drawn, name), rtol):
            differences.append("look" if name in _LOOKS else _WORDS.get(name, "values"))
    return min(differences, key=rank, default=None)


def _same(kind: str, name: str, wanted: Any, drawn: Any, rtol: float) -> bool:
    if drawn is None:
        return False
    match kind:
        case "Words":
            return same_style(wanted, drawn) if name in {"style", "marker"} else same_text(wanted, drawn)
        case "Colour":
            return same_color(wanted, drawn)
        case "Flag":
            return bool(wanted == drawn)
        case "Texts":
            return same_texts(wanted, drawn)
    return same_numbers(wanted, np.asarray(drawn), rtol)


def _line(wanted: Line, drawn: Line, axes: PlotAxes, rtol: float) -> str | None:
    """The points in order, from either end. NaN at the ends draws nothing, and two NaN are one gap."""
    if wanted.x is None or wanted.y is None:
        return _alone(wanted, drawn, rtol)
    if are_texts(wanted.x):
        names = tick_names(drawn.x, axes.xticks, axes.xticklabels)
        return (None if same_texts(wanted.x, names) else "names") or _alone(Line(y=wanted.y), drawn, rtol)
    right = _trimmed(as_numbers(wanted.x), as_numbers(wanted.y))
    line = _trimmed(drawn.x, drawn.y)
    return min((_of_curve(right, line, rtol), _of_curve(right, line[:, ::-1], rtol)), key=_closeness)


def _alone(wanted: Line | Points, drawn: Line | Points, rtol: float) -> str | None:
    """Only x or only y is given."""
    for name, word in (("x", "x"), ("y", "values")):
        given = getattr(wanted, name)
        if given is not None and not same_numbers(given, getattr(drawn, name), rtol):
            return word if len(as_numbers(given)) == len(getattr(drawn, name)) else "length"
    return None


def _closeness(difference: str | None) -> int:
    return -len(_ORDER) if difference is None else -rank(difference)


def _trimmed(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """(2, n): the points, with one NaN for each gap."""
    points = np.stack([x, y]) if x.shape == y.shape else np.full((2, 0), np.nan)
    gap = np.isnan(points).any(axis=0)
    points[:, gap] = np.nan
    keep = ~gap | ~np.concatenate([[True], gap[:-1]])
    points = points[:, keep]
    return points[:, :-1] if points.shape[1] and np.isnan(points[0, -1]) else points


def _of_curve(right: np.ndarray, line: np.ndarray, rtol: float) -> str | None:
    for rows, verdict in ((right, None), (right[::-1], "swapped")):
        if same_numbers(rows[0], line[0], rtol) and same_numbers(rows[1], line[1], rtol):
            return verdict
    gaps = [np.isnan(part[0]) for part in (right, line)]
    if not np.array_equal(*gaps) and same_numbers(right[:, ~gaps[0]][1], line[:, ~gaps[1]][1], rtol):
        return "gaps"
    if right.shape != line.shape:
        return "length"
    if not same_numbers(right[0], line[0], rtol):
        return "order" if _same_set(right, line, rtol) else "x"
    return "log" if is_log(right[1], line[1], rtol) else "values"


def _same_set(right: np.ndarray, points: np.ndarray, rtol: float) -> bool:
    """Whether two lists of points hold the same ones, in any order."""
    if right.shape != points.shape:
        return False
    # Sorted by x, points of one x could change places when x has a rounding error. No two points share this key.
    keys = [each[0] + np.ptp(right[0]) / (np.ptp(right[1]) or 1) * 0.618034 * each[1] for each in (right, points)]
    aligned = [each[:, np.argsort(key)] for each, key in zip((right, points), keys, strict=True)]
    return all(same_numbers(one, other, rtol) for one, other in zip(*aligned, strict=True))


def _points(wanted: Points, drawn: Points | Line, axes: PlotAxes, rtol: float) -> str | None:
    """The same points in any order."""
    if wanted.x is None or wanted.y is None:
        return _alone(wanted, drawn, rtol)
    x = drawn.x
    if are_texts(wanted.x):
        names = tick_names(drawn.x, axes.xticks, axes.xticklabels)
        if sorted(map(str.casefold, names)) != sorted(str(name).casefold() for name in wanted.x):
            return "names"
        places = {name.casefold(): place for name, place in zip(names, drawn.x, strict=True)}
        right = np.stack([np.array([places[str(name).casefold()] for name in wanted.x]), as_numbers(wanted.y)])
    else:
        right = np.stack([as_numbers(wanted.x), as_numbers(wanted.y)])
    right, points = _whole(right), _whole(np.stack([x, drawn.y]))
    if _same_set(right, points, rtol):
        return None
    if right.shape != points.shape:
        return "length"
    if _same_set(right[::-1], points, rtol):
        return "swapped"
    return "values" if same_numbers(np.sort(right[0]), np.sort(points[0]), rtol) else "x"


def _whole(points: np.ndarray) -> np.ndarray:
    return points[:, ~np.isnan(points).any(axis=0)]


def _curve(wanted: Curve, drawn: Line, axes: PlotAxes, rtol: float) -> str | None:  # noqa: ARG001
    finite = np.isfinite(drawn.x) & np.isfinite(drawn.y)
    x, y = drawn.x[finite], drawn.y[finite]
    if len(np.unique(x)) < max(wanted.points, 2):  # NaN and repeated points could stand for any curve
        return "length"
    if wanted.between and not same_numbers(wanted.between, np.array([x.min(), x.max()]), max(rtol, 1e-3)):
        return "range"
    right = np.broadcast_to(np.asarray(wanted.function(x), dtype=np.float64), y.shape)
    if same_numbers(right, y, rtol):
        return None
    return "log" if is_log(right, y, rtol) else "curve"


def _rule(wanted: StraightLine, drawn: Line, axes: PlotAxes, rtol: float) -> str | None:
    """A line at one y, from edge to edge of the axes; or at one x."""
    along, place, limits = (drawn.x, drawn.y, axes.xlim) if wanted.y is not None else (drawn.y, drawn.x, axes.ylim)
    at = as_numbers(wanted.y if wanted.y is not None else wanted.x)
    scale = max(abs(float(at)), float(np.ptp(axes.ylim if wanted.y is not None else axes.xlim)))
    if not np.all(np.abs(place - at) <= rtol * scale):
        return "values"
    return None if np.ptp(along) >= 0.5 * np.ptp(limits) else "range"


_SPECIAL: Mapping[type, Callable[[Any, Any, PlotAxes, float], str | None]] = {
    Line: _line, Points: _points, Curve: _curve, StraightLine: _rule,
    BarChart: bars_differ, Pie: pies_differ, Histogram: histograms_differ,
}  # fmt: skip
_DONE: Mapping[type, frozenset[str]] = {
    Line: frozenset({"x", "y"}), Points: frozenset({"x", "y"}), BarChart: frozenset({"names", "heights"}),
    Pie: frozenset({"names", "shares"}), Histogram: frozenset({"edges", "counts"}), StraightLine: frozenset({"x", "y"}),
}  # fmt: skip
