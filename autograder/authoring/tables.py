"""Assertions about tables of pandas: what is wrong first, from the columns' names to the cells.

In a hidden check a message may name a column if its name stands in the author's file. A row's label and a value come
out in public checks only: a notebook that chooses where to be wrong could tell a hidden value by it.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from autograder.authoring.diagnosis import describe
from autograder.authoring.equality import same
from autograder.authoring.failing import SafeText, refuse
from autograder.authoring.table_columns import ColumnName, require_kind, require_values, short
from autograder.sandbox.worker.describing import Untravelled, words_of_class

if TYPE_CHECKING:
    import pandas as pd

Dtypes = Literal["kind", "exact", "any"]
_RESULT = SafeText("the result")
_WORDS = {"frame": "a DataFrame", "series": "a Series"}
_HINTS = {
    "frame": "select columns with two pairs of brackets, df[[…]], or use .to_frame()",
    "series": "select one column with one pair of brackets",
}
_PANDAS = {("pandas", "DataFrame"): "frame", ("pandas", "Series"): "series"}


# (whether the answer's rows are only counted, whether the reference's are): hint.
_OF_INDEX = {
    (True, False): "the rows are only counted: use .set_index",
    (False, True): "use .reset_index()",
}


def assert_frame(
    got: Any,
    expected: pd.DataFrame,
    *,
    name: str = _RESULT,
    rtol: float | None = None,
    dtypes: Dtypes = "kind",
    index: bool = True,
    row_order: bool = True,
    column_order: bool = False,
    extra_columns: bool = False,
) -> None:
    """`got` is a DataFrame like `expected`: the same columns, rows, kinds of values, and values.

    rtol: for floats, relative to the largest of a column; 1e-5 unless given. Whole numbers must be equal.
    dtypes: "kind": whole numbers, floats, text, dates …, each of any dtype; "exact": the same dtypes; "any": not asked.
    index: whether the rows' labels must be right.  row_order: whether the rows' order must be. Without it, rows are
    compared by their labels, or with index=False in sorted order.  column_order: whether the columns' order must be
    right.  extra_columns: whether more columns may be there.
    Raises CheckFailed.

    Example: `assert_frame(student.cheapest(df), expected, row_order=False)`.
    """
    _require_type(got, "frame", name)
    _require_columns(got, expected, name, extra=extra_columns, order=column_order)
    if expected.columns.is_unique:  # otherwise they are in the same order
        labels = list(got.columns)
        got = got.iloc[:, [labels.index(label) for label in expected.columns]]
    got, expected = _with_rows(got, expected, name, index=index, order=row_order)
    parts = [ColumnName(name, ("column", str(label))) for label in expected.columns]
    columns = [(got.iloc[:, i], expected.iloc[:, i], part) for i, part in enumerate(parts)]
    for one, other, part in columns if dtypes != "any" else ():
        require_kind(one, other, part, exact=dtypes == "exact")
    for one, other, part in columns:
        require_values(one, other, part, rtol)


def assert_series(
    got: Any,
    expected: pd.Series,
    *,
    name: str = _RESULT,
    rtol: float | None = None,
    dtypes: Dtypes = "kind",
    index: bool = True,
    row_order: bool = True,
    series_name: bool = False,
) -> None:
    """`got` is a Series like `expected`. The options are those of assert_frame.

    series_name: whether its own name must be right.  Raises CheckFailed.

    Example: `assert_series(student.ages(df), df["year"].rsub(2026), series_name=True)`.
    """
    _require_type(got, "series", name)
    if series_name and not same(got.name, expected.name):
        refuse("the Series has another name", "keys", subject=name, hint="use .rename", detail=_pair(expected, got))
    ours, theirs = got.to_frame("values"), expected.to_frame("values")
    ours, theirs = _with_rows(ours, theirs, name, index=index, order=row_order)
    if dtypes != "any":
        require_kind(ours["values"], theirs["values"], ColumnName(name), exact=dtypes == "exact")
    require_values(ours["values"], theirs["values"], ColumnName(name), rtol)


def _pair(expected: Any, got: Any) -> str:
    return f"expected {short(expected.name)}, got {short(got.name)}"


def _require_type(got: Any, wanted: str, name: str) -> None:
    kind = words_of_class(got, _PANDAS)
    if kind == wanted and not isinstance(got, Untravelled):
        return
    hint = _HINTS[wanted] if kind else ""
    if got is None:
        hint = "look for a missing return, and for inplace=True, which returns None"
    refuse(f"expected {_WORDS[wanted]}", "type", subject=name, got=describe(got), hint=hint)


def _require_columns(got: pd.DataFrame, expected: pd.DataFrame, name: str, *, extra: bool, order: bool) -> None:
    present = set(got.columns)
    for label in expected.columns:
        if label not in present:
            hint = _hint_for(label, got)
            refuse("this column is missing", "keys", subject=name, part=("column", str(label)), hint=hint)
    if not extra and len(got.columns) > len(expected.columns):
        more = next((label for label in got.columns if label not in set(expected.columns)), None)
        detail = "a column stands twice" if more is None else f"such as {short(more)}"
        refuse(f"expected {len(expected.columns)} columns", "keys", subject=name, got="more", detail=detail)
    ordered = order or not expected.columns.is_unique
    if ordered and [label for label in got.columns if label in set(expected.columns)] != list(expected.columns):
        hint = "select the columns in the order that was asked for, df[[…]]"
        refuse("the columns are in another order", "order", subject=name, hint=hint)


def _hint_for(label: Any, got: pd.DataFrame) -> str:
    """A hint about a column that is missing: where it may be."""
    if label in set(got.index.names):
        return "it is the index: use .reset_index()"
    plain = {str(other).strip().casefold() for other in got.columns}
    return "look at capital letters and spaces of its name" if str(label).strip().casefold() in plain else ""


def _with_rows(
    got: pd.DataFrame, expected: pd.DataFrame, name: str, *, index: bool, order: bool
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Both tables with rows that belong to each other. Raises CheckFailed if that is not possible."""
    if len(got) != len(expected):
        amount = "no rows" if not len(got) else "more" if len(got) > len(expected) else "fewer"
        refuse(f"expected {len(expected)} rows", "shape", subject=name, got=amount)
    if not index:
        return (got, expected) if order else (got.iloc[_sorted_rows(got)], expected.iloc[_sorted_rows(expected)])
    if got.index.equals(expected.index):
        return got, expected
    places = _places(got.index.tolist(), expected.index.tolist())
    if places is None:
        counted = _is_count(got), _is_count(expected)
        hint = _OF_INDEX.get(counted, "")
        refuse("the rows have other labels (index)", "keys", subject=name, hint=hint)
    if places == list(range(len(got))):  # equal labels of other types, such as 1 and 1.0
        return got, expected
    if order:
        hint = "look for .sort_values or .sort_index, and for ascending"
        refuse("the rows are in another order", "order", subject=name, hint=hint)
    return got.iloc[places], expected


def _is_count(frame: pd.DataFrame) -> bool:
    return type(frame.index).__name__ == "RangeIndex" and frame.index.tolist() == list(range(len(frame)))


def _places(ours: Sequence[Any], theirs: Sequence[Any]) -> list[int] | None:
    """For each of their labels the place of ours, or None if they are not the same labels."""
    at: dict[Any, deque[int]] = {}
    try:
        for place, label in enumerate(ours):
            at.setdefault(label, deque()).append(place)
        return [at[label].popleft() for label in theirs]
    except (KeyError, IndexError, TypeError):  # TypeError: a label that is a list
        return None


def _sorted_rows(frame: pd.DataFrame) -> np.ndarray:
    """The order of rows by what is no float first: floats can differ by a rounding."""
    columns = [frame.iloc[:, i] for i in range(len(frame.columns))]
    columns.sort(key=lambda column: getattr(column.dtype, "kind", "O") in "fc")
    rows = zip(*(map(_key, column.tolist()) for column in columns), strict=True)
    return np.array(sorted(range(len(frame)), key=list(rows).__getitem__), dtype=int)


def _key(value: Any) -> tuple[str, Any]:
    match value:
        case bool() | int() | float():
            return ("", 0.0) if math.isnan(value) else ("number", float(value))
    return type(value).__name__, str(value)
