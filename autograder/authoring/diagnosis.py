"""Recognises mistakes in an answer: a word for the class report, and a line for the student.

No message holds an expected value or a number of an answer, because either could carry a hidden input out. About an
answer, a message holds at most a count of entries, small lengths and the names of Python's types.
"""

from __future__ import annotations

import builtins
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

import numpy as np

DIAGNOSES = {
    "type": "returns something else than was asked for",
    "shape": "returns an array of another shape",
    "dtype": "returns an array of another kind of number",
    "keys": "returns a dict with other names",
    "non_finite": "returns NaN or infinity where the answer is finite",
    "sign": "has the right size and the wrong sign",
    "scale": "is off by one constant factor",
    "transpose": "returns the transpose",
    "batch_sum": "does not sum over the batch",
    "chain": "leaves out a factor of the chain rule, or takes it at the wrong place",
    "stale": "uses a value from before or after the step it belongs to",
    "state": "remembers something from an earlier call",
    "zero": "returns zeros",
    "value": "returns another value",
    "mutated": "changes its input",
    "aliased": "keeps a reference where a copy is needed",
    "calls": "calls the function it is given too often",
    "edge": "is right except in a special case",
    "not_implemented": "is not written yet",
    "signature": "takes other arguments than were asked for",
    "not_defined": "is not defined",
    "raised": "raises an exception",
    "memory": "asks for more memory than a notebook may use",
    "timeout": "does not finish in time",
    "crash": "brings the interpreter down",
    "blocked": "waits for an earlier question",
    "concept": "answers a concept question differently",
}


class CheckFailed(AssertionError):
    """A check's verdict "no".

    message: what is wrong.  diagnosis: out of `DIAGNOSES`.  subject: what is wrong, by name; "" where the message says
    it.  blocked_by: the question that must be right before this check can be judged, where the diagnosis is "blocked".
    """

    def __init__(self, message: str, diagnosis: str, *, subject: str = "", blocked_by: str = "") -> None:
        if diagnosis not in DIAGNOSES:
            raise ValueError(f"diagnosis: expected one of {', '.join(DIAGNOSES)}, got {diagnosis!r}.")
        super().__init__(f"{subject}: {message}" if subject else message)
        self.message, self.diagnosis, self.subject, self.blocked_by = message, diagnosis, subject, blocked_by


def fail(message: str, diagnosis: str = "value", *, subject: str = "") -> NoReturn:
    """End a check with "no". See CheckFailed."""
    raise CheckFailed(message, diagnosis, subject=subject)


def blocked(question: str, why: str) -> NoReturn:
    """End a check: it cannot be judged before the earlier `question` is right. why: half a sentence."""
    raise CheckFailed(f"This cannot be checked before {question} passes: {why}.", "blocked", blocked_by=question)


@dataclass(frozen=True, slots=True)
class Suspect:
    """The answer that a known mistake gives.

    answer: an array, or a dict of arrays for `assert_gradients`.  message: for a student with
    this answer.  diagnosis: out of `DIAGNOSES`.
    """

    answer: Any
    message: str
    diagnosis: str = "value"


@dataclass(frozen=True, slots=True)
class Suspicions:
    """Known mistakes to compare a wrong answer with.

    suspects: known mistakes, the likeliest first.  factors: constant factors that a slip in this question
    leaves, by value, each with its words ("N ×").  batch: the number of examples, to tell a missing sum.
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


_SMALL = 10  # the largest length in a message: a larger one could carry a number of a hidden input
_TYPES = {t.__name__ for t in vars(builtins).values() if isinstance(t, type)} | {
    "function",
    "generator",
    "method",
    "module",
    "remote array",
}


def describe(value: object) -> str:
    """The kind of a value in a few words, without the value itself."""
    if value is None:
        return "None (is a `return` missing?)"
    if isinstance(value, np.ndarray):
        return f"an array of shape {shape_text(value.shape)} and dtype {value.dtype}"
    if isinstance(value, np.generic):
        return f"a NumPy {value.dtype} number"
    if isinstance(value, (list, tuple)):
        length = str(len(value)) if len(value) <= _SMALL else f"more than {_SMALL}"
        return f"a {type(value).__name__} of length {length}"
    described = getattr(value, "description", None)  # an opaque value of the sandbox says what it is
    name = described.removeprefix("a ") if isinstance(described, str) else type(value).__name__
    return f"a {name}" if name in _TYPES else "an object of another type"


def shape_text(shape: tuple[int, ...], known: tuple[int, ...] = ()) -> str:
    """A shape for a message: small or known lengths as numbers, others as "many"."""
    lengths = [str(n) if n <= _SMALL or n in known else "many" for n in shape[:4]] + ["…"] * (len(shape) > 4)
    return f"({', '.join(lengths)}{',' * (len(lengths) == 1)})"


def close(actual: np.ndarray, other: Any, rtol: float) -> bool:
    """Whether two arrays agree up to rtol times the largest entry of `other`."""
    right = np.asarray(other, dtype=np.float64)
    if actual.shape != right.shape:
        return False
    return bool(np.max(np.abs(actual - right), initial=0.0) <= rtol * np.max(np.abs(right), initial=0.0))


def by_shape(name: str, actual: np.ndarray, expected: np.ndarray, batch: int) -> NoReturn:
    """Fail an array of another shape, with a hint if the shape shows the mistake."""
    mismatch = f"expected shape {expected.shape}, got {shape_text(actual.shape, expected.shape)}."
    if actual.shape == expected.shape[::-1] and actual.ndim > 1:
        fail(f"{mismatch} Hint: it looks transposed.", "transpose", subject=name)
    if batch and actual.shape == (batch, *expected.shape):
        fail(f"{mismatch} Hint: one row an example; add the examples up (sum over axis 0).", "batch_sum", subject=name)
    if actual.shape == (1, *expected.shape):
        fail(
            f"{mismatch} Hint: drop the leading axis of length 1; keepdims=True leaves one behind.",
            "shape",
            subject=name,
        )
    if expected.ndim and actual.size == 1:
        fail(f"{mismatch} Hint: that is one number; say which axis to sum over.", "shape", subject=name)
    fail(mismatch, "shape", subject=name)


def by_value(actual: np.ndarray, expected: np.ndarray, name: str, rtol: float, look_for: Suspicions) -> NoReturn:
    """Fail an array of the right shape and wrong numbers, with the first explanation that fits."""
    for suspect in look_for.suspects:
        if close(actual, suspect.answer, max(rtol, 1e-6)):
            fail(suspect.message, suspect.diagnosis, subject=name)
    for answer, message, diagnosis in _explanations(actual, expected, look_for):
        if close(actual, answer, max(rtol, 1e-6)):
            fail(message, diagnosis, subject=name)
    wrong = int(np.sum(~(np.abs(actual - expected) <= rtol * np.max(np.abs(expected)))))
    fail(f"{wrong} of {actual.size} entries differ from the reference.", "value", subject=name)


def _explanations(
    actual: np.ndarray, expected: np.ndarray, look_for: Suspicions
) -> Iterator[tuple[np.ndarray, str, str]]:
    """(answer, message, diagnosis) of each common mistake."""
    yield np.zeros_like(expected), "all zeros, and the answer is not.", "zero"
    swapped = "Hint: look for a swapped difference or an up that should be down."
    yield -expected, f"yours = −1 × the reference. {swapped}", "sign"
    for factor, words in {**_FACTORS, **look_for.factors}.items():
        sentence = f"yours is {words} the reference everywhere."
        yield factor * expected, f"{sentence} Hint: look for a constant that is missing.", "scale"
        yield -factor * expected, f"{sentence} And the sign is turned.", "scale"
    if expected.ndim == 2 and expected.shape[0] == expected.shape[1]:
        yield expected.T, "yours is the transpose of the reference.", "transpose"
    size = float(np.vdot(expected, expected))
    ratio = float(np.vdot(expected, actual)) / size if size else 0.0
    if expected.size > 1 and ratio and abs(ratio - 1) > 1e-3:
        yield ratio * expected, "yours is a constant multiple of the reference. Hint: look for a factor.", "scale"
