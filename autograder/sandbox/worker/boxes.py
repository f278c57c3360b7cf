"""Finds the boxes of box plots among lines and patches: matplotlib keeps no container of them.

matplotlib, pandas and seaborn all draw a box as a closed line or a path of four corners, with a line for the median,
two whiskers, and a line of single points for what lies outside. Notches are read, too.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

_CLOSE = 1e-9  # of the largest number
MAX_FLIERS = 10_000


@dataclass
class BoxParts:
    """One box. numbers: as they travel.  parts: the artists that it is made of."""

    numbers: dict[str, Any]
    parts: list[Any] = field(default_factory=list)


@dataclass(frozen=True)
class _Frame:
    """The outline of a box: from where to where, along the axis of the categories and along that of the values."""

    left: float
    right: float
    low: float
    high: float
    horizontal: bool

    @property
    def at(self) -> float:
        return (self.left + self.right) / 2


def boxes_of(axes: Any) -> list[BoxParts]:
    """The boxes of a pair of axes, from left to right or from bottom to top."""
    lines = [line for line in axes.lines if line.get_visible()]
    paths = [patch for patch in axes.patches if type(patch).__name__ == "PathPatch"]
    outlines = [(line, np.asarray(line.get_xydata(), dtype=np.float64)) for line in lines]
    outlines += [(patch, np.asarray(patch.get_path().vertices[:-1], dtype=np.float64)) for patch in paths]
    closed = [(artist, points) for artist, points in outlines if _is_closed(points)]
    boxes = [box for artist, points in closed if (box := _box(artist, points, lines)) is not None]
    return sorted(boxes, key=lambda box: box.numbers["at"])


def _is_closed(points: np.ndarray) -> bool:
    return len(points) in {5, 11} and bool(np.allclose(points[0], points[-1]))


def _box(artist: Any, points: np.ndarray, lines: list[Any]) -> BoxParts | None:
    """The box with this outline, if there is a median in it. Both directions are tried."""
    for horizontal in (False, True):
        across, along = points.T[::-1] if horizontal else points.T
        low, high = sorted((along[0], along[len(along) // 2]))  # a notch can reach beyond the corners
        frame = _Frame(across.min(), across.max(), low, high, horizontal)
        numbers, parts = _inside(frame, lines)
        if "median" in numbers:
            return BoxParts(numbers, [artist, *parts])
    return None


def _inside(frame: _Frame, lines: list[Any]) -> tuple[dict[str, Any], list[Any]]:
    numbers: dict[str, Any] = {
        "at": frame.at, "low": frame.low, "high": frame.high, "whisker_low": frame.low, "whisker_high": frame.high,
        "fliers": np.zeros(0), "horizontal": frame.horizontal,
    }  # fmt: skip
    parts = []
    for line in lines:
        points = np.asarray(line.get_xydata(), dtype=np.float64)
        across, along = points.T[::-1] if frame.horizontal else points.T
        part = _part(frame, across, along, str(line.get_linestyle()))
        if part is not None:
            numbers |= part
            parts.append(line)
    return {key: float(n) if isinstance(n, np.floating) else n for key, n in numbers.items()}, parts


def _part(frame: _Frame, across: np.ndarray, along: np.ndarray, style: str) -> dict[str, Any] | None:
    """The numbers that a line adds to a box: median, whisker, points outside; None if it is no part of the box."""
    if not len(across) or abs(across.mean() - frame.at) > _CLOSE * (1 + abs(frame.at)):
        return None
    if style == "None":
        outside = np.all((along < frame.low) | (along > frame.high))
        return ({"fliers": along[:MAX_FLIERS]} if outside else {}) if np.ptp(across) == 0 else None
    if len(across) != 2 or frame.left - _CLOSE > across.min() or across.max() > frame.right + _CLOSE:
        return None
    if along[0] == along[1]:  # a cap lies at the end of a whisker, or on the edge
        return {"median": along[0]} if frame.low < along[0] < frame.high or frame.low == frame.high else {}
    if across[0] != across[1]:
        return None
    return {"whisker_low" if along[0] <= frame.low else "whisker_high": along[1]}
