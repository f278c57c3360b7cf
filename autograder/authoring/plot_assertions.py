"""assert_plot: compares a plot with what a check expects, and says what is missing, in words of fixed lists."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypedDict, Unpack

import numpy as np

from autograder.authoring.failing import SafeText, refuse
from autograder.authoring.plot_failures import NAMES, PlotFailure, data_failure, word_failure
from autograder.authoring.plot_likeness import Curve, StraightLine
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
from autograder.authoring.plot_words import Contains
from autograder.authoring.plots import Plot, PlotAxes

_LAST = 3  # of the figures that cells left: so many may be the expected one
_PLOT = SafeText("the plot")


class Expected(TypedDict, total=False):
    """The expectations of assert_plot. A list holds everything of its kind, or a part alone; an int only counts it.

    A text is a str, contains(…) or nonempty.  xlim, ylim: (low, high).  legend: True, False or the texts in any order.
    colorbar: True, False or the text beside it.  xticklabels, yticklabels: texts in order.  kind: "polar" or "3d".
    """

    lines: Line | Curve | Sequence[Line | Curve] | int
    points: Points | Sequence[Points] | int
    bars: BarChart | Sequence[BarChart] | int
    histograms: Histogram | Sequence[Histogram] | int
    images: Image | Sequence[Image] | int
    areas: Area | Sequence[Area] | int
    errors: ErrorBars | Sequence[ErrorBars] | int
    pies: Pie | Sequence[Pie] | int
    boxes: Box | Sequence[Box] | int
    contours: Contours | Sequence[Contours] | int
    segments: Segments | Sequence[Segments] | int
    spans: Span | Sequence[Span] | int
    arrows: Arrows | Sequence[Arrows] | int
    texts: Annotation | Sequence[Annotation] | int
    surfaces: Surface | Sequence[Surface] | int
    straight: StraightLine | Sequence[StraightLine]
    title: str | Contains
    xlabel: str | Contains
    ylabel: str | Contains
    zlabel: str | Contains
    kind: str
    xscale: str
    yscale: str
    xlim: tuple[float, float]
    ylim: tuple[float, float]
    xticklabels: Sequence[str]
    yticklabels: Sequence[str]
    legend: bool | Sequence[str]
    colorbar: bool | str | Contains
    grid: bool
    equal: bool


def assert_plot(
    plot: Plot | PlotAxes | Sequence[Plot],
    *,
    axes: int | None = 1,
    extra: bool = False,
    rtol: float = 1e-6,
    name: str = _PLOT,
    **expected: Unpack[Expected],
) -> None:
    """One pair of axes of the plot has everything that is expected. An expectation that is left out is not compared.

    plot: what `student.plot` gave. Of several plots, one of the last three must be right.
    axes: pairs of axes with something drawn on them, None for any number; colour bars do not count.
    extra: whether there may be more lines, bars and so on than expected.  rtol: of the span of the expected numbers.
    Raises CheckFailed.

    Example: `assert_plot(plot, lines=[Line(x, y, label="train")], xlabel=contains("epoch"), legend=True)`.
    """
    _require_known(expected)
    parts = {key: _several(value) if key in NAMES else value for key, value in expected.items()}
    with np.errstate(all="ignore"):  # a student's infinity
        if isinstance(plot, PlotAxes):
            failures = [_first_failure(plot, parts, (), extra=extra, rtol=rtol)]
        else:
            plots = [plot] if isinstance(plot, Plot) else list(plot)[-_LAST:] or [Plot(())]
            failures = [failure for one in plots for failure in _failures(one, axes, parts, extra, rtol)]
    if any(failure is None for failure in failures):
        return
    nearest = max((failure for failure in failures if failure is not None), key=lambda failure: failure.step)
    refuse(nearest.message, nearest.diagnosis, subject=name, got=nearest.got, hint=nearest.hint)


def _require_known(expected: Mapping[str, Any]) -> None:
    """Raise TypeError for an expectation of another name: the author's slip of the pen."""
    known = Expected.__annotations__
    for name in expected:
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            hint = f" Hint: did you mean {near[0]}?" if near else ""
            raise TypeError(f"assert_plot: expected names out of {', '.join(known)}, got {name!r}.{hint}")


def _several(parts: Any) -> Any:
    """A number, or a list of parts; a part alone stands for a list of it."""
    if isinstance(parts, int):
        return parts
    return list(parts) if isinstance(parts, Iterable) else [parts]


def _failures(
    plot: Plot, count: int | None, expected: Mapping[str, Any], extra: bool, rtol: float
) -> list[PlotFailure | None]:
    drawn = [axes for axes in plot.axes if axes.artists and not axes.colorbar]
    if not drawn:
        return [PlotFailure("nothing is drawn", hint="draw on a figure, and return it or leave it open")]
    if count is not None and len(drawn) != count:
        got = "more" if len(drawn) > count else "fewer"
        return [PlotFailure(f"expected {count} {_pair(count)} of axes", got=got)]
    bars = tuple(axes for axes in plot.axes if axes.colorbar)
    wholes = [_completed(axes, plot, alone=len(drawn) == 1) for axes in drawn]
    return [_first_failure(axes, expected, bars, extra=extra, rtol=rtol) for axes in wholes]


def _pair(count: int) -> str:
    return "pair" if count == 1 else "pairs"


def _completed(axes: PlotAxes, plot: Plot, *, alone: bool) -> PlotAxes:
    """The axes with texts that stand on their twins, or on the figure as a whole."""
    first = axes if axes.twin_of is None else plot.axes[int(axes.twin_of)]
    twins = [each for each in plot.axes if each is first or (each.twin_of is not None and _first(each, plot) is first)]
    title = next((each.title for each in twins if each.title), plot.title if alone else "")
    legend = next((each.legend for each in [axes, *twins] if each.legend), None)
    xlabel = axes.xlabel or next((e.xlabel for e in twins if e.xlabel and np.array_equal(e.xlim, axes.xlim)), "")
    return replace(
        axes, title=axes.title or title, xlabel=xlabel or plot.xlabel, ylabel=axes.ylabel or plot.ylabel, legend=legend
    )


def _first(axes: PlotAxes, plot: Plot) -> PlotAxes:
    return plot.axes[int(axes.twin_of or 0)]


def _first_failure(
    axes: PlotAxes, expected: Mapping[str, Any], bars: tuple[PlotAxes, ...], *, extra: bool, rtol: float
) -> PlotFailure | None:
    """The first expectation that does not hold: first the data, then the words."""
    for step, (name, wanted) in enumerate((key, expected[key]) for key in _ORDER if key in expected):
        if name in NAMES:
            failure = data_failure(name, wanted, axes, expected, extra=extra, rtol=rtol)
        else:
            failure = word_failure(name, wanted, axes, bars, rtol)
        if failure is not None:
            return replace(failure, step=step)
    return None


_ORDER = (*NAMES, *(name for name in Expected.__annotations__ if name not in NAMES))
