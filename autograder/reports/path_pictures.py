"""Pictures of paths over a landscape, from above or as a curve over the steps: shapes in a box 400 wide."""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from autograder.authoring.drawing_parts import Pair, Row
from autograder.authoring.drawings import Curves, Ground, Paths
from autograder.reports.scales import WIDTH, Axis, Drawn, Table, around, number_text

_LEVELS = 11  # contour lines
_FINER = 4  # times as fine as the ground's grid, so that lines look smooth


@dataclass(frozen=True, slots=True)
class Polyline:
    """A line through places. It is interrupted where a place is not a number.

    bits: the parts of the line.  dots: every place inside the picture.  first, last: the ends, if they are inside.
    missing: how many places cannot be drawn or lie outside.
    """

    bits: tuple[str, ...]
    dots: tuple[tuple[float, float], ...]
    first: tuple[float, float] | None
    last: tuple[float, float] | None
    missing: int


def _line(x: Row, y: Row, across: Axis, up: Axis) -> Polyline:
    places = [(a, b) if math.isfinite(a) and math.isfinite(b) else None for a, b in zip(x, y, strict=True)]
    drawn = [p and (across(p[0]), up(p[1])) for p in places]
    inside = [q if p and across.holds(p[0]) and up.holds(p[1]) else None for p, q in zip(places, drawn, strict=True)]
    runs = [list(run) for visible, run in itertools.groupby(drawn, bool) if visible]
    bits = tuple(" ".join(f"{p[0]:g},{p[1]:g}" for p in run if p) for run in runs if len(run) > 1)
    dots = tuple(q for q in inside if q)
    ends = (inside[0], inside[-1]) if inside else (None, None)
    return Polyline(bits, dots, *ends, len(inside) - len(dots))


def paths(drawing: Paths) -> Drawn:
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
    return _path_words(path), _by_step(head, columns), data


def curves(drawing: Curves) -> Drawn:
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
    table = _by_step((drawing.x_label, f"yours: {named}", f"reference: {named}"), [yours, right])
    return _curve_words(drawing.curve), table, data


def _by_step(head: tuple[str, ...], columns: Sequence[Row]) -> Table:
    rows = itertools.zip_longest(*columns)
    return Table(
        head, tuple((str(t), *("–" if v is None else number_text(v, 4) for v in row)) for t, row in enumerate(rows))
    )


@functools.lru_cache(maxsize=16)
def _contours(ground: Ground, across: Axis, up: Axis) -> tuple[str, ...]:
    """One path for each level, the lowest first: the area that is at least so high."""
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


def _path_words(path: Pair) -> str:
    if path.agrees:
        return f"Your path is the reference's: {len(path.yours[0]) - 1} steps, to {_place(path.reference)}."
    return f"{_parting(path)} Yours ends at {_place(path.yours)}, the reference's at {_place(path.reference)}."


def _curve_words(curve: Pair) -> str:
    if curve.agrees:
        return f"Your curve is the reference's, and ends at {number_text(curve.reference[0][-1])}."
    ends = (number_text(rows[0][-1]) if rows[0] else "nothing" for rows in (curve.yours, curve.reference))
    return "{} Yours ends at {}, the reference's at {}.".format(_parting(curve), *ends)


def _place(rows: Sequence[Row]) -> str:
    return f"({', '.join(number_text(row[-1]) for row in rows)})" if rows[0] else "no place at all"


def _parting(pair: Pair) -> str:
    """The step at which two paths differ for the first time, and whether one of them is longer."""
    steps = zip(zip(*pair.yours, strict=True), zip(*pair.reference, strict=True), strict=False)
    size = max(abs(v) for row in pair.reference for v in row)
    parted = (
        t for t, (a, b) in enumerate(steps) if any(not abs(v - w) <= 1e-5 * size for v, w in zip(a, b, strict=True))
    )
    t = next(parted, None)
    yours, reference = len(pair.yours[0]), len(pair.reference[0])
    longer = f"Yours has {yours} places, the reference's {reference}. " if yours != reference else ""
    if t is None:
        return f"{longer}As far as both go they are the same."
    return f"{longer}They part at step {t}." if t else f"{longer}They differ from the first place on."
