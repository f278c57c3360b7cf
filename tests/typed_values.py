"""One value and more of each kind that crosses the border, for the tests of the wire and the fuzzers."""

import datetime as dt
import zoneinfo
from collections import Counter, OrderedDict, defaultdict, deque
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import scipy.sparse as sp

BERLIN = zoneinfo.ZoneInfo("Europe/Berlin")
PYTHON = [
    1 + 2j,
    complex("nan"),
    {1, 2, "a"},
    frozenset({(1, 2), None}),
    b"ab\0",
    Counter({"a": 2, "b": 1}),
    OrderedDict([("z", 1), ("a", {2})]),
    defaultdict(list, {"a": [1]}),
    deque([1, 2], maxlen=3),
    dt.date(2024, 2, 29),
    dt.datetime(2024, 10, 27, 2, 30, fold=1, tzinfo=BERLIN),
    dt.datetime(2024, 1, 1, 3, 4, 5, 6),  # noqa: DTZ001 — most students' dates have no zone
    dt.datetime(2024, 1, 1, tzinfo=dt.timezone(dt.timedelta(hours=-3))),
    dt.time(3, 4, 5, 6, tzinfo=dt.UTC),
    dt.timedelta(days=-3, microseconds=4),
    Decimal("1.50"),
    Decimal("-Infinity"),
    Fraction(-3, 4),
]
NUMPY = [
    np.complex64(1j),
    np.datetime64("2024-01-01"),
    np.timedelta64(3, "h"),
    np.array([1 + 2j, 3]),
    np.array(["2024-01", "NaT"], "M8[M]"),
    np.array([3, 4], "m8[ns]"),
    np.array(["a", "üß", ""]),
    np.array([[b"x", b""]]),
    np.array([], "U5"),
    np.array(["a", None, np.nan, "\N{GRINNING FACE}"], object),
    np.array([["a"], [None]], object),
    np.array([1, "a", [1, {}], dt.date(2024, 1, 1)], object),
    np.array(5, object),
    np.zeros((0, 3), object),
]
INDEXES = [
    pd.Index([1, 2]),
    pd.Index([1.5, np.nan], name="x"),
    pd.Index(["a", "b"]),
    pd.Index(["a", 1], name=("x", 2)),
    pd.Index([True, False]),
    pd.Index([1, None], dtype="Int64"),
    pd.RangeIndex(2, 8, 3, name="n"),
    pd.date_range("2024", periods=2, freq="MS"),
    pd.date_range("2024", periods=2, tz="Europe/Berlin", unit="s"),
    pd.date_range("2024", periods=2, tz=dt.timezone(dt.timedelta(hours=2))),
    pd.timedelta_range("1h", periods=2),
    pd.period_range("2024Q1", periods=2, freq="Q"),
    pd.interval_range(0, 2),
    pd.CategoricalIndex(["b", "a"], categories=["b", "a", "c"], ordered=True),
    pd.MultiIndex.from_tuples([("a", 1), ("b", None)], names=["x", None]),
]
COLUMNS = {
    "float": [1.0, np.nan],
    "int": [1, 2],
    "bool": [True, False],
    "complex": np.array([1 + 1j, 2]),
    "text": ["a", None],
    "objects": pd.Series(["a", "b"], dtype=object),
    "mixed": ["a", 3],
    "lists": [[1], [2, 3]],
    "dates": [dt.date(2024, 1, 1), None],
    "NA": pd.Series([pd.NA, "x"], dtype=object),
    "NaT": [pd.NaT, pd.Timestamp("2024", tz="UTC")],
    "Int8": pd.array([1, None], dtype="Int8"),
    "Float32": pd.array([1.5, None], dtype="Float32"),
    "boolean": pd.array([True, None], dtype="boolean"),
    "string": pd.array(["a", None], dtype="string"),
    "category": pd.Categorical(["x", None], categories=["y", "x"]),
    "datetime": pd.to_datetime(["2024-01-01", None]),
    "zone": pd.to_datetime(["2024-01-01", None]).tz_localize("America/New_York"),
    "timedelta": pd.to_timedelta([1, None], unit="h"),
    "period": pd.period_range("2024", periods=2, freq="D"),
    "interval": pd.arrays.IntervalArray.from_breaks([0, 1, 2]),
}
FRAMES = [
    pd.DataFrame(COLUMNS),
    pd.DataFrame([[1, "a"], [2, "b"]], columns=["x", "x"]),
    pd.DataFrame(np.eye(2), columns=pd.MultiIndex.from_product([["a"], [1, 2]]), index=["r", "s"]),
    pd.DataFrame(np.eye(3) > 0),
    pd.DataFrame(),
    pd.DataFrame(index=[1, 2]),
    pd.DataFrame(columns=["a"]),
]
SCALARS = [
    pd.Timestamp("2024-01-01 03:04:05.123456789"),
    pd.Timestamp("2024-06-01", tz="Europe/Berlin"),
    pd.Timedelta("1h"),
    pd.NaT,
    pd.NA,
    pd.Period("2024Q3"),
    pd.Interval(0, 1.5, closed="both"),
]
ARRAYS = [FRAMES[0][name].array for name in list(COLUMNS)[11:]]
_MATRIX = sp.coo_array(np.array([[0, 1.5, 0], [2, 0, 0]]))
SPARSE = [
    *(_MATRIX.asformat(form) for form in ("csr", "csc", "coo", "bsr", "dia", "dok", "lil")),
    *(sp.coo_matrix(_MATRIX).asformat(form) for form in ("csr", "csc", "coo", "lil")),
    sp.csr_matrix((3, 4), dtype=np.int8),
    sp.coo_array(np.array([1j, 0])),
]
ALL = [*PYTHON, *NUMPY, *INDEXES, *FRAMES, *SCALARS, *ARRAYS, *SPARSE]
