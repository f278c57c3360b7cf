"""Assertions that say what is wrong with an answer, and never what the answer is.

Each failure carries a `diagnosis`, one word out of `DIAGNOSES` that the class report counts, and a
message a student can act on. Order: type, shape, kind, finiteness, value; the first that fails speaks.
Tolerances are relative to the *reference*, never to the student's value: an answer of 1e300 must not
widen its own tolerance, and an absolute one would let a zero gradient pass.
"""

from __future__ import annotations

import math
from typing import Any, NoReturn

import numpy as np

DIAGNOSES = {
    "type": "returns something else than was asked for",
    "shape": "returns an array of another shape",
    "dtype": "returns an array of another kind of number",
    "non_finite": "returns NaN or infinity where the answer is finite",
    "sign": "has the right size and the wrong sign",
    "scale": "is off by one constant factor",
    "transpose": "returns the transpose",
    "zero": "returns zeros",
    "value": "returns another value",
    "mutated": "changes its input",
    "aliased": "keeps a reference where a copy is needed",
    "calls": "calls the function it is given too often",
    "edge": "is right except in a special case",
    "not_implemented": "is not written yet",
    "not_defined": "is not defined",
    "raised": "raises an exception",
    "timeout": "does not finish in time",
    "crash": "brings the interpreter down",
    "blocked": "waits for an earlier question",
    "concept": "answers a concept question differently",
}


class CheckFailed(AssertionError):
    """A check's verdict "no", with a diagnosis out of `DIAGNOSES`."""

    def __init__(self, message: str, diagnosis: str) -> None:
        if diagnosis not in DIAGNOSES:
            raise ValueError(f"diagnosis: expected one of {', '.join(DIAGNOSES)}, got {diagnosis!r}.")
        super().__init__(message)
        self.diagnosis = diagnosis


def fail(message: str, diagnosis: str = "value") -> NoReturn:
    """End a check with "no"."""
    raise CheckFailed(message, diagnosis)


def describe(value: object) -> str:
    """What a value is, in a few words that hold none of it."""
    if value is None:
        return "None (is a `return` missing?)"
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape} and dtype {value.dtype}"
    if isinstance(value, np.generic):
        return f"a NumPy {value.dtype} number"
    if isinstance(value, (list, tuple)):
        return f"a {type(value).__name__} of length {len(value)}"
    described = getattr(value, "description", None)  # an opaque value of the sandbox says what it is
    return described if isinstance(described, str) else f"a {type(value).__name__}"


def assert_array(got: Any, expected: np.ndarray, *, name: str = "the result", rtol: float = 1e-5) -> None:
    """`got` is a real array like `expected`: same shape, finite, max|got - expected| <= rtol max|expected|.

    A list of numbers is taken as an array (a right answer in another dress). Where `expected` is all
    zeros, `got` must be exactly zero. Raises CheckFailed.
    """
    actual = _as_real_array(got, name)
    if actual.shape != expected.shape:
        fail(_shape_message(name, actual, expected), "shape")
    _require_finite(actual, name)
    size = float(np.max(np.abs(expected), initial=0.0))
    error = float(np.max(np.abs(actual - expected), initial=0.0))
    if not error <= rtol * size:
        _fail_by_value(actual, expected, name, rtol)


def assert_number(got: Any, expected: float, *, name: str = "the result", rtol: float = 1e-5) -> None:
    """`got` is one real number within `rtol` of `expected` (exactly 0 where that is 0). Raises CheckFailed.

    Python and NumPy numbers and arrays of shape () or (1,) are all one number.
    """
    actual = _as_real_array(got, name)
    if actual.size != 1 or actual.ndim > 1:
        fail(f"{name}: expected one number, got {describe(got)}.", "shape")
    assert_array(actual.reshape(()), np.asarray(expected, dtype=float), name=name, rtol=rtol)


def assert_integer(got: Any, expected: int, *, name: str = "the result") -> None:
    """`got` is the whole number `expected`, as an int or a NumPy integer. Raises CheckFailed."""
    if isinstance(got, (bool, np.bool_)) or not isinstance(got, (int, np.integer)):
        fail(f"{name}: expected a whole number (int), got {describe(got)}.", "type")
    if int(got) != expected:
        fail(f"{name}: not the expected whole number.", "value")


def assert_unchanged(now: Any, before: np.ndarray, *, name: str) -> None:
    """The caller's array still holds what it held, to the last bit. Raises CheckFailed("mutated")."""
    if not isinstance(now, np.ndarray) or now.shape != before.shape or not np.array_equal(now, before, equal_nan=True):
        fail(f"{name} was changed in place. Hint: work on a copy, `{name} = {name}.copy()`.", "mutated")


def _as_real_array(got: Any, name: str) -> np.ndarray:
    try:
        actual = np.asarray(got)
    except (ValueError, TypeError):
        actual = np.asarray(None)
    if actual.dtype.kind not in "fiu":
        what = "complex numbers" if actual.dtype.kind == "c" else describe(got)
        fail(f"{name}: expected real numbers, got {what}.", "dtype" if actual.dtype.kind in "cb" else "type")
    return actual.astype(np.float64)


def _require_finite(actual: np.ndarray, name: str) -> None:
    bad = int(np.sum(~np.isfinite(actual)))
    if bad:
        fail(
            f"{name}: {bad} of {actual.size} entries are NaN or infinite, and the answer is finite.",
            "non_finite",
        )


def _shape_message(name: str, actual: np.ndarray, expected: np.ndarray) -> str:
    hint = " Hint: it looks transposed." if actual.shape == expected.shape[::-1] and actual.ndim > 1 else ""
    return f"{name}: expected shape {expected.shape}, got {actual.shape}.{hint}"


# The factors a forgotten 2, a missing 1/2h or a missing mean produce. A fixed list: a factor computed from
# the answers could carry a hidden input out in the message.
_FACTORS = {
    2.0: "twice",
    0.5: "half of",
    3.0: "3 ×",
    4.0: "4 ×",
    0.25: "a quarter of",
    10.0: "10 ×",
    0.1: "a tenth of",
}


def _fail_by_value(actual: np.ndarray, expected: np.ndarray, name: str, rtol: float) -> NoReturn:
    def close(other: np.ndarray) -> bool:
        return bool(np.max(np.abs(actual - other)) <= max(rtol, 1e-6) * np.max(np.abs(other)))

    if not actual.any():
        fail(f"{name}: all zeros, and the answer is not.", "zero")
    if close(-expected):
        fail(
            f"{name}: yours = −1 × the reference. Hint: look for a swapped difference or an up that should be down.",
            "sign",
        )
    for factor, words in _FACTORS.items():
        if close(factor * expected):
            fail(
                f"{name}: yours is {words} the reference everywhere. Hint: look for a constant that is missing.",
                "scale",
            )
    if expected.ndim == 2 and expected.shape[0] == expected.shape[1] and close(expected.T):
        fail(f"{name}: yours is the transpose of the reference.", "transpose")
    ratio = float(np.vdot(expected, actual) / np.vdot(expected, expected)) if expected.any() else math.nan
    if math.isfinite(ratio) and ratio != 0 and abs(ratio - 1) > 1e-3 and expected.size > 1 and close(ratio * expected):
        fail(f"{name}: yours is a constant multiple of the reference. Hint: look for a factor.", "scale")
    wrong = int(np.sum(~(np.abs(actual - expected) <= rtol * np.max(np.abs(expected)))))
    fail(f"{name}: {wrong} of {actual.size} entries differ from the reference.", "value")
