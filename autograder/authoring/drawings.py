"""The data of pictures: a student's numbers beside the reference's, in one of five kinds of drawing.

Numbers have six digits. NaN and infinity are kept: a wrong answer can hold them, and the student should see it.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Any, Literal, Self

import numpy as np
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, model_validator

from autograder.authoring.diagnosis import close

MAX_NUMBERS = 4096  # of one answer; the largest picture of the three assignments has 122
_SAME = 1e-6  # of the largest entry: no picture shows a smaller difference


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _read(value: Any) -> Any:
    """One row's text as numbers. It is text because JSON has no NaN, and to keep a result short."""
    return tuple(float(word) for word in value.split()) if isinstance(value, str) else value


def _written(row: tuple[float, ...]) -> str:
    return " ".join(f"{number:.6g}" for number in row)


Row = Annotated[
    tuple[float, ...], Field(max_length=MAX_NUMBERS), BeforeValidator(_read), PlainSerializer(_written, return_type=str)
]
Rows = Annotated[tuple[Row, ...], Field(max_length=64)]
Label = Annotated[str, Field(max_length=80)]


class Pair(_Record):
    """A student's numbers beside the reference's, row by row: a matrix, a vector as one row, or one number."""

    name: Label
    yours: Rows
    reference: Rows

    @classmethod
    def of(cls, name: str, yours: Any, reference: Any) -> Self:
        """A pair from two arrays of at most two axes. If they agree, both sides get the reference's numbers."""
        answer, right = np.asarray(yours, dtype=np.float64), np.asarray(reference, dtype=np.float64)
        return cls(name=name, yours=_rows(right if close(answer, right, _SAME) else answer), reference=_rows(right))

    @property
    def agrees(self) -> bool:
        """Whether the two sides are equal."""
        return self.yours == self.reference

    def requires(self, rows: int | None = None, columns: int | None = None, *, alike: bool = True) -> None:
        """Raise ValueError unless both are tables with so many rows and columns. alike: both have one shape."""
        for side in (self.yours, self.reference) if alike else (self.reference,):
            lengths = {len(row) for row in side}
            if len(side) != (rows or len(self.reference)) or lengths != {columns or len(self.reference[0])}:
                raise ValueError(f"{self.name}: expected a table like the others, got {len(side)} rows of {lengths}")


class Ground(_Record):
    """Heights on a grid. x, y: from, to.  heights: one row for each y, from the first one on."""

    x: tuple[float, float]
    y: tuple[float, float]
    heights: Rows

    @model_validator(mode="after")
    def _a_grid(self) -> Self:
        widths = {len(row) for row in self.heights}
        a_table = len(self.heights) > 1 and len(widths) == 1 and min(widths) > 1
        if not a_table or not self.x[0] < self.x[1] or not self.y[0] < self.y[1]:
            raise ValueError("ground: expected a grid of heights from low to high, at least 2 by 2")
        return self


class Paths(_Record):
    """Two paths over a landscape, seen from above. path: two rows, all x and all y, in the order of the steps."""

    kind: Literal["paths"] = "paths"
    ground: Ground
    path: Pair
    x_label: Label
    y_label: Label

    @model_validator(mode="after")
    def _two_rows(self) -> Self:
        self.path.requires(rows=2, alike=False)
        if len(self.path.yours) != 2 or len(self.path.yours[0]) != len(self.path.yours[1]):
            raise ValueError("path: expected two rows of one length")
        return self


class Curves(_Record):
    """Two curves over the steps 0, 1, 2, … curve: one row."""

    kind: Literal["curves"] = "curves"
    curve: Pair
    x_label: Label
    y_label: Label

    @model_validator(mode="after")
    def _one_row(self) -> Self:
        self.curve.requires(rows=1, alike=False)
        if len(self.curve.yours) != 1:
            raise ValueError("curve: expected one row")
        return self


class HeatMap(_Record):
    """The errors of each array, entry by entry, relative to the largest entry of the reference.

    undrawn: one sentence for each array that cannot be drawn.
    """

    kind: Literal["heatmap"] = "heatmap"
    blocks: Annotated[tuple[Pair, ...], Field(min_length=1, max_length=12)]
    undrawn: Annotated[tuple[Annotated[str, Field(max_length=300)], ...], Field(max_length=12)] = ()

    @model_validator(mode="after")
    def _alike(self) -> Self:
        for block in self.blocks:
            block.requires()
        return self


class Network(_Record):
    """A number in each circle, column by column, and one on each line between two columns.

    columns: one row each.  weights: between a column and the next, (circles on the left, circles on the right).
    """

    kind: Literal["network"] = "network"
    columns: Annotated[tuple[Pair, ...], Field(min_length=2, max_length=6)]
    weights: Annotated[tuple[Pair, ...], Field(min_length=1, max_length=5)]

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        for column in self.columns:
            column.requires(rows=1)
        sizes = [len(column.reference[0]) for column in self.columns]
        for pair, (left, right) in zip(self.weights, pairwise(sizes), strict=True):
            pair.requires(left, right)
        return self


class Bars(_Record):
    """Amounts side by side, one number each. unit: what is counted.

    Example: `Bars(bars=(Pair.of("forward", yours, right),), unit="products")`.
    """

    kind: Literal["bars"] = "bars"
    bars: Annotated[tuple[Pair, ...], Field(min_length=1, max_length=12)]
    unit: Label

    @model_validator(mode="after")
    def _one_number_each(self) -> Self:
        for bar in self.bars:
            bar.requires(1, 1)
        return self


Drawing = Annotated[Paths | Curves | HeatMap | Network | Bars, Field(discriminator="kind")]


class Picture(_Record):
    """One picture of a result. drawing: None if there is none; then `why` gives the reason."""

    id: str
    question: str
    title: str
    caption: str = ""
    drawing: Drawing | None = None
    why: str = ""

    @property
    def agrees(self) -> bool:
        """Whether every number shown is the reference's."""
        if self.drawing is None or (self.drawing.kind == "heatmap" and self.drawing.undrawn):
            return False
        return all(pair.agrees for pair in pairs_of(self.drawing))


def pairs_of(drawing: Paths | Curves | HeatMap | Network | Bars) -> tuple[Pair, ...]:
    """All pairs of a drawing."""
    match drawing:
        case Paths():
            return (drawing.path,)
        case Curves():
            return (drawing.curve,)
        case HeatMap():
            return drawing.blocks
        case Network():
            return (*drawing.columns, *drawing.weights)
        case Bars():
            return drawing.bars


def _rows(array: np.ndarray) -> tuple[tuple[float, ...], ...]:
    if array.size > MAX_NUMBERS or array.ndim > 2:
        raise ValueError(f"a picture: expected at most {MAX_NUMBERS} numbers in at most 2 axes, got {array.shape}")
    with np.errstate(all="ignore"):
        return tuple(tuple(float(f"{x:.6g}") for x in row) for row in np.atleast_2d(array))
