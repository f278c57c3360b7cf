"""Reads lines, points, bars and error bars as plain values, and finds the parts of axes that belong together.

A container of matplotlib knows which lines and patches make one bar chart or one set of error bars. shapes.py reads
areas, images, boxes and everything else that is no line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from . import boxes, shapes
from .drawn_values import Room, color, days_of_periods, first_color, label, text

Part = tuple[Callable[[Any, Any, Room], dict[str, Any] | None], Any]


def parts_of(axes: Any) -> list[Part]:
    """The parts of a pair of axes, each with the function that reads it, in the order of drawing."""
    used: set[int] = set()
    parts: list[Part] = []
    for container in axes.containers:
        kind = type(container).__name__
        if kind == "BarContainer":
            parts.append((_bars, container))
            used |= {id(patch) for patch in container.patches}
        elif kind in {"ErrorbarContainer", "StemContainer"}:
            parts += [(_errors, container)] if kind == "ErrorbarContainer" else []
            used |= {id(part) for part in _helping(container)}
    drawn_boxes = boxes.boxes_of(axes)
    used |= {id(part) for box in drawn_boxes for part in box.parts}
    parts += [(_box, box) for box in drawn_boxes]
    names = {id(c.lines[0]): label(c) for c in axes.containers if _has_line(c)}
    parts += [(_named(names), line) for line in axes.lines if id(line) not in used and line.get_visible()]
    wedges = [patch for patch in axes.patches if type(patch).__name__ == "Wedge"]
    parts += [(shapes.pie, wedges)] if wedges else []
    others = [*axes.patches, *axes.collections, *axes.images, *axes.texts]
    return parts + [
        (reader, one) for one in others if id(one) not in used and one.get_visible() and (reader := _reader(one))
    ]


def _has_line(container: Any) -> bool:
    return type(container).__name__ == "ErrorbarContainer" and container.lines[0] is not None


def _helping(container: Any) -> Iterator[Any]:
    """The lines of error bars and stems that are no data: caps, stems, and the line at the bottom."""
    if type(container).__name__ == "StemContainer":
        yield from (container.stemlines, container.baseline)
    else:
        _, caps, bars = container.lines
        yield from (*caps, *bars)


def _reader(artist: Any) -> Callable[[Any, Any, Room], dict[str, Any] | None] | None:
    names = [kind.__name__ for kind in type(artist).__mro__]
    return next((shapes.READERS[name] for name in names if name in shapes.READERS), None)


def _named(names: dict[int, str]) -> Callable[[Any, Any, Room], dict[str, Any] | None]:
    def reader(axes: Any, line: Any, room: Room) -> dict[str, Any] | None:
        return _line(axes, line, room, names.get(id(line), ""))

    return reader


def _line(axes: Any, line: Any, room: Room, name: str) -> dict[str, Any] | None:
    """A Line2D: a line if it has a style, else points. seaborn draws empty ones for its legend."""
    z = room.numbers(line.get_data_3d()[2]) if hasattr(line, "get_data_3d") else None
    xy = line.get_data_3d()[:2] if z is not None else _in_data(axes, line)
    x, y = room.numbers(xy[0]), room.numbers(xy[1])
    if not x.size:
        return None
    x = days_of_periods(axes, x)
    shared = {"x": x, "y": y, "z": z, "label": label(line) or name, "marker": text(line.get_marker())}
    if line.get_linestyle() in {"None", "none", "", " "}:
        shade = color(line.get_markerfacecolor(), line.get_alpha())
        return {"kind": "points", **shared, **_markers(line, shade, len(x))}
    shade = color(line.get_color(), line.get_alpha())
    style = {"style": text(line.get_linestyle()), "width": float(line.get_linewidth())}
    return {"kind": "line", **shared, **style, "color": shade, "straight": _is_straight(axes, line)}


def _in_data(axes: Any, line: Any) -> tuple[Any, Any]:
    """X and y in the units of the axes. axhline, for example, counts its x from 0 to 1 over the width."""
    if line.get_transform() == axes.transData:
        return line.get_xdata(orig=False), line.get_ydata(orig=False)
    points = (line.get_transform() - axes.transData).transform(line.get_xydata())
    return points[:, 0], points[:, 1]


def _is_straight(axes: Any, line: Any) -> bool:
    """Whether it goes from edge to edge, such as axhline, axvline and axline."""
    return bool(line.get_transform() != axes.transData)


def _markers(line: Any, shade: list[float], count: int) -> dict[str, Any]:
    size = float(line.get_markersize()) ** 2  # as scatter counts sizes: points squared
    none = {"values": np.zeros(0), "cmap": ""}
    return {"color": shade, "colors": np.tile(shade, (min(count, 1), 1)), "sizes": np.array([size]), **none}


def _bars(axes: Any, container: Any, room: Room) -> dict[str, Any]:  # noqa: ARG001
    patches = [patch for patch in container.patches if patch.get_visible()]
    sides = not _upright(container)
    boxes_ = room.numbers([[p.get_x(), p.get_y(), p.get_width(), p.get_height()] for p in patches]).reshape(-1, 4)
    x, y, width, height = boxes_.T
    at, lengths, widths, bases = (y + height / 2, width, height, x) if sides else (x + width / 2, height, width, y)
    faces = np.array([patch.get_facecolor() for patch in patches], dtype=np.float64).reshape(-1, 4)
    names = [name for patch in container.patches[:1] if (name := label(patch)) and name != "None"]
    return {
        "kind": "bars",
        "at": at,
        "heights": lengths,
        "widths": np.abs(widths),
        "bottoms": bases,
        "horizontal": sides,
        "label": label(container) or next(iter(names), ""),
        "color": first_color(faces),
        "colors": room.numbers(faces),
    }


def _upright(container: Any) -> bool:
    return getattr(container, "orientation", None) != "horizontal"


def _errors(axes: Any, container: Any, room: Room) -> dict[str, Any]:  # noqa: ARG001
    """Error bars: the middle of each, and its ends; an axis without errors has none."""
    _, _, bars = container.lines
    ends: dict[str, np.ndarray] = {}
    for bar in bars:
        segments = room.numbers(bar.get_segments())
        if segments.ndim == 3 and segments.shape[1:] == (2, 2):
            axis = "y" if np.allclose(segments[:, 0, 0], segments[:, 1, 0]) else "x"
            which = "xy".index(axis)
            ends |= {f"{axis}_low": segments[:, 0, which], f"{axis}_high": segments[:, 1, which]}
            ends.setdefault("xy"[1 - which], segments[:, 0, 1 - which])
    none = np.zeros(0)
    line = container.lines[0]
    if line is not None:
        ends |= {"x": room.numbers(line.get_xdata(orig=False)), "y": room.numbers(line.get_ydata(orig=False))}
    fields = ("x", "y", "x_low", "x_high", "y_low", "y_high")
    shade = first_color(bars[0].get_color()) if bars else [0.0] * 4
    return {
        "kind": "errors",
        **{name: ends.get(name, none) for name in fields},
        "label": label(container),
        "color": shade,
    }


def _box(axes: Any, box: boxes.BoxParts, room: Room) -> dict[str, Any]:  # noqa: ARG001
    return {"kind": "box", **box.numbers}
