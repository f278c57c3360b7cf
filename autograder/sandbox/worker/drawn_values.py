"""Plain values out of matplotlib's: numbers, colours and texts of a drawing, each within its limit."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

# Together they keep an answer within outline.MAX_TABLE.
MAX_NUMBERS = 400_000  # of all arrays of one answer
MAX_TEXT = 256  # bytes
MAX_ITEMS = 1000  # artists, ticks and texts of a pair of axes


class Room:
    """Makes arrays of float64 as long as there is room for them."""

    def __init__(self) -> None:
        self.left = MAX_NUMBERS

    def numbers(self, values: Any) -> np.ndarray:
        """The numbers as float64, NaN where they are masked. Raises ValueError if there is no room."""
        array = np.ma.asarray(values)
        if array.dtype.kind == "M":
            array = days(array)
        if array.size > self.left or array.ndim > 3:
            raise ValueError(f"a drawing: expected at most {MAX_NUMBERS} numbers, got more")
        self.left -= array.size
        return np.array(np.ma.filled(array.astype(np.float64), np.nan))


def days(dates: Any) -> Any:
    """Dates as days since 1970-01-01."""
    return dates.astype("datetime64[ns]").astype(np.int64) / 86_400e9


def days_of_periods(axes: Any, x: np.ndarray) -> np.ndarray:
    """The x of a line as matplotlib would have it. pandas counts periods of the axes' frequency instead of days."""
    pandas = sys.modules.get("pandas")
    if pandas is None or type(axes.xaxis.get_major_formatter()).__name__ != "TimeSeries_DateFormatter":
        return x
    periods = pandas.PeriodIndex.from_ordinals(x.astype(np.int64), freq=axes.freq)
    return np.asarray(days(periods.to_timestamp().to_numpy()))


def text(value: object) -> str:
    """The text without the spaces around it."""
    return "" if value is None else str(value).strip().encode("utf-8", "replace")[:MAX_TEXT].decode("utf-8", "ignore")


def label(artist: Any) -> str:
    """The label of an artist; "" for one that matplotlib made up, such as "_child0"."""
    given = text(artist.get_label())
    return "" if given.startswith("_") else given


def color(value: Any, alpha: Any = None) -> list[float]:
    """A colour as [red, green, blue, opacity]; none at all is transparent black."""
    from matplotlib import colors

    return [float(part) for part in colors.to_rgba(value, alpha)]


def first_color(values: Any) -> list[float]:
    """The first of an array of colours."""
    rows = np.asarray(values, dtype=np.float64).reshape(-1, 4)
    return [float(part) for part in rows[0]] if len(rows) else [0.0] * 4
