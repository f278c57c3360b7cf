"""One assertion for any value: numbers, text, dates, lists, sets, dicts, and what these hold."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograder.authoring.assertions import assert_array
from autograder.authoring.diagnosis import describe
from autograder.authoring.equality import same
from autograder.authoring.failing import CheckFailed, SafeText, refuse
from autograder.authoring.precision import usual_rtol
from autograder.authoring.sparse import assert_sparse
from autograder.authoring.table_columns import short
from autograder.authoring.tables import assert_frame, assert_series
from autograder.sandbox.worker.describing import words_of_class

_RESULT = SafeText("the result")
_TABLES = {
    ("pandas", "DataFrame"): assert_frame,
    ("pandas", "Series"): assert_series,
    ("scipy", "_spbase"): assert_sparse,
}
_REALS: Any = (int, float, np.integer, np.floating)
_WHOLE: Any = (int, np.integer)
_TRUTH = (bool, np.bool_)


def assert_value(got: Any, expected: Any, *, name: str = _RESULT, rtol: float | None = None) -> None:
    """`got` is the value `expected`: a number, text, a date, a list, a tuple, a set, a dict, an array, a table.

    Whole numbers are compared exactly, and floats up to rtol, 1e-5 unless given; a list is no tuple, a truth value no
    number. In lists, tuples and dicts this holds for each item. Raises CheckFailed.

    Example: `assert_value(student.count_words("a b a"), {"a": 2, "b": 1})`.
    """
    if (table := _table_of(expected)) is not None:
        table(got, expected, name=name, rtol=rtol)
    elif isinstance(expected, np.ndarray) and expected.dtype.kind in "fiuc":
        assert_array(got, expected, name=name, rtol=rtol)
    elif isinstance(expected, dict):
        _require_dict(got, expected, name, rtol)
    elif isinstance(expected, (list, tuple)):
        _require_items(got, expected, name, rtol)
    elif isinstance(expected, (set, frozenset)):
        _require_set(got, expected, name)
    else:
        _require_one(got, expected, name, rtol)


def _table_of(expected: Any) -> Any:
    names = {words: table for words, table in _TABLES.items() if words_of_class(expected, {words: "x"})}
    return next(iter(names.values()), None)


def _require_one(got: Any, expected: Any, name: str, rtol: float | None) -> None:
    """A number, text, None, a date, or an array of something else than numbers."""
    _require_kind(got, expected, name)
    if same(got, expected) or _is_near(got, expected, rtol):
        return
    if isinstance(expected, str):
        refuse(
            "another text than expected",
            "value",
            subject=name,
            hint=_text_hint(got, expected),
            detail=_pair(got, expected),
        )
    kind = "another value than expected"
    if _is_real(expected) and not isinstance(expected, _TRUTH):
        kind = "larger than the reference" if got > expected else "smaller than the reference"
    refuse(kind, "value", subject=name, detail=_pair(got, expected))


def _require_kind(got: Any, expected: Any, name: str) -> None:
    ours, theirs = _kind_words(got), _kind_words(expected)
    if ours != theirs and (ours, theirs) != ("a number", "a complex number"):
        refuse(f"expected {theirs}", "type", subject=name, got=ours)


def _kind_words(value: Any) -> str:
    if isinstance(value, _TRUTH):
        return "a truth value"
    return "a number" if _is_real(value) else describe(value)


def _is_real(value: Any) -> bool:
    return isinstance(value, _REALS) and type(value) is not np.timedelta64


def _is_near(got: Any, expected: Any, rtol: float | None) -> bool:
    if isinstance(expected, np.ndarray):
        return bool(got.shape == expected.shape and np.array_equal(got, expected))
    is_number = _is_real(expected) or isinstance(expected, (complex, np.complexfloating))
    if got == expected or not is_number or (isinstance(got, _WHOLE) and isinstance(expected, _WHOLE)):
        return bool(got == expected)
    tolerance = usual_rtol() if rtol is None else rtol
    return bool(abs(got - expected) <= tolerance * abs(expected) < math.inf)


def _text_hint(got: str, expected: str) -> str:
    if got.split() == expected.split():
        return "look at spaces and line ends"
    return "look at capital letters" if got.casefold() == expected.casefold() else ""


def _require_dict(got: Any, expected: dict[Any, Any], name: str, rtol: float | None) -> None:
    if not isinstance(got, dict):
        refuse("expected a dict", "type", subject=name, got=describe(got))
    for key in expected:
        if key not in got:
            refuse("this entry is missing", "keys", subject=name, part=("entry", str(key)))
    if len(got) > len(expected):
        more = next(key for key in got if key not in expected)
        refuse(f"expected {len(expected)} entries", "keys", subject=name, got="more", detail=f"such as {short(more)}")
    for key, value in expected.items():
        _require_part(got[key], value, name, ("entry", str(key)), rtol, "")


def _require_items(got: Any, expected: Any, name: str, rtol: float | None) -> None:
    wanted = "a list" if isinstance(expected, list) else "a tuple"
    if not isinstance(got, list if isinstance(expected, list) else tuple):
        refuse(f"expected {wanted}", "type", subject=name, got=describe(got))
    if len(got) != len(expected):
        amount = "more" if len(got) > len(expected) else "fewer"
        refuse(f"expected {len(expected)} items", "shape", subject=name, got=amount)
    if not same(got, expected) and _same_items(got, expected):
        refuse("the items are in another order", "order", subject=name)
    for place, (ours, theirs) in enumerate(zip(got, expected, strict=True)):
        _require_part(ours, theirs, name, ("", ""), rtol, f"item {place}, counted from 0")


def _same_items(got: Any, expected: Any) -> bool:
    return sorted(map(repr, got)) == sorted(map(repr, expected))


def _require_part(got: Any, expected: Any, name: str, part: tuple[str, str], rtol: float | None, place: str) -> None:
    """Raise the failure of a part as one of the whole, which names the part."""
    try:
        assert_value(got, expected, name=name, rtol=rtol)
    except CheckFailed as failure:
        named = (failure.part, failure.part_name) if not part[1] else part
        detail = "; ".join(words for words in (place, failure.detail) if words)
        raise CheckFailed(
            failure.message,
            failure.diagnosis,
            subject=name,
            got=failure.got,
            hint=failure.hint,
            part=named,
            detail=detail,
        ) from None


def _require_set(got: Any, expected: Any, name: str) -> None:
    if not isinstance(got, (set, frozenset)):
        refuse("expected a set", "type", subject=name, got=describe(got))
    lost, more = expected - got, got - expected
    if lost or more:
        words = (
            "elements are missing, and others are too many"
            if lost and more
            else ("elements are missing" if lost else "elements are too many")
        )
        detail = "; ".join(
            f"{word} {short(next(iter(some)))}" for word, some in (("without", lost), ("with", more)) if some
        )
        refuse(words, "value", subject=name, detail=detail)


def _pair(got: Any, expected: Any) -> str:
    return f"expected {short(expected)}, got {short(got)}"
