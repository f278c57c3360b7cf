"""Whether an answer, which can be anything, has the form and the numbers of an expected one."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.authoring.diagnosis import close
from autograder.authoring.failing import CheckFailed
from autograder.authoring.plain_values import assert_value

RTOL = 1e-5  # of an array's largest entry
MANY = 1000  # entries of a set that are looked at


def alike(answer: Any, expected: Any) -> bool:
    """Whether an answer is the expected one: numbers up to 1e-5, texts without case; a list is as good as a tuple.

    expected: every value that travels, and lists, tuples and dicts of them.
    """
    match expected:
        case list() | tuple():
            good = isinstance(answer, (list, tuple)) and len(answer) == len(expected)
            return good and all(map(alike, answer, expected))
        case dict():
            good = isinstance(answer, dict) and answer.keys() == expected.keys()
            return good and all(alike(answer[key], expected[key]) for key in expected)
        case set() | frozenset():
            return _same_members(answer, expected)
    return _same_one(answer, expected)


def _same_one(answer: Any, expected: Any) -> bool:
    """Of a text, a truth value, None, a number, an array, or another value that is compared as a whole."""
    match expected:
        case str():
            return isinstance(answer, str) and answer.strip().casefold() == expected.strip().casefold()
        case bool() | np.bool_():
            return isinstance(answer, (bool, np.bool_)) and bool(answer) == bool(expected)
        case None:
            return answer is None
    if isinstance(expected, (int, float, np.ndarray, np.number)) and np.asarray(expected).dtype.kind in "iuf":
        number = isinstance(answer, (int, float, np.ndarray, np.number)) and not isinstance(answer, bool)
        return number and _close(np.asarray(answer), np.asarray(expected, dtype=np.float64))
    return _passes(answer, expected)


def _passes(answer: Any, expected: Any) -> bool:
    """Of every other value that travels, such as a table or a date: as assert_value compares them."""
    try:
        assert_value(answer, expected, rtol=RTOL)
    except CheckFailed:
        return False
    return True


def _same_members(answer: Any, expected: Any) -> bool:
    if not isinstance(answer, (set, frozenset, list, tuple)) or len(answer) > MANY:
        return False
    return all(map(_is_plain, answer)) and set(answer) == set(expected)


def _is_plain(member: Any) -> bool:
    return isinstance(member, (str, int, float))


def _close(answer: np.ndarray, expected: np.ndarray) -> bool:
    return answer.dtype.kind in "iuf" and close(answer, expected, RTOL)
