"""The content of columns, and how two columns differ. Values of a hidden check never come out, see tables.py."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from autograder.authoring.assertions import assert_array
from autograder.authoring.equality import same
from autograder.authoring.failing import CheckFailed, SafeText, refuse

if TYPE_CHECKING:
    import pandas as pd

_WORDS = {
    "b": "truth values",
    "i": "whole numbers",
    "f": "floats",
    "c": "complex numbers",
    "M": "dates",
    "m": "lengths of time",
    "text": "text",
    "category": "categories",
    "zone": "dates with a time zone",
    "period": "periods",
    "interval": "intervals",
    "O": "Python objects",
}
_COMMON = {"i", "f", "text", "M", "O"}  # all other kinds have one word, so that a message can carry little
_TURN_INTO = {
    "text": "use .astype(str)",
    "i": "use .astype(int), or pd.to_numeric for text",
    "f": "use .astype(float), or pd.to_numeric for text",
    "M": "use pd.to_datetime",
    "m": "use pd.to_timedelta",
    "category": 'use .astype("category")',
    "b": "use .astype(bool), or a comparison",
}
_LONGEST = 60  # letters of a value in a message


@dataclass(frozen=True, slots=True)
class ColumnName:
    """A column, for messages. name: of the answer.  part: the column, see CheckFailed."""

    name: str
    part: tuple[str, str] = ("", "")


def kind_of_values(values: pd.Series) -> str:
    """The kind of a column's values, as a key of _WORDS: the same for int64, int32 and Int64, for object and str."""
    dtype = values.dtype
    name = type(dtype).__name__
    for key, words in (("zone", "DatetimeTZ"), ("category", "Categorical"), ("period", "Period"), ("text", "String")):
        if name == f"{words}Dtype":
            return key
    if name == "IntervalDtype":
        return "interval"
    kind = str(getattr(dtype, "kind", "O"))
    if kind == "O" and all(type(value) is str for value in values.dropna().head(1000).tolist()):
        return "text"
    return {"u": "i"}.get(kind, kind if kind in _WORDS else "O")


def require_kind(got: pd.Series, expected: pd.Series, place: ColumnName, *, exact: bool) -> None:
    """Raise CheckFailed("dtype") unless both columns hold the same kind of values. exact: of the same dtype, too."""
    kinds = kind_of_values(got), kind_of_values(expected)
    if kinds[0] != kinds[1]:
        named = kinds[0] in _COMMON or set(kinds) == {"M", "zone"}
        words = _WORDS[kinds[0]] if named else "values of another kind"
        hint = "" if kinds[0] == "zone" else _TURN_INTO.get(kinds[1], "")
        refuse(f"expected {_WORDS[kinds[1]]}", "dtype", subject=place.name, part=place.part, got=words, hint=hint)
    if exact and got.dtype != expected.dtype:
        message = f"expected {_WORDS[kinds[1]]} of another dtype"
        detail = f"expected {expected.dtype}, got {got.dtype}"
        refuse(message, "dtype", subject=place.name, part=place.part, detail=detail)


def require_values(got: pd.Series, expected: pd.Series, place: ColumnName, rtol: float | None) -> None:
    """Raise CheckFailed unless two columns of one length hold the same values, in the same order.

    Floats agree up to rtol times the largest of them, as in assert_array; all other values must be equal.
    """
    lost, wanted = got.isna().to_numpy(bool), expected.isna().to_numpy(bool)
    if (lost != wanted).any():
        missing = bool((lost & ~wanted).any())
        message = "values are missing (NaN)" if missing else "holds values where the answer is missing (NaN)"
        _refuse(message, got, expected, lost != wanted, place)
    kinds = {kind_of_values(got), kind_of_values(expected)}
    if kinds <= {"i", "f", "c", "b"} and kinds != {"b"}:
        _require_numbers(got, expected, ~wanted, place, rtol)
        return
    wrong = np.fromiter(map(_differ, got.tolist(), expected.tolist()), bool, len(got)) & ~wanted
    if wrong.any():
        _refuse_text(got, expected, wrong, place) if kinds == {"text"} else _refuse(
            f"{'all' if wrong[~wanted].all() else 'some'} values differ from the reference", got, expected, wrong, place
        )


def _differ(one: Any, other: Any) -> bool:
    return not same(one, other) and not (np.ndim(one) == np.ndim(other) == 0 and bool(one == other))


def _require_numbers(
    got: pd.Series, expected: pd.Series, present: np.ndarray, place: ColumnName, rtol: float | None
) -> None:
    kind = complex if "c" in {kind_of_values(got), kind_of_values(expected)} else float
    exact = kind_of_values(got) == kind_of_values(expected) == "i"
    one, other = (np.asarray(column[present].to_numpy(kind)) for column in (got, expected))
    infinite = ~np.isfinite(other)
    wrong = np.zeros(len(got), bool)
    wrong[present] = infinite & (one != other)
    if wrong.any():
        _refuse("some values differ from the reference", got, expected, wrong, place)
    try:
        assert_array(one[~infinite], other[~infinite], name=SafeText(place.name), rtol=0.0 if exact else rtol)
    except CheckFailed as failure:
        wrong[present] = one != other
        message, detail = failure.message, _first(got, expected, wrong)
        refuse(message, failure.diagnosis, subject=place.name, hint=failure.hint, part=place.part, detail=detail)
    if exact:  # beyond 2**53, a float is the same for several whole numbers
        pairs = zip(got[present].tolist(), expected[present].tolist(), strict=True)
        wrong[present] = [ours != theirs for ours, theirs in pairs]
        if wrong.any():
            _refuse("some values differ from the reference", got, expected, wrong, place)


def _refuse_text(got: pd.Series, expected: pd.Series, wrong: np.ndarray, place: ColumnName) -> NoReturn:
    pairs = [(a, b) for a, b in zip(got[wrong].tolist(), expected[wrong].tolist(), strict=True)]
    hint = next((hint for hint, change in _near_misses() if all(change(a) == change(b) for a, b in pairs)), "")
    amount = "all" if wrong.all() else "some"
    _refuse(f"{amount} texts differ from the reference", got, expected, wrong, place, hint)


def _near_misses() -> Iterator[tuple[str, Any]]:
    """(hint, change) of slips in a text: after the change, right and wrong are the same."""
    yield "look at spaces at both ends, as .str.strip() takes them off", lambda text: str(text).strip()
    yield "look at capital letters", lambda text: str(text).casefold()


def _refuse(
    message: str, got: pd.Series, expected: pd.Series, wrong: np.ndarray, place: ColumnName, hint: str = ""
) -> NoReturn:
    detail = _first(got, expected, wrong)
    refuse(message, "value", subject=place.name, part=place.part, hint=hint, detail=detail)


def _first(got: pd.Series, expected: pd.Series, wrong: np.ndarray) -> str:
    """The first place where columns differ, for a public check."""
    at = int(np.argmax(wrong))
    label, right, answer = expected.index[at], expected.iloc[at], got.iloc[at]
    return f"first in row {short(label)}: expected {short(right)}, got {short(answer)}"


def short(value: Any) -> str:
    """A value for a message of a public check."""
    try:
        text = repr(value.item() if isinstance(value, np.generic) else value)
    except (ValueError, NotImplementedError):  # a date of the year 300,000 in a time zone
        text = f"a {type(value).__name__}"
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
