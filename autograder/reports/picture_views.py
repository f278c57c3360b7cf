"""Turns a picture's numbers into shapes, words and a table, which a template draws.

Pictures decide nothing about a mark. All text comes from the author or from numbers; the template escapes it anyway.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from autograder.authoring.drawings import Bars, Curves, HeatMap, Network, Paths, Picture
from autograder.reports import array_pictures, path_pictures
from autograder.reports.scales import Table


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


def view_of(picture: Picture) -> View:
    """The view of a picture; its kind is `none` if there is no drawing."""
    match picture.drawing:
        case Paths():
            return View(
                picture, "paths", path_pictures.paths_say(picture.drawing.path), *path_pictures.paths(picture.drawing)
            )
        case Curves():
            return View(
                picture,
                "curves",
                path_pictures.curves_say(picture.drawing.curve),
                *path_pictures.curves(picture.drawing),
            )
        case HeatMap():
            return View(
                picture,
                "heatmap",
                array_pictures.heat_says(picture.drawing.blocks, picture.drawing.undrawn),
                *array_pictures.heat_map(picture.drawing),
            )
        case Network():
            return View(
                picture,
                "network",
                array_pictures.network_says(picture.drawing),
                *array_pictures.network(picture.drawing),
            )
        case Bars():
            return View(
                picture, "bars", array_pictures.bars_say(picture.drawing), *array_pictures.bars(picture.drawing)
            )
    return View(picture, "none", picture.why, Table((), ()))
