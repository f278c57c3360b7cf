"""From a picture's numbers to what a template can draw: shapes in a box 400 wide, words, and a table of the numbers.

Nothing here decides anything about a mark. All text is the author's or made of numbers; the template escapes it anyway.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograder.authoring.pictures import Bars, Curves, Ground, HeatMap, Network, Pair, Paths, Picture, Row
from autograder.reports.scales import Axis, around, count_text, number_text

WIDTH = 400
_LEVELS = 11  # contour lines
_FINER = 4  # times the ground's grid: then lines look smooth
_SHADES = ((0.01, 1), (0.1, 2), (0.5, 3), (math.inf, 4))  # of errors, relative to the largest entry


@dataclass(frozen=True, slots=True)
class Table:
    """The numbers behind a picture."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class View:
    """A picture ready to be drawn. says: what there is to see, for everyone.  data: what its template needs."""

    picture: Picture
    kind: str
    says: str
    table: Table
    data: dict[str, Any] = field(default_factory=dict)


def view_of(picture: Picture) -> View:
    """What the template draws for it; `none` where there is no drawing."""
    match picture.drawing:
        case Paths():
            return View(picture, "paths", _paths_say(picture.drawing.path), *_paths(picture.drawing))
        case Curves():
            return View(picture, "curves", _curves_say(picture.drawing.curve), *_curves(picture.drawing))
        case HeatMap():
            return View(
                picture,
                "heatmap",
                _heat_says(picture.drawing.blocks, picture.drawing.undrawn),
                *_heat_map(picture.drawing),
            )
        case Network():
            return View(picture, "network", _network_says(picture.drawing), *_network(picture.drawing))
        case Bars():
            return View(picture, "bars", _bars_say(picture.drawing), *_bars(picture.drawing))
    return View(picture, "none", picture.why, Table((), ()))


# --- Walks and curves -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """A polyline that begins anew after what is no number. bits: its parts.  dots: every place that is inside.

    first, last: the ends, if they are inside.  missing: how many places cannot be drawn or lie outside.
    """

    bits: tuple[str, ...]
    dots: tuple[tuple[float, float], ...]
    first: tuple[float, float] | None
    last: tuple[float, float] | None
    missing: int


def _line(x: Row, y: Row, across: Axis, up: Axis) -> Line:
    places = [(a, b) if math.isfinite(a) and math.isfinite(b) else None for a, b in zip(x, y, strict=True)]
    drawn = [p and (across(p[0]), up(p[1])) for p in places]
    inside = [q if p and across.holds(p[0]) and up.holds(p[1]) else None for p, q in zip(places, drawn, strict=True)]
    runs = [list(run) for there, run in itertools.groupby(drawn, bool) if there]
    bits = tuple(" ".join(f"{p[0]:g},{p[1]:g}" for p in run if p) for run in runs if len(run) > 1)
    dots = tuple(q for q in inside if q)
    ends = (inside[0], inside[-1]) if inside else (None, None)
    return Line(bits, dots, *ends, len(inside) - len(dots))


def _paths(drawing: Paths) -> tuple[Table, dict[str, Any]]:
    ground, path = drawing.ground, drawing.path
    height = round((WIDTH - 48) * (ground.y[1] - ground.y[0]) / (ground.x[1] - ground.x[0])) + 44
    across, up = Axis(*ground.x, 40, WIDTH - 8), Axis(*ground.y, height - 36, 8)
    data = {
        "height": height,
        "across": across,
        "up": up,
        "contours": _contours(ground, across, up),
        "yours": _line(path.yours[0], path.yours[1], across, up),
        "reference": _line(path.reference[0], path.reference[1], across, up),
        "drawing": drawing,
    }
    named = (drawing.x_label, drawing.y_label)
    columns = [*path.yours, *path.reference]
    head = ("step", *(f"yours {n}" for n in named), *(f"reference {n}" for n in named))
    return _by_step(head, columns), data


def _curves(drawing: Curves) -> tuple[Table, dict[str, Any]]:
    yours, right = drawing.curve.yours[0], drawing.curve.reference[0]
    height = 250
    across = Axis(0, max(len(yours), len(right), 2) - 1, 48, WIDTH - 12)
    up = around(right, yours, height - 36, 10)
    data = {
        "height": height,
        "across": across,
        "up": up,
        "yours": _line(tuple(map(float, range(len(yours)))), yours, across, up),
        "reference": _line(tuple(map(float, range(len(right)))), right, across, up),
        "drawing": drawing,
    }
    named = drawing.curve.name
    return _by_step((drawing.x_label, f"yours: {named}", f"reference: {named}"), [yours, right]), data


def _by_step(head: tuple[str, ...], columns: Sequence[Row]) -> Table:
    rows = itertools.zip_longest(*columns)
    return Table(
        head, tuple((str(t), *("–" if v is None else number_text(v, 4) for v in row)) for t, row in enumerate(rows))
    )


@functools.lru_cache(maxsize=16)
def _contours(ground: Ground, across: Axis, up: Axis) -> tuple[str, ...]:
    """One path a level, the lowest first: all that is at least so high."""
    from contourpy import FillType, contour_generator

    coarse = np.array(ground.heights)
    z = _finer(coarse.shape[0]) @ coarse @ _finer(coarse.shape[1]).T
    x, y = np.linspace(across.start, across.end, z.shape[1]), np.linspace(up.start, up.end, z.shape[0])
    generator = contour_generator(x, y, z, fill_type=FillType.OuterOffset)
    levels = np.linspace(z.min(), z.max(), _LEVELS + 2)[1:-1]
    return tuple(_outlines(*generator.filled(level, z.max() + 1)) for level in levels)


def _outlines(points: list[np.ndarray], offsets: list[np.ndarray]) -> str:
    rings = (p[a:b] for p, ends in zip(points, offsets, strict=True) for a, b in itertools.pairwise(ends.tolist()))
    return "".join("M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in ring[:-1]) + "Z" for ring in rings)


def _finer(n: int) -> np.ndarray:
    """(m, n): values at m places between n even ones, by Catmull and Rom's cubic; at the rim, the next value again."""
    t = np.arange(_FINER * (n - 1) + 1) / _FINER
    left = np.minimum(t.astype(int), n - 2)
    s = t - left
    weights = (-s + 2 * s**2 - s**3, 2 - 5 * s**2 + 3 * s**3, s + 4 * s**2 - 3 * s**3, -(s**2) + s**3)
    matrix = np.zeros((len(t), n))
    for shift, weight in zip((-1, 0, 1, 2), weights, strict=True):
        np.add.at(matrix, (np.arange(len(t)), np.clip(left + shift, 0, n - 1)), weight / 2)
    return matrix


def _paths_say(path: Pair) -> str:
    if path.agrees:
        return f"Your path is the reference's: {len(path.yours[0]) - 1} steps, to {_place(path.reference)}."
    return f"{_parting(path)} Yours ends at {_place(path.yours)}, the reference's at {_place(path.reference)}."


def _curves_say(curve: Pair) -> str:
    if curve.agrees:
        return f"Your curve is the reference's, and ends at {number_text(curve.reference[0][-1])}."
    ends = (number_text(rows[0][-1]) if rows[0] else "nothing" for rows in (curve.yours, curve.reference))
    return "{} Yours ends at {}, the reference's at {}.".format(_parting(curve), *ends)


def _place(rows: Sequence[Row]) -> str:
    return f"({', '.join(number_text(row[-1]) for row in rows)})" if rows[0] else "no place at all"


def _parting(pair: Pair) -> str:
    """Where two walks of rows part, and whether one of them is longer."""
    steps = zip(zip(*pair.yours, strict=True), zip(*pair.reference, strict=True), strict=False)
    size = max(abs(v) for row in pair.reference for v in row)
    parted = (
        t for t, (a, b) in enumerate(steps) if any(not abs(v - w) <= 1e-5 * size for v, w in zip(a, b, strict=True))
    )
    t = next(parted, None)
    own, right = len(pair.yours[0]), len(pair.reference[0])
    longer = f"Yours has {own} places, the reference's {right}. " if own != right else ""
    if t is None:
        return f"{longer}As far as both go they are the same."
    return f"{longer}They part at step {t}." if t else f"{longer}They differ from the first place on."


# --- Arrays, networks and amounts -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Entry:
    """One number beside its reference. level: 0 right, 1 to 4 wrong by ever more, 5 for what is no number."""

    yours: str
    reference: str
    error: str
    level: int

    @property
    def right(self) -> bool:
        """Whether it agrees."""
        return self.level == 0


Entries = tuple[tuple[Entry, ...], ...]


def _entries(pair: Pair) -> Entries:
    largest = max((abs(v) for row in pair.reference for v in row), default=0.0) or 1.0
    return tuple(
        tuple(_entry(a, b, largest) for a, b in zip(own, right, strict=True))
        for own, right in zip(pair.yours, pair.reference, strict=True)
    )


def _entry(yours: float, reference: float, largest: float) -> Entry:
    told = (number_text(yours), number_text(reference))
    if not math.isfinite(yours):
        return Entry(*told, told[0], 5)
    error = abs(yours - reference) / largest
    if error <= 2e-6:  # the numbers are kept to six digits
        return Entry(*told, "", 0)
    level = next(shade for limit, shade in _SHADES if error < limit)
    percent = f"{100 * error:.0f}" if error >= 0.1 else number_text(100 * error, 2)
    return Entry(*told, f"{percent} %" if error < 10 else ">1000 %", level)


def _heat_map(drawing: HeatMap) -> tuple[Table, dict[str, Any]]:
    blocks = [(pair.name, _entries(pair)) for pair in drawing.blocks]
    return _entries_table(blocks), {"blocks": blocks}


def _entries_table(blocks: Sequence[tuple[str, Entries]]) -> Table:
    rows = [
        (f"{name}[{i}, {j}]" if len(entries) > 1 else f"{name}[{j}]", e.yours, e.reference, e.error or "right")
        for name, entries in blocks
        for i, row in enumerate(entries)
        for j, e in enumerate(row)
    ]
    return Table(("entry", "yours", "reference", "error"), tuple(rows))


def _heat_says(blocks: Sequence[Pair], undrawn: Sequence[str] = ()) -> str:
    if not undrawn and all(pair.agrees for pair in blocks):
        return "Every number is right."
    words = []
    for pair in blocks:
        entries = [e for row in _entries(pair) for e in row]
        wrong = sum(not e.right for e in entries)
        words.append(f"{pair.name}: {f'{wrong} of {len(entries)} wrong' if wrong else 'right'}")
    return f"{'; '.join((*words, *undrawn))}."


def _network(drawing: Network) -> tuple[Table, dict[str, Any]]:
    columns = [_entries(pair)[0] for pair in drawing.columns]
    most, n = max(map(len, columns)), len(columns)
    height = 104 * most - 8
    across = [round(40 + (WIDTH - 80) * i / (n - 1), 1) for i in range(n)]
    places = [
        [(x, round(34 + 104 * ((most - len(column)) / 2 + i), 1)) for i in range(len(column))]
        for x, column in zip(across, columns, strict=True)
    ]
    weights = [_entries(pair) for pair in drawing.weights]
    lines = [
        (places[k][i], places[k + 1][j], _between(places[k][i], places[k + 1][j]), entry, width)
        for k, (entries, pair) in enumerate(zip(weights, drawing.weights, strict=True))
        for i, row in enumerate(entries)
        for j, (entry, width) in enumerate(zip(row, _widths(pair)[i], strict=True))
    ]
    circles = [
        (place, entry)
        for where, column in zip(places, columns, strict=True)
        for place, entry in zip(where, column, strict=True)
    ]
    heads = [(x, pair.name) for x, pair in zip(across, drawing.columns, strict=True)]
    named: list[tuple[str, Entries]] = [
        (pair.name, (column,)) for pair, column in zip(drawing.columns, columns, strict=True)
    ]
    named += [(pair.name, entries) for pair, entries in zip(drawing.weights, weights, strict=True)]
    return _entries_table(named), {"height": height, "lines": lines, "circles": circles, "heads": heads}


def _widths(pair: Pair) -> list[list[float]]:
    """How thick each line is: by the size of the student's number, beside the largest of the reference's."""
    largest = max(abs(v) for row in pair.reference for v in row) or 1.0
    return [
        [round(1 + 2.5 * min(1.0, abs(v) / largest), 1) if math.isfinite(v) else 1.0 for v in row] for row in pair.yours
    ]


def _between(start: tuple[float, float], end: tuple[float, float]) -> tuple[float, float]:
    """Where a line's number stands: nearer to its left end, so that those of crossing lines keep apart."""
    return round(start[0] + 0.36 * (end[0] - start[0]), 1), round(start[1] + 0.36 * (end[1] - start[1]), 1)


def _network_says(drawing: Network) -> str:
    return _heat_says([*drawing.columns[1:], *drawing.weights])


def _bars(drawing: Bars) -> tuple[Table, dict[str, Any]]:
    amounts = [(pair.name, pair.yours[0][0], pair.reference[0][0]) for pair in drawing.bars]
    longest = max((v for _, *pair in amounts for v in pair if math.isfinite(v)), default=0.0)
    along = Axis(0, max(longest, 1.0), 8, WIDTH - 92)
    groups = [
        (name, _bar(own, along), count_text(own), _bar(right, along), count_text(right), own == right)
        for name, own, right in amounts
    ]
    rows = tuple((name, count_text(own), count_text(right)) for name, own, right in amounts)
    return Table(("", f"yours: {drawing.unit}", f"formula: {drawing.unit}"), rows), {
        "groups": groups,
        "unit": drawing.unit,
    }


def _bar(amount: float, along: Axis) -> float:
    """Its length, at least one unit, so that a zero can be seen."""
    return max(1.0, round(along(max(0.0, amount)) - along.start, 1)) if math.isfinite(amount) else 1.0


def _bars_say(drawing: Bars) -> str:
    words = (
        f"{p.name}: {count_text(p.yours[0][0])} {drawing.unit}, "
        + ("as the formula says" if p.agrees else f"the formula says {count_text(p.reference[0][0])}")
        for p in drawing.bars
    )
    return f"{'; '.join(words)}."
