"""What people gave by hand, from formgrader and from sheets, for the commands that show or export marks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.cli.console import say
from autograder.errors import AutograderError

if TYPE_CHECKING:
    from autograder.course import Course
    from autograder.hand.given import HandWork
    from autograder.marks import Mark


def hand_work(course: Course, assignments: Sequence[str], submitted: Path | None = None) -> HandWork:
    """Everything that was given by hand; nothing if there is no gradebook and no sheet was read.

    Raises AutograderError if the two differ about one question of one student, or if the gradebook cannot be read.
    """
    from autograder.hand.given import joined

    sheets = _sheets(course, assignments, submitted)
    return joined(_formgrader(course, assignments), sheets) if has_gradebook(course) else sheets


def hand_work_for_pages(course: Course, assignments: Sequence[str], submitted: Path | None) -> HandWork:
    """As `hand_work`, but a gradebook that cannot be read is only said: the class still gets its pages."""
    from autograder.hand.given import HandWork, joined

    try:
        formgrader = _formgrader(course, assignments) if has_gradebook(course) else HandWork()
    except AutograderError as error:
        say(f"{error} The pages are without what was given in formgrader.")
        formgrader = HandWork(problem=str(error))
    return joined(formgrader, _sheets(course, assignments, submitted))


def require_hand_work(course: Course, assignments: Sequence[str], submitted: Path | None) -> HandWork:
    """As `hand_work`. Raises AutograderError if there is neither a gradebook nor a sheet that was read."""
    work = hand_work(course, assignments, submitted)
    return work if work.given or has_gradebook(course) else _formgrader(course, assignments)  # it knows what to say


def what_waits(course: Course, marks: Sequence[Mark], work: HandWork) -> Iterator[str]:
    """Lines about these marks: what the gradebook has not seen yet, and how many grades a person has yet to give."""
    from autograder.hand.given import waiting

    handed_in = [m for m in marks if m.result.has_verdict and m.result.status != "missing" and not m.excused]
    places = [(m.result.assignment, m.result.student) for m in handed_in]
    absent = sum(place not in work.given for place in places) if has_gradebook(course) else 0
    if absent:
        yield f"not in the gradebook yet: {absent} of {len(places)} submissions. Hint: autograder export nbgrader."
    asked = {name: _asked(course, name) for name in {name for name, _ in places}}
    number = sum(len(waiting(work.of(place), asked[place[0]])) for place in places)
    if number:
        yield f"{number} grades are still for a person to give. Hint: nbgrader formgrader, or autograder hand sheet."


def _asked(course: Course, name: str) -> Sequence[str]:
    """The questions of an assignment that are answered in words; none while the author repairs it."""
    from autograder.assignment.assignment import load_assignment
    from autograder.errors import CourseError

    try:
        return tuple(load_assignment(course.solutions / name).by_hand)
    except CourseError:
        return ()


def _sheets(course: Course, assignments: Sequence[str], submitted: Path | None) -> HandWork:
    from autograder.hand.hand_grades import given_in_sheets

    return given_in_sheets(course, assignments, submitted or course.work / "submitted")


def _formgrader(course: Course, assignments: Sequence[str]) -> HandWork:
    from autograder.interop.hand_scores import hand_scores

    return hand_scores(course, assignments)


def has_gradebook(course: Course) -> bool:
    """Whether the course has a gradebook of nbgrader: on a server, or the usual file."""
    return bool(course.url) or (course.work / "gradebook.db").is_file()
