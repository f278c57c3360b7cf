"""From a picture's numbers to what a template can draw: shapes, words, and a table of the numbers.

Nothing here decides anything about a mark. All text is the author's or made of numbers; the template escapes it anyway.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from autograder.authoring.drawings import Bars, Curves, HeatMap, Network, Paths, Picture
from autograder.reports import arrays, walks
from autograder.reports.scales import Table


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
            return View(picture, "paths", walks.paths_say(picture.drawing.path), *walks.paths(picture.drawing))
        case Curves():
            return View(picture, "curves", walks.curves_say(picture.drawing.curve), *walks.curves(picture.drawing))
        case HeatMap():
            return View(
                picture,
                "heatmap",
                arrays.heat_says(picture.drawing.blocks, picture.drawing.undrawn),
                *arrays.heat_map(picture.drawing),
            )
        case Network():
            return View(picture, "network", arrays.network_says(picture.drawing), *arrays.network(picture.drawing))
        case Bars():
            return View(picture, "bars", arrays.bars_say(picture.drawing), *arrays.bars(picture.drawing))
    return View(picture, "none", picture.why, Table((), ()))
