"""Reads what is no line as plain values: scatter, areas, images, steps, pies, contours, arrows, texts, surfaces."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .drawn_values import Room, color, first_color, label, text

_NONE = np.zeros(0)


def _scatter(axes: Any, artist: Any, room: Room) -> dict[str, Any] | None:  # noqa: ARG001
    three = hasattr(artist, "_offsets3d")
    offsets = np.ma.asarray(artist.get_offsets())
    x, y = artist._offsets3d[:2] if three else (offsets[:, 0], offsets[:, 1])  # noqa: SLF001 — it has no other name
    if not len(x):
        return None
    artist.update_scalarmappable()  # colours from values are made when a figure is rendered
    faces = artist.get_facecolor()
    values = artist.get_array()
    return {
        "kind": "points",
        "x": room.numbers(x),
        "y": room.numbers(y),
        "z": room.numbers(artist._offsets3d[2]) if three else None,  # noqa: SLF001
        "sizes": room.numbers(artist.get_sizes()),
        "colors": room.numbers(faces if len(faces) else artist.get_edgecolor()),
        "color": first_color(faces if len(faces) else artist.get_edgecolor()),
        "values": _NONE if values is None else room.numbers(values).ravel(),
        "cmap": "" if values is None else text(artist.get_cmap().name),
        "label": label(artist),
        "marker": "",
    }


def _area(axes: Any, artist: Any, room: Room) -> dict[str, Any] | None:  # noqa: ARG001
    """Filled between two curves: at each x of its outline the lowest and the highest y."""
    paths = artist.get_paths()[:100] if hasattr(artist, "get_paths") else [artist.get_path()]
    outline = [path.vertices for path in paths]
    points = room.numbers(np.concatenate(outline) if outline else np.zeros((0, 2)))
    if not points.size:
        return None
    horizontal = getattr(artist, "t_direction", "x") == "y"
    along, across = points.T[::-1] if horizontal else points.T
    x, place = np.unique(along, return_inverse=True)
    low, high = np.full(len(x), np.inf), np.full(len(x), -np.inf)
    np.minimum.at(low, place, across)
    np.maximum.at(high, place, across)
    shade = first_color(artist.get_facecolor())
    return {
        "kind": "area",
        "x": x,
        "low": low,
        "high": high,
        "horizontal": horizontal,
        "label": label(artist),
        "color": shade,
    }


def _polygon(axes: Any, artist: Any, room: Room) -> dict[str, Any] | None:
    """ax.hist(histtype="step") is a staircase with two corners at each edge; every other polygon is an area."""
    points = np.asarray(artist.get_xy(), dtype=np.float64)
    steps = np.diff(points, axis=0)
    if len(points) < 4 or not (steps == 0).any(axis=1).all():
        return _area(axes, artist, room)
    horizontal = bool(points[0, 1] == points[1, 1])
    along, across = room.numbers(points).T[::-1] if horizontal else room.numbers(points).T
    end = int(np.argmax(along)) + 2  # a filled staircase goes back along its base
    edges, counts = along[:end:2], across[1 : end - 1 : 2]
    shade = color(artist.get_facecolor() if artist.get_fill() else artist.get_edgecolor())
    return _staircase(edges, counts, horizontal, label(artist), shade)


def _steps(axes: Any, artist: Any, room: Room) -> dict[str, Any]:  # noqa: ARG001
    values, edges, _ = artist.get_data()
    shade = color(artist.get_facecolor() if artist.get_fill() else artist.get_edgecolor())
    horizontal = artist.orientation == "horizontal"
    return _staircase(room.numbers(edges), room.numbers(values), horizontal, label(artist), shade)


def _staircase(
    edges: np.ndarray, counts: np.ndarray, horizontal: bool, name: str, shade: list[float]
) -> dict[str, Any]:
    name = "" if name == "None" else name
    return {"kind": "steps", "edges": edges, "counts": counts, "horizontal": horizontal, "label": name, "color": shade}


def _image(axes: Any, artist: Any, room: Room) -> dict[str, Any]:
    """imshow: the numbers as one sees them, first row at the top, first column on the left."""
    values = room.numbers(artist.get_array())
    left, right, bottom, top = map(float, artist.get_extent())
    if artist.origin == "lower":
        values = values[::-1]  # now its first row belongs to `top`
    return _raster(axes, values, (left, right, bottom, top), artist)


def _mesh(axes: Any, artist: Any, room: Room) -> dict[str, Any]:
    """pcolormesh, hist2d, seaborn.heatmap: the first row is that of the first y."""
    corners = np.ma.filled(np.ma.asarray(artist.get_coordinates()).astype(np.float64), np.nan)
    values = room.numbers(artist.get_array())
    if values.ndim == 1:
        values = values.reshape(corners.shape[0] - 1, corners.shape[1] - 1)
    left, bottom = corners[0, 0]
    right, top = corners[-1, -1]
    return _raster(axes, values[::-1], (float(left), float(right), float(bottom), float(top)), artist)


def _raster(axes: Any, values: np.ndarray, extent: tuple[float, ...], artist: Any) -> dict[str, Any]:
    """values: the first row belongs to the extent's last number."""
    left, right, bottom, top = extent
    if (bottom > top) != bool(axes.yaxis_inverted()) and values.size:
        values = values[::-1]
    if (left > right) != bool(axes.xaxis_inverted()) and values.size:
        values = values[:, ::-1]
    sides = [min(left, right), max(left, right), min(bottom, top), max(bottom, top)]
    low, high = artist.get_clim()
    return {
        "kind": "image",
        "values": np.ascontiguousarray(values),
        "extent": np.array(sides),
        "cmap": text(artist.get_cmap().name),
        "vmin": None if low is None else float(low),
        "vmax": None if high is None else float(high),
    }


def pie(axes: Any, wedges: list[Any], room: Room) -> dict[str, Any]:  # noqa: ARG001
    """All wedges of a pair of axes. A share is the part of the full circle."""
    return {
        "kind": "pie",
        "shares": room.numbers([abs(wedge.theta2 - wedge.theta1) / 360 for wedge in wedges]),
        "names": [label(wedge) for wedge in wedges],
        "colors": room.numbers([wedge.get_facecolor() for wedge in wedges]),
    }


def _span(axes: Any, artist: Any, room: Room) -> dict[str, Any] | None:  # noqa: ARG001
    """Axhspan and axvspan. Other rectangles are no data."""
    transform = artist.get_data_transform() if hasattr(artist, "get_data_transform") else artist.get_transform()
    horizontal = transform == axes.get_yaxis_transform(which="grid")
    if not horizontal and transform != axes.get_xaxis_transform(which="grid"):
        return None
    start, size = (artist.get_y(), artist.get_height()) if horizontal else (artist.get_x(), artist.get_width())
    ends = sorted([float(start), float(start + size)])
    shade = color(artist.get_facecolor())
    return {
        "kind": "span",
        "low": ends[0],
        "high": ends[1],
        "horizontal": horizontal,
        "label": label(artist),
        "color": shade,
    }


def _contours(axes: Any, artist: Any, room: Room) -> dict[str, Any]:  # noqa: ARG001
    cmap = text(artist.get_cmap().name)
    return {"kind": "contours", "levels": room.numbers(artist.levels), "filled": bool(artist.filled), "cmap": cmap}


def _segments(axes: Any, artist: Any, room: Room) -> dict[str, Any] | None:  # noqa: ARG001
    """hlines, vlines and other straight pieces: from (x, y) to (x_end, y_end)."""
    pieces = [np.asarray(each, dtype=np.float64)[:, :2] for each in artist.get_segments()[:10_000]]
    pairs = room.numbers([[*piece[i], *piece[i + 1]] for piece in pieces for i in range(len(piece) - 1)])
    if not pairs.size:
        return None
    x, y, x_end, y_end = pairs.T
    shade = first_color(artist.get_color())
    return {"kind": "segments", "x": x, "y": y, "x_end": x_end, "y_end": y_end, "label": label(artist), "color": shade}


def _arrows(axes: Any, artist: Any, room: Room) -> dict[str, Any]:  # noqa: ARG001
    x, y = room.numbers(artist.X).ravel(), room.numbers(artist.Y).ravel()
    return {"kind": "arrows", "x": x, "y": y, "u": room.numbers(artist.U).ravel(), "v": room.numbers(artist.V).ravel()}


def _text(axes: Any, artist: Any, room: Room) -> dict[str, Any] | None:  # noqa: ARG001
    words = text(artist.get_text())
    x, y = getattr(artist, "xy", None) or artist.get_position()
    return {"kind": "text", "text": words, "x": _float(x), "y": _float(y)} if words else None


def _float(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):  # a category or a date
        return None


def _surface(axes: Any, artist: Any, room: Room) -> dict[str, Any]:  # noqa: ARG001
    """Of solid things in three dimensions only the kind: their corners depend on how they are drawn."""
    return {"kind": "surface", "wires": type(artist).__name__ == "Line3DCollection", "label": label(artist)}


# By the name of matplotlib's class: importing all of them here would cost time.
READERS: dict[str, Callable[[Any, Any, Room], dict[str, Any] | None]] = {
    "PathCollection": _scatter,
    "FillBetweenPolyCollection": _area,
    "PolyCollection": _area,
    "Poly3DCollection": _surface,
    "Line3DCollection": _surface,
    "StepPatch": _steps,
    "Polygon": _polygon,
    "Rectangle": _span,
    "AxesImage": _image,
    "QuadMesh": _mesh,
    "ContourSet": _contours,
    "LineCollection": _segments,
    "Quiver": _arrows,
    "Text": _text,
}
