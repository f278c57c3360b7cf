"""The parts of a plot as frozen values: lines, points, bars, images and so on.

The same classes say what a check expects: a field that is left out (None) is not compared. See assert_plot.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, TypeAlias

# The kinds of fields. An author may give lists, dates, names of colours and the words of plot_words.py; a drawing has
# exactly these:
Column: TypeAlias = Any  # an array of one axis; all columns of a record have one length
Numbers: TypeAlias = Any  # an array
Texts: TypeAlias = Any  # a list of texts
Words: TypeAlias = Any  # a text
Number: TypeAlias = Any  # a float
Colour: TypeAlias = Any  # four numbers: red, green, blue, opacity
Flag: TypeAlias = Any  # True or False
_PLAIN = frozenset({"Column", "Numbers", "Texts", "Words", "Number", "Colour", "Flag"})


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A line through points. Dates are days since 1970-01-01, categories their places 0, 1, 2, …

    x, y, z: z in three dimensions only.  style: "-", "--", "-.", ":".  marker: "None" without markers.
    straight: whether it goes from edge to edge, such as axhline and axline.

    Example: `Line(epochs, losses, label="train")`.
    """

    x: Column = None
    y: Column = None
    z: Column = None
    label: Words = None
    color: Colour = None
    style: Words = None
    width: Number = None
    marker: Words = None
    straight: Flag = None


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """Single points, of scatter or of a line without a style. values: the numbers that colours stand for.

    Example: `assert_plot(plot, points=[Points(x, y)])` for `scatter(x, y)`.
    """

    x: Column = None
    y: Column = None
    z: Column = None
    label: Words = None
    color: Colour = None
    marker: Words = None
    cmap: Words = None
    sizes: Numbers = None
    values: Numbers = None
    colors: Numbers = None


@dataclass(frozen=True, slots=True, eq=False)
class BarChart:
    """Bars side by side. names: the text of the tick below each bar, "" without one.  at: its middle.

    In an expectation, names can be a dict of heights, or numbers for bars that stand at numbers.

    Example: `assert_plot(plot, bars=[BarChart({"cat": 3, "dog": 1})])`.
    """

    names: Texts = None
    heights: Column = None
    bottoms: Column = None
    widths: Column = None
    at: Column = None
    label: Words = None
    color: Colour = None
    horizontal: Flag = None
    colors: Numbers = None


@dataclass(frozen=True, slots=True, eq=False)
class Histogram:
    """A staircase over edges. assert_plot also accepts bars over the same edges.

    Example: `Histogram(*np.histogram(x, bins=10)[::-1])`, or `Histogram(edges=[0, 1, 2], counts=[5, 3])`.
    """

    edges: Numbers = None
    counts: Column = None
    label: Words = None
    color: Colour = None
    horizontal: Flag = None


@dataclass(frozen=True, slots=True, eq=False)
class Image:
    """imshow, pcolormesh or a heat map. values: as one sees them, the first row at the top.

    extent: left, right, low, high.

    Example: `assert_plot(plot, images=[Image(X)])` for `imshow(X)`.
    """

    values: Numbers = None
    extent: Numbers = None
    cmap: Words = None
    vmin: Number = None
    vmax: Number = None


@dataclass(frozen=True, slots=True, eq=False)
class Area:
    """A filled area between two curves.

    Example: `Area(x, low=mean - error, high=mean + error)` is what `fill_between` draws.
    """

    x: Column = None
    low: Column = None
    high: Column = None
    label: Words = None
    color: Colour = None
    horizontal: Flag = None


@dataclass(frozen=True, slots=True, eq=False)
class ErrorBars:
    """Error bars. x_low, x_high, y_low, y_high: their ends; empty in a direction without errors.

    Example: `ErrorBars(x, y, y_low=y - error, y_high=y + error)`.
    """

    x: Column = None
    y: Column = None
    x_low: Column = None
    x_high: Column = None
    y_low: Column = None
    y_high: Column = None
    label: Words = None
    color: Colour = None


@dataclass(frozen=True, slots=True, eq=False)
class Pie:
    """A pie. shares: parts of the whole.  names: the labels of the wedges; in an expectation also a dict of shares.

    Example: `assert_plot(plot, pies=[Pie({"cat": 3, "dog": 1})])`.
    """

    names: Texts = None
    shares: Column = None
    colors: Numbers = None


@dataclass(frozen=True, slots=True, eq=False)
class Box:
    """One box of a box plot. low, high: the quartiles.  fliers: the points outside.  name: the text of its tick.

    Example: `assert_plot(plot, boxes=[Box(name="cat", median=2.5, low=1.75, high=4.5)])`.
    """

    name: Words = None
    median: Number = None
    low: Number = None
    high: Number = None
    whisker_low: Number = None
    whisker_high: Number = None
    fliers: Numbers = None
    at: Number = None
    horizontal: Flag = None


@dataclass(frozen=True, slots=True, eq=False)
class Contours:
    """Lines of one height, or the areas between them.

    Example: `assert_plot(plot, contours=[Contours(levels=[1, 2])])`.
    """

    levels: Numbers = None
    filled: Flag = None
    cmap: Words = None


@dataclass(frozen=True, slots=True, eq=False)
class Segments:
    """Straight pieces, such as hlines and vlines: from (x, y) to (x_end, y_end).

    Example: `Segments(x=[0, 1], y=[0, 0], x_end=[0, 1], y_end=[2, 3])` for `vlines([0, 1], 0, [2, 3])`.
    """

    x: Column = None
    y: Column = None
    x_end: Column = None
    y_end: Column = None
    label: Words = None
    color: Colour = None


@dataclass(frozen=True, slots=True, eq=False)
class Span:
    """A band from edge to edge, such as axvspan.

    Example: `Span(1, 2, horizontal=False)` for `axvspan(1, 2)`.
    """

    low: Number = None
    high: Number = None
    horizontal: Flag = None
    label: Words = None
    color: Colour = None


@dataclass(frozen=True, slots=True, eq=False)
class Arrows:
    """A field of arrows: at (x, y), along (u, v).

    Example: `assert_plot(plot, arrows=[Arrows(x, y, u, v)])` for `quiver`.
    """

    x: Column = None
    y: Column = None
    u: Column = None
    v: Column = None


@dataclass(frozen=True, slots=True, eq=False)
class Annotation:
    """A text on the axes. x, y: where, or what an annotation points to; None at a category or a date.

    Example: `assert_plot(plot, texts=[Annotation(contains("peak"), x=3)])`.
    """

    text: Words = None
    x: Number = None
    y: Number = None


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """Something in three dimensions that is no line. wires: whether only its edges are drawn.

    Example: `assert_plot(plot, surfaces=[Surface()])` for `plot_surface`.
    """

    wires: Flag = None
    label: Words = None


Drawn: TypeAlias = (
    Line | Points | BarChart | Histogram | Image | Area | ErrorBars | Pie | Box | Contours | Segments | Span | Arrows
    | Annotation | Surface
)  # fmt: skip

KINDS: Mapping[str, type[Drawn]] = {
    "line": Line, "points": Points, "bars": BarChart, "steps": Histogram, "image": Image, "area": Area,
    "errors": ErrorBars, "pie": Pie, "box": Box, "contours": Contours, "segments": Segments, "span": Span,
    "arrows": Arrows, "text": Annotation, "surface": Surface,
}  # fmt: skip


def field_kinds(cls: type) -> dict[str, str]:
    """The kind of each field that holds plain values, by its name: "Column", "Words", …"""
    return {field.name: str(field.type) for field in fields(cls) if str(field.type) in _PLAIN}
