"""Grades that a person gave, as pages need them: which cells of which student have one, and which wait for one.

They come from nbgrader's gradebook. Pages read no gradebook, so this record stands between the two.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Cell = tuple[str, str, str]  # (assignment, student, name of a cell in nbgrader's gradebook)


@dataclass(frozen=True, slots=True)
class HandGrades:
    """points: that a person gave, where the grade still stands.  waiting: cells for a person to grade, or to look at.

    problem: why the gradebook could not be read, or "".
    """

    points: Mapping[Cell, float] = field(default_factory=dict)
    waiting: frozenset[Cell] = frozenset()
    problem: str = ""
