"""Which answers in words a person has graded already, by nbgrader's gradebook: for the class page."""

from __future__ import annotations

import warnings
from collections.abc import Collection

from nbgrader.api import Grade, Gradebook
from sqlalchemy import false
from sqlalchemy.exc import SQLAlchemyError

from autograder.course import Course
from autograder.errors import AutograderError


def graded_by_hand(course: Course, cells: Collection[str]) -> frozenset[tuple[str, str]]:
    """(assignment, student) with a manual score that still stands, for cells of those names.

    Raises AutograderError where the gradebook cannot be read. Opens it: one that is not there yet would be made.
    """
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", module="nbgrader")
            with Gradebook(course.gradebook, course.identity) as book:
                graded = book.db.query(Grade).filter(
                    Grade.manual_score.isnot(None), Grade.needs_manual_grade == false()
                )
                return frozenset((g.assignment.name, g.student.id) for g in graded if g.name in cells)
    except (SQLAlchemyError, ImportError) as error:
        reason = type(getattr(error, "orig", None) or error).__name__  # its text may hold the password
        raise AutograderError(
            f"gradebook: expected to read it, got {reason}. Hint: autograder export nbgrader."
        ) from None
