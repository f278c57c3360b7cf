"""The points of the cases of one test, as otter-grader works them out of what a teacher wrote.

Source: otter-grader 7.0.0, `TestFile.resolve_test_file_points`; docs/otter.md has the rules in words.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from autograder.errors import CourseError


def resolved_points(total: Any, cases: Sequence[Any]) -> tuple[float, ...]:
    """The points of each case. Raises CourseError where otter gives no result.

    total: of the test: a number, a list with a number a case, or None.  cases: a number or None a case.
    """
    if isinstance(total, list):
        if len(total) != len(cases):
            raise CourseError(f"points: expected {len(cases)} numbers, one a test case, got {len(total)}.")
        total, cases = None, total
    stated = [None if points is None else _of_a_case(points) for points in cases]
    known = sum(p for p in stated if p is not None)
    rest = _rest(None if total is None else _number(total), known, stated)
    return tuple(rest if points is None else points for points in stated)


def _rest(total: float | None, known: float, stated: Sequence[float | None]) -> float:
    """The points of each case that states none. known: the sum of the stated ones."""
    open_cases = sum(points is None for points in stated)
    if total is not None and known > total:
        raise CourseError(f"points: expected at most {total:g} in the test cases, got {known:g}.")
    if not open_cases:
        return 0.0
    if total is not None:
        return (total - known) / open_cases
    # Only zeros are stated: otter takes the test for one point, shared by the cases that state nothing.
    return 1 / open_cases if all(points in (0, None) for points in stated) else 0.0


def _of_a_case(points: Any) -> float:
    if type(points) not in (int, float):  # otter refuses True here, and takes it for a whole test
        raise CourseError(f"points: expected a number in a test case, got {type(points).__name__}.")
    return _number(points)


def _number(points: Any) -> float:
    if not isinstance(points, int | float) or not math.isfinite(points):
        raise CourseError(f"points: expected a number, got {type(points).__name__}.")
    return points
