"""Recognises mistakes in an answer: a word for the class report, and a line for the student.

Student code chooses its answer, so it could write a hidden input into everything that a message says about it: a shape,
a length, a count, a name. So an answer is put into one of a few kinds, by its relation to the expected value, and each
kind has fixed words.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

import numpy as np

from autograder.authoring.failing import SafeText, fail, refuse
from autograder.sandbox.worker.describing import FORMS, Untravelled, form_of, words_of_class


@dataclass(frozen=True, slots=True)
class Suspect:
    """The answer that a known mistake gives.

    answer: an array, or a dict of arrays for `assert_gradients`.  message: for a student with this answer, as in
    `fail`.  diagnosis: out of `DIAGNOSES`.

    Example: `Suspect(2 * right, "a factor of two is left over", "scale")`.
    """

    answer: Any
    message: str
    diagnosis: str = "value"


@dataclass(frozen=True, slots=True)
class Suspicions:
    """Known mistakes to compare a wrong answer with.

    suspects: known mistakes, the likeliest first.  factors: constant factors that a slip in this question
    leaves, by value, each with its hint.  batch: the number of examples, to tell a missing sum.  integers: whether the
    answer came as integers, which cannot hold a fraction.
    """

    suspects: tuple[Suspect, ...] = ()
    factors: Mapping[float, str] = field(default_factory=dict)
    batch: int = 0
    integers: bool = False


# The factors of a forgotten 2, a missing 1/2h or a missing mean. The list is fixed: a factor that is computed from the
# answers could carry a hidden input out in the message.
_FACTORS = {
    2.0: "twice",
    0.5: "half of",
    3.0: "3 ×",
    4.0: "4 ×",
    0.25: "a quarter of",
    10.0: "10 ×",
    0.1: "a tenth of",
}
_INTEGERS = "look for an array of integers, as np.zeros(n, dtype=int) makes, for int(…) and for //"
_TOO_LARGE = "look for a factor too many, or a division that is missing"
_TOO_SMALL = "look for a factor that is missing, or a division too many"
_MULTIPLE = SafeText("yours is a constant multiple of the reference")
_DIGITS = "a difference quotient, a rounding, or a small number that was added"
_NEARLY = 1e-2  # of the largest entry: an answer this close is the right formula with digits lost


# bool before the numbers: it is one of them.
_KINDS: dict[Any, str] = {
    (bool, np.bool_): "a truth value",
    (int, float, np.number): "a number",
    complex: "a complex number",
    np.ndarray: "an array",
    str: "text",
    bytes: "bytes",
    list: "a list",
    tuple: "a tuple",
    dict: "a dict",
}

# By the package and the name of a class, see words_of_class.
_OF_CLASSES = {
    ("pandas", "DataFrame"): "a DataFrame",
    ("pandas", "Series"): "a Series",
    ("pandas", "Index"): "an Index of pandas",
    ("pandas", "ExtensionArray"): "a column of pandas",
    ("pandas", "NaTType"): "a missing date (NaT)",
    ("pandas", "NAType"): "a missing value (NA)",
    ("pandas", "Period"): "a period",
    ("pandas", "Interval"): "an interval",
    ("scipy", "_spbase"): "a sparse matrix",
    ("datetime", "datetime"): "a date with a time",
    ("datetime", "date"): "a date",
    ("datetime", "time"): "a time of day",
    ("datetime", "timedelta"): "a length of time",
    ("decimal", "Decimal"): "a Decimal",
    ("fractions", "Fraction"): "a Fraction",
    ("collections", "deque"): "a deque",
}


def close(actual: np.ndarray, other: Any, rtol: float) -> bool:
    """Whether two arrays agree up to rtol times the largest entry of `other`, which must be finite."""
    right = np.asarray(other)
    right = right.astype(np.complex128 if right.dtype.kind == "c" else np.float64)
    if actual.shape != right.shape:
        return False
    size = rtol * float(np.max(np.abs(right), initial=0.0))
    return bool(float(np.max(np.abs(actual - right), initial=0.0)) <= size < math.inf)


def describe(value: object) -> str:
    """The kind of a value, out of a fixed list: "a list".

    Example: `fail("expected a pair", "type", got=describe(answer))`.
    """
    if value is None:
        return SafeText("None (is a `return` missing?)")
    if form := form_words(value):
        return SafeText(form)
    for types, words in _KINDS.items():
        if isinstance(value, types):
            return SafeText(words)
    if words := words_of_class(value, _OF_CLASSES):
        return SafeText(words)
    return SafeText("a function" if callable(value) else "something else")


def form_words(value: object) -> str:
    """What a value is that does not travel, out of FORMS; "" for every other value."""
    return value.form if isinstance(value, Untravelled) else FORMS[form_of(value)]


def by_shape(name: str, shape: tuple[int, ...], expected: tuple[int, ...], batch: int) -> NoReturn:
    """Fail an array of another shape, with a hint if the shape shows the mistake."""
    diagnosis, got, hint = _shape_mistake(shape, expected, batch)
    refuse(f"expected shape {expected}", diagnosis, subject=name, got=got, hint=hint)


def _shape_mistake(shape: tuple[int, ...], expected: tuple[int, ...], batch: int) -> tuple[str, str, str]:
    """(diagnosis, words, hint): how a wrong shape is related to the expected one."""
    if shape == expected[::-1] and len(shape) > 1:
        return "transpose", "the transposed shape", "look for a product in the other order, or a missing .T"
    if batch and shape == (batch, *expected):
        return "batch_sum", "one row an example", "add the examples up (sum over axis 0)"
    if shape == (1, *expected):
        return "shape", "an extra leading axis of length 1", "drop it; keepdims=True leaves one behind"
    if set(shape) <= {1}:
        return "shape", "one number", "say which axis to sum over"
    if len(shape) != len(expected):
        return "shape", "more axes" if len(shape) > len(expected) else "fewer axes", ""
    return "shape", "another number of rows" if shape[1:] == expected[1:] else "other lengths", ""


def by_value(actual: np.ndarray, expected: np.ndarray, name: str, rtol: float, look_for: Suspicions) -> NoReturn:
    """Fail an array of the right shape and wrong numbers, with the first explanation that fits."""
    for suspect in look_for.suspects:
        if close(actual, suspect.answer, max(rtol, 1e-6)):
            fail(suspect.message, suspect.diagnosis, subject=name)
    for factor, hint in look_for.factors.items():
        if close(actual, factor * expected, max(rtol, 1e-6)):
            words = SafeText(f"yours is {_FACTORS[factor]} the reference") if factor in _FACTORS else _MULTIPLE
            fail(words, "scale", subject=name, hint=hint)
    if look_for.integers and (actual.ndim or actual.any()) and np.array_equal(actual, np.trunc(expected.real)):
        refuse("the reference with the fractions cut off", "precision", subject=name, hint=_INTEGERS)
    for answer, message, diagnosis, hint in _explanations(actual, expected):
        if close(actual, answer, max(rtol, 1e-6)):
            refuse(message, diagnosis, subject=name, hint=hint)
    refuse(*_differing(actual, expected, rtol), subject=name)


def _differing(actual: np.ndarray, expected: np.ndarray, rtol: float) -> tuple[str, str]:
    """(message, diagnosis) of numbers that no explanation fits."""
    size = np.max(np.abs(expected), initial=0.0)
    error = np.abs(actual - expected)
    if size and np.max(error) <= _NEARLY * size:
        return f"close to the reference, and not right: {_DIGITS}", "precision"
    if actual.size == 1 and not np.iscomplexobj(actual):
        direction = "larger" if actual.item() > expected.item() else "smaller"
        return f"{direction} than the reference", "value"
    if actual.size == 1:
        return "another number than the reference", "value"
    some = bool((error <= rtol * size).any())
    return f"{'some' if some else 'all'} entries differ from the reference", "value"


def _explanations(actual: np.ndarray, expected: np.ndarray) -> Iterator[tuple[np.ndarray, str, str, str]]:
    """(answer, message, diagnosis, hint) of each common mistake."""
    one = expected.size == 1
    yield (
        np.zeros_like(expected),
        "zero, and the answer is not" if one else "all zeros, and the answer is not",
        "zero",
        "",
    )
    swapped = "look for a swapped difference or an up that should be down"
    yield -expected, "yours = −1 × the reference", "sign", swapped
    for factor, words in _FACTORS.items():
        sentence = f"yours is {words} the reference" + ("" if one else " everywhere")
        yield factor * expected, sentence, "scale", _TOO_LARGE if factor > 1 else _TOO_SMALL
        yield -factor * expected, f"{sentence}, and the sign is turned", "scale", ""
    if expected.ndim == 2 and expected.shape[0] == expected.shape[1]:
        yield expected.T, "yours is the transpose of the reference", "transpose", ""
    if np.iscomplexobj(expected):
        yield expected.conj(), "yours is the complex conjugate of the reference", "sign", ""
    size = np.vdot(expected, expected).real
    ratio = np.vdot(expected, actual) / size if size else 0.0
    # One entry beside zeros is a multiple of everything, and an answer with digits lost is nearly a multiple of 1.
    if np.count_nonzero(expected) > 1 and ratio and abs(ratio - 1) > 1e-3:
        yield ratio * expected, _MULTIPLE, "scale", _TOO_LARGE if abs(ratio) > 1 else _TOO_SMALL
