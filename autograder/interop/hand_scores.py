"""Reads the points that a person gave or took away in formgrader, from nbgrader's gradebook."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbgrader.api import Grade, Gradebook, MissingEntry
from sqlalchemy import or_
from sqlalchemy.engine import make_url

from autograder.course import Course
from autograder.errors import AutograderError
from autograder.interop.config import load_settings
from autograder.interop.gradebook import ClosingGradebook, opened
from autograder.records.hand_grades import HandGrades


@dataclass(frozen=True, slots=True)
class HandScores:
    """points: {(assignment, student): beyond the automatic score}.  waiting: grades that a person has yet to give."""

    points: dict[tuple[str, str], float]
    waiting: int


def hand_scores(course: Course, assignments: Sequence[str]) -> HandScores:
    """The scores by hand in the gradebook. Raises AutograderError if there is none, or it cannot be opened."""
    points: dict[tuple[str, str], float] = {}
    waiting = 0
    with _gradebook(course) as gradebook:
        for name in assignments:
            for submission in _submissions(gradebook, name):
                grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
                points[name, str(submission.student.id)] = round(sum(map(_by_hand, grades)), 6)
                waiting += sum(bool(grade.needs_manual_grade) for grade in grades)
    return HandScores(points, waiting)


def hand_grades(course: Course) -> HandGrades:
    """Every grade that a person gave and that still stands, and every one that waits for a person.

    Raises AutograderError where the gradebook cannot be read, or there is none.
    """
    with _gradebook(course) as gradebook:
        grades = gradebook.db.query(Grade).filter(or_(Grade.manual_score.isnot(None), Grade.needs_manual_grade))
        cells = {(str(g.assignment.name), str(g.student.id), str(g.name)): g for g in grades}
        given = {cell: g for cell, g in cells.items() if not g.needs_manual_grade}
        points = {cell: float(g.manual_score + (g.extra_credit or 0.0)) for cell, g in given.items()}
        return HandGrades(points, frozenset(cells.keys() - given.keys()))


@contextlib.contextmanager
def _gradebook(course: Course) -> Iterator[Gradebook]:
    url = str(load_settings(course.root).CourseDirectory.db_url)
    with opened(url):
        file = make_url(url).database
        if make_url(url).get_backend_name() == "sqlite" and not (file and Path(file).is_file()):  # nbgrader makes one
            raise AutograderError("gradebook: expected one, got none. Hint: autograder export nbgrader.")
        with ClosingGradebook(url, course) as gradebook:
            yield gradebook


def _submissions(gradebook: Gradebook, assignment: str) -> list[Any]:
    try:
        return list(gradebook.assignment_submissions(assignment))
    except MissingEntry:
        return []


def _by_hand(grade: Grade) -> float:
    """A manual score replaces the automatic one; extra credit comes on top."""
    automatic = grade.auto_score or 0.0
    given = automatic if grade.manual_score is None else grade.manual_score
    return float(given + (grade.extra_credit or 0.0) - automatic)
