"""Whether two values are the same: of one type, with the same parts, where a missing number equals a missing number.

All values that cross the border can be compared: numbers, text, dates, lists, arrays, tables, sparse matrices.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.sandbox.worker.kinds import Stays, kind_of


def same(one: Any, other: Any) -> bool:
    """Whether two values are the same in type and content, at any depth. NaN is the same as NaN, 0.0 as -0.0."""
    if one is other:  # pandas' NA, of which a comparison is neither true nor false
        return True
    if type(one) is not type(other):
        return False
    kind = kind_of(one)
    # A part of a table can be of a type without an equality of its own.
    plain: Any = object.__eq__
    in_parts = kind is not None and (kind.large or type(one).__eq__ is plain)
    return _same_parts(one, other) if in_parts else _same_plain(one, other)


def _same_plain(one: Any, other: Any) -> bool:
    match one:
        case np.ndarray():
            return _same_arrays(one, other)
        case list() | tuple():
            return len(one) == len(other) and all(map(same, one, other))
        case dict():
            return len(one) == len(other) and all(key in other and same(one[key], other[key]) for key in one)
    return bool(one == other) or bool(one != one and other != other)  # noqa: PLR0124 — NaN, NaT


def _same_arrays(one: np.ndarray, other: np.ndarray) -> bool:
    if one.dtype != other.dtype or one.shape != other.shape:
        return False
    if one.dtype == object:
        return all(map(same, one.ravel().tolist(), other.ravel().tolist()))
    return bool(np.array_equal(one, other, equal_nan=one.dtype.kind in "fcmM"))


def _same_parts(one: Any, other: Any) -> bool:
    """Of tables: by the parts in which they travel. A table with other values in it is compared as a whole."""
    try:
        return same(kind_of(one).apart(one), kind_of(other).apart(other))  # type: ignore[union-attr]
    except Stays:
        return bool(one.equals(other))
