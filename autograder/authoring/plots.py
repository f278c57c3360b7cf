"""A plot as data: the figures that student code drew, as frozen values. `student.plot(...)` gives them to a check.

plot_parts.py has what is drawn on the axes. plot_reading.py makes a Plot of what a student's process sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from autograder.authoring.plot_parts import Colour, Column, Drawn, Flag, Number, Numbers, Texts, Words

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, eq=False)
class LegendEntry:
    """An entry of a legend, and the look of what it stands for."""

    label: Words
    color: Colour
    style: Words


@dataclass(frozen=True, slots=True, eq=False)
class PlotAxes:
    """A pair of axes, with what is drawn on it.

    kind: "rectilinear", "polar" or "3d".  twin_of: the number of the axes at the same place, such as those of twinx;
    None for the first ones there.  place: row, column, rows and columns of the grid of subplots, from 0.
    xticklabels: empty unless somebody chose the texts.  legend: None without one.

    Example: `student.plot("draw", x).axes[0].title`.
    """

    kind: Words
    title: Words
    xlabel: Words
    ylabel: Words
    zlabel: Words
    xscale: Words
    yscale: Words
    xlim: Column
    ylim: Column
    xticks: Numbers
    yticks: Numbers
    xticklabels: Texts
    yticklabels: Texts
    equal: Flag
    grid: Flag
    colorbar: Flag
    twin_of: Number = None
    place: Numbers = None
    legend: tuple[LegendEntry, ...] | None = None
    artists: tuple[Drawn, ...] = ()

    def all(self, kind: type[_T]) -> tuple[_T, ...]:
        """The parts of one kind, in the order of drawing: `axes.all(Line)[0].y`."""
        return tuple(artist for artist in self.artists if isinstance(artist, kind))


@dataclass(frozen=True, slots=True, eq=False)
class Plot:
    """The drawing of one call, one value or one cell: the axes of its figures, in order.

    title, xlabel, ylabel: of the figure as a whole.  cell: the code cell that drew it, from 1; 0 for a call.
    question: of this cell; "" if it belongs to none.

    Example: `plot = student.plot("draw", x)`; `len(plot.axes)` is the number of its axes.
    """

    axes: tuple[PlotAxes, ...]
    title: str = ""
    xlabel: str = ""
    ylabel: str = ""
    cell: int = 0
    question: str = ""
