"""Turns a picture's numbers into shapes, words and a table, which a template draws.

Pictures decide nothing about a mark. All text comes from the author or from numbers; the template escapes it anyway.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from autograder.authoring.drawings import Picture
from autograder.reports import array_pictures, path_pictures, scene_pictures, verdict_pictures
from autograder.reports.scales import Drawn, Table


@dataclass(frozen=True, slots=True)
class View:
    """A picture ready to be drawn.

    says: the picture in words, for readers who cannot see it.  data: for its template.
    """

    picture: Picture
    kind: str
    says: str
    table: Table
    data: dict[str, Any] = field(default_factory=dict)


_DRAW: dict[str, Callable[[Any], Drawn]] = {
    "paths": path_pictures.paths,
    "curves": path_pictures.curves,
    "heatmap": array_pictures.heat_map,
    "messages": scene_pictures.messages,
    "bars": array_pictures.bars,
    "graph": scene_pictures.graph,
    "kills": verdict_pictures.kills,
}


def view_of(picture: Picture) -> View:
    """What the template draws for it; `none` where there is no drawing."""
    if picture.drawing is None:
        return View(picture, "none", picture.why, Table((), ()))
    return View(picture, picture.drawing.kind, *_DRAW[picture.drawing.kind](picture.drawing))
