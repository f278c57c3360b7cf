"""Reads what a person gave in formgrader, points and comments, from nbgrader's gradebook."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from nbgrader.api import Comment, Grade, Gradebook, MissingEntry
from sqlalchemy.engine import make_url

from autograder.assignment.assignment import load_assignment
from autograder.assignment.released_cells import grade_id, hidden_id
from autograder.course import Course
from autograder.errors import AutograderError, CourseError
from autograder.hand.given import Given, HandWork, Place
from autograder.interop.config import load_settings
from autograder.interop.gradebook import ClosingGradebook, opened


def hand_scores(course: Course, assignments: Sequence[str]) -> HandWork:
    """All that was given in formgrader. Raises AutograderError if there is no gradebook, or it cannot be opened."""
    work: dict[Place, dict[str, Given]] = {}
    with _gradebook(course) as gradebook:
        for name in assignments:
            questions = _questions(course, name)
            for submission in _submissions(gradebook, name):
                cells = [cell for notebook in submission.notebooks for cell in (*notebook.grades, *notebook.comments)]
                given: dict[str, Given] = {}
                for cell in cells:
                    question = questions.get(cell.name) or cell.name.partition("-")[0]
                    given[question] = _with_cell(given.get(question, Given(None)), cell)
                work[name, str(submission.student.id)] = {q: g for q, g in given.items() if g != Given(None)}
    return HandWork(work)


def _questions(course: Course, name: str) -> dict[str, str]:
    """{nbgrader's name of a cell: its question}; empty while the author repairs the assignment."""
    try:
        assignment = load_assignment(course.solutions / name)
    except CourseError:
        return {}
    cells = {cell.name: cell.question for cell in assignment.cells if cell.question}
    checks = {grade_id(check.id): check.question for check in assignment.checks}  # a cell each, in older gradebooks
    return cells | checks | {hidden_id(check.question): check.question for check in assignment.checks}


def _with_cell(given: Given, cell: Grade | Comment) -> Given:
    """What was given for a question, together with one more cell of it."""
    if isinstance(cell, Comment):
        texts = filter(None, (given.comment, (cell.manual_comment or "").strip()))
        return replace(given, comment="\n".join(texts))
    waits = given.waits or bool(cell.needs_manual_grade)
    if cell.manual_score is None and not cell.extra_credit:
        return replace(given, waits=waits)
    return Given(round((given.points or 0.0) + _by_hand(cell), 6), given.comment, waits)


@contextlib.contextmanager
def _gradebook(course: Course) -> Iterator[Gradebook]:
    url = str(load_settings(course.root).CourseDirectory.db_url)
    with opened(url):
        file = make_url(url).database
        if make_url(url).get_backend_name() == "sqlite" and not (file and Path(file).is_file()):  # nbgrader makes one
            raise AutograderError(
                "gradebook: expected one, got none. Hint: autograder export nbgrader; or autograder hand sheet."
            )
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
