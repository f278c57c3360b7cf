"""The roster of a course, checked against the course's rules: each name in them must occur in the class."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from autograder.course import Course
from autograder.course_settings import ROSTER
from autograder.errors import CourseError
from autograder.roster.read import read_roster
from autograder.roster.roster import Person, Roster, key_of, name_keys
from autograder.text import nearest, one_line


def class_roster(course: Course, given: Path | None = None) -> Roster | None:
    """The roster that is given, or else the course's own; None if there is none.

    Raises CourseError for a student or an assignment that occurs nowhere, AutograderError for a file that is no roster.
    """
    path = given or course.root / course.roster_file
    if given is None and course.roster_file == ROSTER and not path.exists():
        return None
    roster = read_roster(path, course.zone)
    for where, student in _students_named(course):
        if student not in roster.by_id:
            name = one_line(student, 60)
            raise CourseError(
                f"{course.root / 'course.toml'}, {where}: expected a student of {path.name}, got {name!r}."
                f"{_meant(student, roster)}"
            )
    known = course.names()
    for assignment in sorted({name for each in roster.students for name, _ in each.remotes} - set(known)):
        raise CourseError(
            f"{path}: expected a column remote:ASSIGNMENT for one of {', '.join(known)}, "
            f"got {one_line(assignment, 60)!r}.{nearest(assignment, known)}"
        )
    for each in roster.students:
        for assignment in sorted(each.excused - set(known)):
            raise CourseError(
                f"{path}, {each.id}: expected excused to be among {', '.join(known)}, "
                f"got {one_line(assignment, 60)!r}.{nearest(assignment, known)}"
            )
    return roster


def _meant(student: str, roster: Roster) -> str:
    """A hint with the id of the one student who is called so, or else with the id that is most like it."""
    wanted = {key_of(student), *name_keys(student)}
    called = [person.id for person in roster.students if wanted & _called(person)]
    return f" Hint: {called[0]}?" if len(called) == 1 else nearest(student, roster.by_id)


def _called(person: Person) -> set[str]:
    """What a teacher may call a person: the name, or the part of an id, a login or an address before `@`."""
    texts = (person.id, person.email, person.login)
    return {*name_keys(person.name), *(key_of(text).partition("@")[0] for text in texts)}


def _students_named(course: Course) -> Iterator[tuple[str, str]]:
    """(the place in course.toml, the id) of each student whom the rules name, and not only the portal."""
    rules, granted = course.policy, course.granted
    yield from (("marks.extensions", student) for student in rules.extensions if student not in granted.extensions)
    yield from (("marks.excused", student) for student in rules.excused if student not in granted.excused)
