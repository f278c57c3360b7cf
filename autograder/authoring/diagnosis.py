"""Recognises mistakes in an answer: a word for the class report, and a line for the student.

Student code chooses its answer, so it could write a hidden input into everything that a message says about it: a shape,
a length, a count, a name. So an answer is put into one of a few kinds, by its relation to the expected value, and each
kind has fixed words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

import numpy as np

from autograder.authoring.failing import SafeText, fail, refuse


@dataclass(frozen=True, slots=True)
class Suspect:
    """The answer that a known mistake gives.

    answer: an array, or a dict of arrays for `assert_gradients`.  message: for a student with this answer, as in
    `fail`.  diagnosis: out of `DIAGNOSES`.
    """

    answer: Any
    message: str
    diagnosis: str = "value"


@dataclass(frozen=True, slots=True)
class Suspicions:
    """Known mistakes to compare a wrong answer with.

    suspects: known mistakes, the likeliest first.  factors: constant factors that a slip in this question
    leaves, by value, each with its hint.  batch: the number of examples, to tell a missing sum.
    """

    suspects: tuple[Suspect, ...] = ()
    factors: Mapping[float, str] = field(default_factory=dict)
    batch: int = 0


NONE = Suspicions()

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
_MULTIPLE = SafeText("yours is a constant multiple of the reference")


# bool before the numbers: it is one of them.
_KINDS: dict[Any, str] = {
    (bool, np.bool_): "a truth value",
    (int, float, np.number): "a number",
    complex: "a complex number",
    np.ndarray: "an array",
    str: "text",
    list: "a list",
    tuple: "a tuple",
    dict: "a dict",
}


def close(actual: np.ndarray, other: Any, rtol: float) -> bool:
    """Whether two arrays agree up to rtol times the largest entry of `other`."""
    right = np.asarray(other, dtype=np.float64)
    if actual.shape != right.shape:
        return False
    return bool(np.max(np.abs(actual - right), initial=0.0) <= rtol * np.max(np.abs(right), initial=0.0))


def describe(value: object) -> str:
    """The kind of a value, out of a fixed list: "a list"."""
    if value is None:
        return SafeText("None (is a `return` missing?)")
    for types, words in _KINDS.items():
        if isinstance(value, types):
            return SafeText(words)
    return SafeText("a function" if callable(value) else "something else")


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
            fail(_MULTIPLE, "scale", subject=name, hint=hint)
    for answer, message, diagnosis, hint in _explanations(actual, expected):
        if close(actual, answer, max(rtol, 1e-6)):
            refuse(message, diagnosis, subject=name, hint=hint)
    right = np.abs(actual - expected) <= rtol * np.max(np.abs(expected))
    how_much = "some entries differ" if right.any() else "all entries differ" if right.size > 1 else "differs"
    refuse(f"{how_much} from the reference", "value", subject=name)


def _explanations(actual: np.ndarray, expected: np.ndarray) -> Iterator[tuple[np.ndarray, str, str, str]]:
    """(answer, message, diagnosis, hint) of each common mistake."""
    yield np.zeros_like(expected), "all zeros, and the answer is not", "zero", ""
    swapped = "look for a swapped difference or an up that should be down"
    yield -expected, "yours = −1 × the reference", "sign", swapped
    for factor, words in _FACTORS.items():
        sentence = f"yours is {words} the reference everywhere"
        yield factor * expected, sentence, "scale", "look for a constant that is missing"
        yield -factor * expected, f"{sentence}, and the sign is turned", "scale", ""
    if expected.ndim == 2 and expected.shape[0] == expected.shape[1]:
        yield expected.T, "yours is the transpose of the reference", "transpose", ""
    size = float(np.vdot(expected, expected))
    ratio = float(np.vdot(expected, actual)) / size if size else 0.0
    if expected.size > 1 and ratio and abs(ratio - 1) > 1e-3:
        yield ratio * expected, _MULTIPLE, "scale", "look for a factor"
