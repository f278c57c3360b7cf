"""Makes a Plot of what a student's process answered, and trusts no field of it. See plots.py for the classes."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, NoReturn

import numpy as np

from autograder.authoring.failing import SafeText, refuse
from autograder.authoring.plot_parts import KINDS, Annotation, BarChart, Box, Drawn, ErrorBars, field_kinds
from autograder.authoring.plots import LegendEntry, Plot, PlotAxes

MAX_TEXT = 256  # characters
MAX_ITEMS = 1000
_OPTIONAL = {"z", "names", "name", "vmin", "vmax", "twin_of", "place"}  # fields that something drawn can lack


def plot_of(answer: Any) -> Plot:
    """The plot of a call or a value: a list of figures. Raises CheckFailed."""
    figures = [_figure(each) for each in _list(answer)]
    title, xlabel, ylabel = (
        next((text for figure in figures if (text := getattr(figure, name))), "")
        for name in ("title", "xlabel", "ylabel")
    )
    axes: list[PlotAxes] = []
    for figure in figures:
        before = len(axes)
        axes += [one if one.twin_of is None else replace(one, twin_of=before + int(one.twin_of)) for one in figure.axes]
    return Plot(tuple(axes), title, xlabel, ylabel)


def plots_of_cells(answer: Any, ran: Sequence[tuple[int, str]], question: str = "") -> tuple[Plot, ...]:
    """The figures that cells left, in order. Raises CheckFailed.

    ran: number and question of each cell, in the order in which they ran.  question: only its figures; "" for all.
    """
    plots = []
    for each in _list(answer):
        match each:
            case [int(place), figure] if type(place) is int and place > 0:
                cell, its_question = ran[place - 1] if place <= len(ran) else (0, "")
                plots.append(replace(_figure(figure), cell=cell, question=its_question))
            case _:
                refuse_drawing()
    return tuple(plot for plot in plots if not question or plot.question == question)


def tick_names(places: np.ndarray, ticks: np.ndarray, labels: Sequence[str]) -> list[str]:
    """The text of the tick at each place: of the nearest one, if it is less than half a step away."""
    if not len(labels) or len(labels) != len(ticks) or len(places) > MAX_ITEMS or not np.isfinite(places).all():
        return [""] * len(places)
    step = float(np.min(np.diff(np.sort(ticks)))) if len(ticks) > 1 else 1.0
    nearest = [int(np.argmin(np.abs(ticks - place))) for place in places]
    near = [abs(float(ticks[i] - place)) < step / 2 for i, place in zip(nearest, places, strict=True)]
    return [labels[i] if is_near else "" for i, is_near in zip(nearest, near, strict=True)]


def refuse_drawing() -> NoReturn:
    """Fail a drawing that is not what an honest process sends. An honest one never comes here."""
    refuse("expected a drawing that can be read", "type", subject=SafeText("the plot"))


def _figure(answer: Any) -> Plot:
    match answer:
        case {"title": str(title), "xlabel": str(xlabel), "ylabel": str(ylabel), "axes": list(axes)}:
            pairs = tuple(map(_axes, _list(axes)))
            if not all(pair.twin_of is None or 0 <= pair.twin_of < i for i, pair in enumerate(pairs)):
                refuse_drawing()
            return Plot(pairs, _words(title), _words(xlabel), _words(ylabel))
    refuse_drawing()


def _axes(answer: Any) -> PlotAxes:
    if type(answer) is not dict:
        refuse_drawing()
    entries = answer.get("legend")
    legend = None if entries is None else tuple(LegendEntry(**_fields(LegendEntry, one)) for one in _list(entries))
    axes = PlotAxes(**_fields(PlotAxes, answer), legend=legend, artists=())
    drawn = tuple(_with_names(_artist(one), axes) for one in _list(answer.get("artists")))
    return replace(axes, artists=drawn)


def _artist(answer: Any) -> Drawn:
    kind = answer.get("kind") if type(answer) is dict else None
    if type(kind) is not str or kind not in KINDS:
        refuse_drawing()
    return KINDS[kind](**_fields(KINDS[kind], answer))


def _with_names(artist: Drawn, axes: PlotAxes) -> Drawn:
    """Give bars and boxes the texts of their ticks."""
    if not isinstance(artist, (BarChart, Box)):
        return artist
    ticks, labels = (axes.yticks, axes.yticklabels) if artist.horizontal else (axes.xticks, axes.xticklabels)
    names = tick_names(np.atleast_1d(artist.at), ticks, labels)
    return replace(artist, names=names) if isinstance(artist, BarChart) else replace(artist, name=names[0])


def _fields(cls: type, answer: dict[str, Any]) -> dict[str, Any]:
    """The plain fields of a record, each checked. Names of bars and boxes come later, from the ticks."""
    if type(answer) is not dict:
        refuse_drawing()
    optional = _OPTIONAL | ({"x", "y"} if cls is Annotation else set())
    kinds = field_kinds(cls)
    values = {
        name: None if answer.get(name) is None and name in optional else _READERS[kind](answer.get(name))
        for name, kind in kinds.items()
    }
    columns = [np.asarray(values[name]) for name, kind in kinds.items() if kind == "Column"]
    lengths = {column.size for column in columns if column.ndim}
    if len(lengths - {0} if cls is ErrorBars else lengths) > 1 or (cls is PlotAxes and lengths != {2}):
        refuse_drawing()
    return values


def _list(value: Any) -> list[Any]:
    if type(value) is not list or len(value) > MAX_ITEMS:
        refuse_drawing()
    return value


def _numbers(value: Any) -> np.ndarray:
    if type(value) is list and len(value) <= 4:  # a colour, or a place
        return np.array([_number(each) for each in value])
    if type(value) is not np.ndarray or value.dtype != np.float64 or value.ndim > 3:
        refuse_drawing()
    return value


def _column(value: Any) -> np.ndarray:
    array = _numbers(value)
    if array.ndim != 1:
        refuse_drawing()
    return array


def _words(value: Any) -> str:
    if type(value) is not str or len(value) > MAX_TEXT:
        refuse_drawing()
    return value


def _texts(value: Any) -> list[str]:
    return [_words(each) for each in _list(value)]


def _number(value: Any) -> float:
    if type(value) not in {int, float}:
        refuse_drawing()
    return float(value) if abs(value) < 1e300 else math.nan  # an integer can be too large for a float


def _colour(value: Any) -> np.ndarray:
    array = _numbers(value)
    if array.shape != (4,):
        refuse_drawing()
    return array


def _flag(value: Any) -> bool:
    return value if type(value) is bool else refuse_drawing()


_READERS: dict[str, Callable[[Any], Any]] = {
    "Column": _column, "Numbers": _numbers, "Texts": _texts, "Words": _words, "Number": _number, "Colour": _colour,
    "Flag": _flag,
}  # fmt: skip
