"""Where an earlier question is the cause, a check is `blocked`: the student repairs that one first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

import numpy as np

from autograder.authoring.diagnosis import CheckFailed, fail


def blocked(question: str, why: str) -> NoReturn:
    """End a check: nothing can be said about this question before an earlier one is right."""
    fail(f"cannot be checked until {question} passes: {why}.", "blocked")


def assert_building_on(
    question: str, name: str, got: Any, rebuilt: Callable[[], Any], judge: Callable[[Any], None]
) -> None:
    """`judge(got)`, but `blocked` where the student's own `name` of an earlier question explains a wrong answer.

    rebuilt: makes the answer again out of the student's `name`, right in all else. Where that is wrong as well
    and the same as `got`, it is `name` that is wrong. Both are arrays, numbers or dicts of arrays.
    judge: raises CheckFailed for a wrong answer. Raises what it raises.
    """
    try:
        judge(got)
    except CheckFailed:
        if _explained(got, rebuilt, judge):
            blocked(question, f"this is right for your own {name}, which is not right yet")
        raise


def _explained(got: Any, rebuilt: Callable[[], Any], judge: Callable[[Any], None]) -> bool:
    try:
        again = rebuilt()
        same = _same(got, again)
    except Exception:  # noqa: BLE001 — odd values, a function that raises: then there is nothing to add
        return False
    try:
        judge(again)
    except CheckFailed:
        return same
    return False


def _same(got: Any, again: Any) -> bool:
    if isinstance(again, dict):
        return set(got) == set(again) and all(_same(got[name], again[name]) for name in again)
    answer, other = np.asarray(got, dtype=np.float64), np.asarray(again, dtype=np.float64)
    size = np.max(np.abs(other), initial=0.0, where=np.isfinite(other))
    return answer.shape == other.shape and np.allclose(answer, other, rtol=0, atol=1e-5 * size, equal_nan=True)
