"""What people gave by hand, from formgrader and from sheets, for the commands that show or export marks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.cli.console import say
from autograder.errors import AutograderError

if TYPE_CHECKING:
    from autograder.course import Course
    from autograder.hand.given import HandWork
    from autograder.records.hand_grades import Cell, HandGrades


def hand_work(course: Course, assignments: Sequence[str], submitted: Path | None = None) -> HandWork:
    """Everything that was given by hand; nothing if there is no gradebook and no sheet was read.

    Raises AutograderError if the two differ about one question of one student, or if the gradebook cannot be read.
    """
    from autograder.hand.given import joined

    sheets = _sheets(course, assignments, submitted)
    return joined(_formgrader(course, assignments), sheets) if has_gradebook(course) else sheets


def hand_work_for_pages(course: Course, assignments: Sequence[str], submitted: Path | None) -> HandWork:
    """As `hand_work`, but a gradebook that cannot be read is only said: the class still gets its pages."""
    from autograder.hand.given import joined

    sheets = _sheets(course, assignments, submitted)
    if not has_gradebook(course):
        return sheets
    try:
        formgrader = _formgrader(course, assignments)
    except AutograderError as error:
        say(f"{error} The pages are without what was given in formgrader.")
        return sheets
    return joined(formgrader, sheets)


def require_hand_work(course: Course, assignments: Sequence[str]) -> HandWork:
    """As `hand_work`. Raises AutograderError if there is neither a gradebook nor a sheet that was read."""
    if has_gradebook(course) or _sheets(course, assignments, None):
        return hand_work(course, assignments)
    return _formgrader(course, assignments)  # it knows what to say


def _sheets(course: Course, assignments: Sequence[str], submitted: Path | None) -> HandWork:
    from autograder.hand.sheet_grades import given_in_sheets

    return given_in_sheets(course, assignments, submitted or course.work / "submitted")


def _formgrader(course: Course, assignments: Sequence[str]) -> HandWork:
    from autograder.interop.hand_scores import hand_scores

    return hand_scores(course, assignments)


def grades_by_cell(course: Course, submitted: Path | None = None) -> HandGrades:
    """Which answers a person has graded, in formgrader or in a sheet, and which still wait."""
    from autograder.records.hand_grades import HandGrades

    sheets = _cells_of_sheets(course, submitted)
    if not has_gradebook(course):
        return HandGrades(sheets)
    from autograder.interop.hand_scores import hand_grades

    try:
        formgrader = hand_grades(course)
    except AutograderError as error:
        return HandGrades(sheets, problem=str(error))
    points = {**formgrader.points, **sheets}
    return HandGrades(points, formgrader.waiting - points.keys())


def _cells_of_sheets(course: Course, submitted: Path | None) -> dict[Cell, float]:
    """The points of sheets that still stand, by the cells of the questions."""
    from autograder.assignment.assignment import load_assignment

    points: dict[Cell, float] = {}
    for (assignment, student), given in _sheets(course, course.names(), submitted).items():
        cells = {c.question: c.name for c in load_assignment(course.solutions / assignment).cells if c.role == "manual"}
        for question, each in given.items():
            if each.points is not None and not each.waits and question in cells:
                points[assignment, student, cells[question]] = each.points
    return points


def has_gradebook(course: Course) -> bool:
    """Whether the course has a gradebook of nbgrader: on a server, or the usual file."""
    return bool(course.url) or (course.work / "gradebook.db").is_file()
