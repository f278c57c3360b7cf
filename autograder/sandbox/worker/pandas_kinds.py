"""pandas' tables, indexes, columns and scalars as parts. Imported only where such a value is met.

A DataFrame is its columns' labels, its rows' labels and its columns. A column is an array: NumPy's, or one of pandas
with a kind of its own. Labels, categories and codes are checked by pandas while it puts them together. What is not
here stays in its process: subclasses, Arrow's and sparse columns, offsets. `attrs` and flags do not travel.
"""

from __future__ import annotations

import re
from typing import Any, Final

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray

from .kinds import Kind, Stays, require
from .layouts import MAX_ENTRIES, WireError, require_few
from .outline import MAX_ODD_KEYS
from .python_kinds import zone_apart, zone_together

MAX_ROWS: Final = MAX_ENTRIES  # of an index without numbers, too: RangeIndex(10**15) is 30 bytes on the wire
MAX_COLUMNS: Final = 4096  # of a table whose columns have different dtypes
_FREQUENCY: Final = re.compile(r"-?\d{0,9}[A-Za-z]{1,6}(-[A-Z0-9]{1,4}){0,2}")
_RESOLUTIONS: Final = frozenset({"s", "ms", "us", "ns"})


class _Column:
    """One column of a table whose columns have different dtypes. It is an extension, so the outline counts its cost."""

    def __init__(self, array: Any) -> None:
        self.array = array


def _require_plain(columns: Any) -> None:
    """Raise WireError if many labels of columns could have one hash: a check makes a set of them."""
    plain = len(columns) <= MAX_COLUMNS or getattr(columns.dtype, "kind", "O") in "iuf"
    if not plain and set(map(type, columns.tolist())) != {str}:
        raise WireError(f"a DataFrame of more than {MAX_COLUMNS} columns whose labels are neither text nor numbers")


def _frame_apart(frame: Any) -> list[Any]:
    require_few(frame.shape)
    _require_plain(frame.columns)
    dtypes = set(frame.dtypes)
    if len(dtypes) == 1 and isinstance(frame.dtypes.iloc[0], np.dtype) and frame.dtypes.iloc[0].kind != "O":
        return [frame.columns, frame.index, frame.to_numpy()]
    if len(frame.columns) > MAX_COLUMNS:
        raise WireError(f"a DataFrame of more than {MAX_COLUMNS} columns with different dtypes")
    return [frame.columns, frame.index, [_Column(_array_of(frame.iloc[:, i])) for i in range(len(frame.columns))]]


def _frame(columns: Any, rows: Any, data: Any) -> Any:
    _require_index(columns, rows)
    _require_plain(columns)
    if isinstance(data, np.ndarray):
        require(data.shape == (len(rows), len(columns)) and data.dtype != object, "a DataFrame")
        return pd.DataFrame(data, index=rows, columns=columns)
    require(type(data) is list and len(data) == len(columns) <= MAX_COLUMNS, "a DataFrame")
    require(all(type(column) is _Column for column in data), "a DataFrame")
    frame = pd.DataFrame({place: _series(rows, column.array, None) for place, column in enumerate(data)}, index=rows)
    frame.columns = columns  # labels may stand twice
    return frame


def _series_apart(series: Any) -> list[Any]:
    return [series.index, _array_of(series), series.name]


def _series(rows: Any, data: Any, name: Any) -> Any:
    _require_index(rows)
    array = _column(data, len(rows))
    return pd.Series(array, index=rows, name=name, dtype=array.dtype, copy=False)


def _array_of(values: Any) -> Any:
    """The array of a Series or an Index: NumPy's, or one of pandas. Raises Stays if no other part would."""
    if isinstance(values.dtype, np.dtype):
        return values.to_numpy()
    if type(values.array) not in KINDS:
        raise Stays
    return values.array


def _column(array: Any, rows: int) -> Any:
    """A column with so many rows. Raises WireError."""
    require(isinstance(array, (np.ndarray, ExtensionArray)) and array.ndim == 1 and len(array) == rows, "a column")
    return array


def _require_index(*indexes: Any) -> None:
    for index in indexes:
        require(isinstance(index, pd.Index), "an index")


def _require_fast(*indexes: Any) -> None:
    """Raise WireError unless pandas finds out in little time whether a label stands twice in one of these.

    Its hash of numbers is not salted: 2 million numbers can be chosen that all meet in one place, and take an hour. In
    sorted labels it looks at neighbours only, and Python's hash of text is salted.
    """
    _require_index(*indexes)
    for index in indexes:
        if len(index) > MAX_ODD_KEYS and not _is_fast(index):
            raise WireError(f"more than {MAX_ODD_KEYS} categories, or labels of one level, that are not sorted")


def _is_fast(index: Any) -> bool:
    if isinstance(index, (pd.IntervalIndex, pd.MultiIndex)):  # they look at more than one array
        return False
    return bool(index.is_monotonic_increasing) or set(map(type, index.dropna().tolist())) == {str}


def _index_apart(index: Any) -> list[Any]:
    return [_array_of(index), _frequency_of(index), index.name]


def _index(array: Any, frequency: Any, name: Any) -> Any:
    require(isinstance(array, (np.ndarray, ExtensionArray)) and array.ndim == 1, "an index")
    index = pd.Index(array, dtype=array.dtype, name=name, copy=False)
    if frequency is not None:
        require(isinstance(index, (pd.DatetimeIndex, pd.TimedeltaIndex)), "an index with a frequency")
        index.freq = _checked(frequency)
    return index


def _frequency_of(index: Any) -> str | None:
    """The frequency's name; None if it has none, or one that its name does not say: of holidays, or of many parts."""
    name = getattr(index, "freqstr", None) if isinstance(index, (pd.DatetimeIndex, pd.TimedeltaIndex)) else None
    if name is None or not _FREQUENCY.fullmatch(name) or name.lstrip("-0123456789").startswith("C"):
        return None
    return str(name)


def _checked(frequency: Any) -> str:
    require(type(frequency) is str and _FREQUENCY.fullmatch(frequency), "a frequency")
    return str(frequency)


def _range(start: Any, stop: Any, step: Any, name: Any) -> Any:
    require(all(type(n) is int for n in (start, stop, step)), "a range")
    require_few((len(range(start, stop, step)),))
    return pd.RangeIndex(start, stop, step, name=name)


def _multi_apart(index: Any) -> list[Any]:
    pairs = [_sorted_level(level, np.asarray(codes)) for level, codes in zip(index.levels, index.codes, strict=True)]
    return [[level for level, _ in pairs], [codes for _, codes in pairs], list(index.names)]


def _sorted_level(level: Any, codes: np.ndarray) -> tuple[Any, np.ndarray]:
    """A level with its codes; sorted, if it could not travel as it is: `groupby(…, sort=False)` makes such levels."""
    if len(level) <= MAX_ODD_KEYS or _is_fast(level):
        return level, codes
    order = level.argsort()
    return level.take(order), np.where(codes < 0, -1, np.argsort(order)[codes])


def _multi(levels: Any, codes: Any, names: Any) -> Any:
    require(type(levels) is list and type(codes) is list and type(names) is list, "a MultiIndex")
    require(0 < len(levels) == len(codes) == len(names) <= MAX_COLUMNS, "a MultiIndex")
    _require_fast(*levels)
    lengths = {
        len(each) for each in codes if isinstance(each, np.ndarray) and each.ndim == 1 and each.dtype.kind == "i"
    }
    require(len(lengths) == 1 and all(isinstance(each, np.ndarray) for each in codes), "a MultiIndex")
    require_few((*lengths, len(levels)))  # a tuple for each row, if a check asks for them
    return pd.MultiIndex(levels, codes, names=names, verify_integrity=True)


def _categorical_apart(array: Any) -> list[Any]:
    _require_fast(array.categories)
    return [np.asarray(array.codes), array.categories, bool(array.ordered)]


def _categorical(codes: Any, categories: Any, ordered: Any) -> Any:
    _require_fast(categories)
    require(isinstance(codes, np.ndarray) and codes.ndim == 1 and codes.dtype.kind == "i", "categories")
    return pd.Categorical.from_codes(codes, categories, ordered=ordered is True)  # checks the codes' range


def _masked_apart(array: Any) -> list[Any]:
    return [array.to_numpy(dtype=array.dtype.numpy_dtype, na_value=0), np.asarray(array.isna())]


def _masked(kind: type) -> Any:
    def together(data: Any, mask: Any) -> Any:
        require(isinstance(data, np.ndarray) and isinstance(mask, np.ndarray) and mask.dtype == bool, "numbers")
        require(data.ndim == 1 and data.shape == mask.shape, "numbers")
        return kind(data, mask)  # it checks the dtype

    return together


def _texts_apart(array: Any) -> list[Any]:
    missing = "NA" if array.dtype.na_value is pd.NA else "NaN"
    return [array.to_numpy(dtype=object, na_value=None), missing]


def _texts(objects: Any, missing: Any) -> Any:
    require(isinstance(objects, np.ndarray) and objects.dtype == object and objects.ndim == 1, "a column of text")
    require(missing in {"NA", "NaN"}, "a column of text")
    require(set(map(type, objects.tolist())) <= {str, type(None)}, "a column of text")
    return pd.array(objects, dtype=pd.StringDtype("python", np.nan) if missing == "NaN" else pd.StringDtype("python"))


def _dates_apart(array: Any) -> list[Any]:
    zone = getattr(array, "tz", None)
    return [np.asarray(array.tz_convert("UTC").tz_localize(None) if zone else array), zone_apart(zone)]


def _dates(array: Any, zone: Any) -> Any:
    require(isinstance(array, np.ndarray) and array.dtype.kind == "M" and array.ndim == 1, "dates")
    require(np.datetime_data(array.dtype)[0] in _RESOLUTIONS, "dates")
    dates = pd.DatetimeIndex(array)
    return dates.array if zone is None else dates.tz_localize("UTC").tz_convert(_zone(zone)).array


def _zone(zone: Any) -> Any:
    """The time zone in the form that this version of pandas makes of its name."""
    made = zone_together(zone)
    return zone if type(zone) is str else made


def _times(array: Any) -> Any:
    require(isinstance(array, np.ndarray) and array.dtype.kind == "m" and array.ndim == 1, "times")
    require(np.datetime_data(array.dtype)[0] in _RESOLUTIONS, "times")
    return pd.TimedeltaIndex(array).array


def _periods(ordinals: Any, frequency: Any) -> Any:
    require(isinstance(ordinals, np.ndarray) and ordinals.dtype == np.int64 and ordinals.ndim == 1, "periods")
    return pd.arrays.PeriodArray(ordinals, dtype=pd.PeriodDtype(_checked(frequency)))


def _intervals_apart(array: Any) -> list[Any]:
    return [array.left, array.right, array.closed]


def _intervals(left: Any, right: Any, closed: Any) -> Any:
    _require_index(left, right)
    return pd.arrays.IntervalArray.from_arrays(left, right, closed=closed)  # checks the order and `closed`


def _timestamp_apart(value: Any) -> list[Any]:
    return [value.asm8, zone_apart(value.tz)]


def _timestamp(moment: Any, zone: Any) -> Any:
    require(isinstance(moment, np.datetime64) and np.datetime_data(moment.dtype)[0] in _RESOLUTIONS, "a Timestamp")
    made = pd.Timestamp(moment)
    return made if zone is None else made.tz_localize("UTC").tz_convert(_zone(zone))


def _timedelta(length: Any) -> Any:
    require(isinstance(length, np.timedelta64) and np.datetime_data(length.dtype)[0] in _RESOLUTIONS, "a Timedelta")
    return pd.Timedelta(length)


def _period(ordinal: Any, frequency: Any) -> Any:
    return _periods(np.array([ordinal], np.int64), frequency)[0]


def _interval(left: Any, right: Any, closed: Any) -> Any:
    return pd.Interval(left, right, closed=closed)


def _masked_kind(kind: type) -> Kind:
    return Kind(f"pandas.{kind.__name__}", _masked_apart, _masked(kind), large=True)


_INDEX: Final = Kind("pandas.Index", _index_apart, _index, large=True)
_TEXTS: Final = Kind("pandas.texts", _texts_apart, _texts, large=True)
_DATES: Final = Kind("pandas.dates", _dates_apart, _dates, large=True)
_PLAIN_INDEXES: Final = (
    pd.Index,
    pd.DatetimeIndex,
    pd.TimedeltaIndex,
    pd.PeriodIndex,
    pd.IntervalIndex,
    pd.CategoricalIndex,
)
KINDS: Final[dict[type, Kind]] = {
    pd.DataFrame: Kind("pandas.DataFrame", _frame_apart, _frame, large=True),
    _Column: Kind("pandas.column", lambda column: [column.array], _Column),
    pd.Series: Kind("pandas.Series", _series_apart, _series, large=True),
    **dict.fromkeys(_PLAIN_INDEXES, _INDEX),
    pd.RangeIndex: Kind("pandas.range", lambda i: [i.start, i.stop, i.step, i.name], _range, large=True),
    pd.MultiIndex: Kind("pandas.MultiIndex", _multi_apart, _multi, large=True),
    pd.Categorical: Kind("pandas.Categorical", _categorical_apart, _categorical, large=True),
    **{kind: _masked_kind(kind) for kind in (pd.arrays.IntegerArray, pd.arrays.FloatingArray, pd.arrays.BooleanArray)},
    pd.arrays.StringArray: _TEXTS,
    pd.arrays.ArrowStringArray: _TEXTS,  # with pyarrow; it arrives without
    pd.arrays.DatetimeArray: _DATES,
    pd.arrays.TimedeltaArray: Kind("pandas.times", lambda array: [np.asarray(array)], _times, large=True),
    pd.arrays.PeriodArray: Kind("pandas.periods", lambda a: [a.asi8, a.freqstr], _periods, large=True),
    pd.arrays.IntervalArray: Kind("pandas.intervals", _intervals_apart, _intervals, large=True),
    pd.Timestamp: Kind("pandas.Timestamp", _timestamp_apart, _timestamp),
    pd.Timedelta: Kind("pandas.Timedelta", lambda value: [value.asm8], _timedelta),
    pd.Period: Kind("pandas.Period", lambda value: [value.ordinal, value.freqstr], _period),
    pd.Interval: Kind("pandas.Interval", lambda value: [value.left, value.right, value.closed], _interval),
    type(pd.NaT): Kind("pandas.NaT", lambda _: [], lambda: pd.NaT),
    type(pd.NA): Kind("pandas.NA", lambda _: [], lambda: pd.NA),
}
