"""Axes with round ticks, and numbers as people write them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

WIDTH = 400  # of a drawing, in the units of its view box
_FAR = 4.0  # times its length beyond an axis's end: a farther place is drawn there, and is out of sight


@dataclass(frozen=True, slots=True)
class Table:
    """The numbers behind a picture."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Drawn = tuple[str, Table, dict[str, Any]]  # what a picture shows in words, its numbers, and what its template needs


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis. low, high: in the units of the numbers.  start, end: their places on paper."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """The place of a finite number."""
        share = (value - self.low) / (self.high - self.low)
        return round(self.start + min(1 + _FAR, max(-_FAR, share)) * (self.end - self.start), 1)

    def holds(self, value: float) -> bool:
        """Whether a number lies between the ends. NaN does not."""
        return self.low <= value <= self.high

    @property
    def ticks(self) -> tuple[tuple[float, str], ...]:
        """Places and words of about five round numbers."""
        rough = (self.high - self.low) / 4
        unit = 10.0 ** math.floor(math.log10(rough))
        step = unit * min((1, 2, 5, 10), key=lambda m: abs(m * unit - rough))
        first, last = math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9)
        return tuple((self(i * step), number_text(i * step)) for i in range(first, last + 1))


def around(reference: Iterable[float], yours: Iterable[float], start: float, end: float) -> Axis:
    """An axis for the reference's finite numbers, and for a student's if they are not so large that they hide these."""
    right = [v for v in reference if math.isfinite(v)] or [0.0]
    low, high = min(right), max(right)
    reach = (high - low) or abs(high) or 1.0
    near = [min(high + 2 * reach, max(low - 2 * reach, v)) for v in yours if math.isfinite(v)]
    low, high = min([low, *near]), max([high, *near])
    room = 0.06 * (high - low) or reach
    return Axis(low - room, high + room, start, end)


def number_text(value: float, digits: int = 3) -> str:
    """A short number with a real minus sign: −0.269, 1e−12, ∞, NaN."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    text = f"{value:.{digits}g}" if abs(value) < 1e5 or abs(value) >= 1e9 else f"{value:.0f}"
    mantissa, e, exponent = text.partition("e")
    text = f"{mantissa}e{int(exponent)}" if e else text
    return "0" if text in {"0", "-0"} else text.replace("-", "−")


def count_text(value: float) -> str:
    """A whole number with a thin space between thousands."""
    return f"{value:,.0f}".replace(",", " ") if math.isfinite(value) else number_text(value)
