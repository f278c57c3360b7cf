"""The parts of drawings: rows of numbers that a result can hold, and a student's beside the reference's.

Numbers have six digits. NaN and infinity are kept: a wrong answer can hold them, and the student should see it.
"""

from __future__ import annotations

from typing import Annotated, Any, Self

import numpy as np
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer

from autograder.authoring.diagnosis import close

MAX_NUMBERS = 4096  # of one answer; the largest picture of the three assignments has 122
SAME = 1e-6  # of the largest entry: no picture shows a smaller difference


class Record(BaseModel):
    """A part of a result: it cannot change, and has no fields but its own."""

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


class Pair(Record):
    """A student's numbers beside the reference's, row by row: a matrix, a vector as one row, or one number."""

    name: Label
    yours: Rows
    reference: Rows

    @classmethod
    def of(cls, name: str, yours: Any, reference: Any) -> Self:
        """A pair from two arrays of at most two axes. If they agree, both sides get the reference's numbers."""
        answer, right = np.asarray(yours, dtype=np.float64), np.asarray(reference, dtype=np.float64)
        return cls(name=name, yours=rows_of(right if close(answer, right, SAME) else answer), reference=rows_of(right))

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


def shape_of(rows: tuple[tuple[float, ...], ...]) -> tuple[int, ...]:
    """(rows, columns); more than two numbers for rows of different lengths."""
    return (len(rows), *sorted({len(row) for row in rows}))


def rows_of(array: np.ndarray) -> tuple[tuple[float, ...], ...]:
    """The rows of an array of at most two axes. Raises ValueError for more axes, or for too many numbers."""
    if array.size > MAX_NUMBERS or array.ndim > 2:
        raise ValueError(f"a picture: expected at most {MAX_NUMBERS} numbers in at most 2 axes, got {array.shape}")
    with np.errstate(all="ignore"):
        return tuple(tuple(float(f"{x:.6g}") for x in row) for row in np.atleast_2d(array))
