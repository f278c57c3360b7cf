"""Chooses what of a pair of axes can be what a check expects: one drawing can be made in several ways.

Points can be one scatter with a colour for each group, or a scatter for each group; bars of one chart can be drawn one
by one; a line can have markers. So there may be several lists of candidates, and one of them must fit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from autograder.authoring.plot_likeness import StraightLine, difference
from autograder.authoring.plot_parts import (
    Annotation,
    Area,
    Arrows,
    BarChart,
    Box,
    Contours,
    ErrorBars,
    Histogram,
    Image,
    Line,
    Pie,
    Points,
    Segments,
    Span,
    Surface,
)
from autograder.authoring.plots import PlotAxes

_CLASSES: dict[str, type[Any]] = {
    "images": Image, "areas": Area, "errors": ErrorBars, "pies": Pie, "boxes": Box, "contours": Contours,
    "segments": Segments, "spans": Span, "arrows": Arrows, "texts": Annotation, "surfaces": Surface,
}  # fmt: skip
_NO_MARKER = {"None", "none", "", " "}
_MOST_GROUPS = 100  # of colours in one scatter


def candidates(
    name: str, wanted: Sequence[Any] | int, axes: PlotAxes, straight: Sequence[StraightLine], rtol: float
) -> list[list[Any]]:
    """The lists of candidates for an expectation of assert_plot, the plainest first. straight: those expected."""
    alone = wanted == 1 if isinstance(wanted, int) else len(wanted) == 1
    match name:
        case "lines":
            return [_lines(axes, straight, rtol)]
        case "straight":
            return [_straight(axes, () if isinstance(wanted, int) else wanted)]
        case "points":
            return _groups(axes, alone=alone)
        case "bars":
            return _together(list(axes.all(BarChart)), alone=alone)
        case "histograms":
            stairs = list(axes.all(Histogram))
            return [stairs] if stairs else _together(list(axes.all(BarChart)), alone=alone)
    return [list(axes.all(_CLASSES[name]))]


def _lines(axes: PlotAxes, straight: Sequence[StraightLine], rtol: float) -> list[Line]:
    """The lines, without those that go from edge to edge, and without those that are an expected line_."""
    lines = [line for line in axes.all(Line) if not line.straight]
    return [line for line in lines if all(difference(each, line, axes, rtol) for each in straight)]


def _straight(axes: PlotAxes, wanted: Sequence[StraightLine]) -> list[Line]:
    """Lines and pieces along the directions of the expected straight lines."""
    pieces = [
        Line(np.array([x, x_end]), np.array([y, y_end]), label=group.label, color=group.color, style="-")
        for group in axes.all(Segments)
        for x, y, x_end, y_end in zip(group.x[:100], group.y, group.x_end, group.y_end, strict=False)
    ]
    along = {"y" if each.y is not None else "x" for each in wanted}
    return [line for line in (*axes.all(Line), *pieces) if any(len(set(getattr(line, name))) == 1 for name in along)]


def _groups(axes: PlotAxes, *, alone: bool) -> list[list[Points | Line]]:
    """Points as they were drawn, then split by colour, then all of them together."""
    drawn: list[Points | Line] = [
        *axes.all(Points),
        *(line for line in axes.all(Line) if line.marker not in _NO_MARKER),
    ]
    split = [part for group in drawn for part in _by_color(group, axes)]
    variants = [drawn] if len(split) == len(drawn) else [drawn, split]
    if alone and len(drawn) > 1:
        x, y = (np.concatenate([getattr(group, name) for group in drawn]) for name in "xy")
        variants.append([Points(x, y, label="")])
    return variants


def _by_color(group: Points | Line, axes: PlotAxes) -> list[Points | Line]:
    """A scatter whose points have few colours of their own, as one group for each colour."""
    colors = group.colors if isinstance(group, Points) else None
    if colors is None or colors.ndim != 2 or colors.shape != (len(group.x), 4):
        return [group]
    shades, place = np.unique(np.round(colors, 3), axis=0, return_inverse=True)
    if not 1 < len(shades) <= _MOST_GROUPS:
        return [group]
    names = [_legend_text(shade, axes) for shade in shades]
    return [
        Points(group.x[mine], group.y[mine], label=names[i], color=shades[i], marker=group.marker)
        for i in range(len(shades))
        if (mine := place.ravel() == i).any()
    ]


def _legend_text(shade: np.ndarray, axes: PlotAxes) -> str:
    entries = axes.legend or ()
    return next((e.label for e in entries if np.abs(e.color - shade)[:3].max() < 0.004), "")


def _together(groups: list[BarChart], *, alone: bool) -> list[list[BarChart]]:
    """Bar charts as they were drawn; if one is expected, also as one."""
    if not alone or len(groups) < 2:
        return [groups]
    columns = {n: np.concatenate([getattr(g, n) for g in groups]) for n in ("at", "heights", "widths", "bottoms")}
    names = [name for group in groups for name in group.names]
    return [groups, [replace(groups[0], names=names, label="", **columns)]]
