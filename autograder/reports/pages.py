"""The class report and one page a student: self-contained HTML, no network."""

from __future__ import annotations

import urllib.parse
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from jinja2 import Environment

from autograder.assignment.titles import title_of
from autograder.authoring.failing import DIAGNOSES
from autograder.course import Course
from autograder.files import write_atomically
from autograder.hand.given import NOTHING, HandWork
from autograder.html_pages import page_environment
from autograder.marks import Mark, marks_of
from autograder.records.result import Result
from autograder.regrades.outcome import RegradeAnswer
from autograder.reports.class_page import write_class_pages
from autograder.reports.student_page import StudentPage, StudentPages
from autograder.reports.summary import said
from autograder.roster.roster import Roster
from autograder.text import file_name, one_line

_NOBODY = HandWork()
_UNTITLED: Mapping[str, str] = {}


def write_reports(
    course: Course,
    results: list[Result],
    out: Path,
    wrote: Callable[[], None] = lambda: None,
    submitted: Path | None = None,
    hand: HandWork = _NOBODY,
    roster: Roster | None = None,
    regrades: Sequence[RegradeAnswer] = (),
) -> Path:
    """Write OUT/ASSIGNMENT/STUDENT.html and the class report; returns its index. `wrote` is called after each page.

    submitted: the folder of notebooks; default: the course's.
    hand: what people gave. Nothing here reads a gradebook.  roster: gives names, and says who left.
    regrades: what students asked for, and what became of it.
    """
    now = datetime.now(UTC)
    marks = marks_of(results, course.policy, roster=roster, now=now)
    everyone = [*marks, *_of_those_who_left(course, results, roster, now)]
    for mark, page in student_pages(course, everyone, roster, hand, regrades):
        place = out / mark.result.assignment / f"{file_name(mark.result.student)}.html"
        write_atomically(place, page.text, lasting=False)
        wrote()
    submitted = submitted or course.work / "submitted"
    with_hand = marks_of(results, course.policy, hand.points, roster=roster, now=now)
    titles = {name: title_of(course, name) for name in {mark.result.assignment for mark in marks}}
    environment = _environment(roster, titles, regrades)
    return write_class_pages(environment, course, marks, with_hand, out, submitted, hand)


def _of_those_who_left(course: Course, results: list[Result], roster: Roster | None, now: datetime) -> list[Mark]:
    """Marks of withdrawn students, for their pages alone: an earlier page must not go on saying that a mark counts."""
    left = {person.id: person for person in (roster.students if roster else ()) if person.withdrawn}
    marks = marks_of([r for r in results if r.student in left], course.policy, now=now)
    return [replace(mark, student=left[mark.result.student]) for mark in marks]


def student_pages(
    course: Course,
    marks: Iterable[Mark],
    roster: Roster | None,
    hand: HandWork,
    regrades: Sequence[RegradeAnswer] = (),
) -> Iterator[tuple[Mark, StudentPage]]:
    """Each mark with its student's page. Points by hand are of the newest attempt, as in a mark."""
    pages = StudentPages(_environment(roster, regrades=regrades), course)
    for mark in marks:
        place = mark.result.assignment, mark.result.student
        yield mark, pages.page(mark, hand.of(place) if mark.result.attempt == 0 else NOTHING)


def _environment(
    roster: Roster | None, titles: Mapping[str, str] = _UNTITLED, regrades: Sequence[RegradeAnswer] = ()
) -> Environment:
    """titles: of assignments, for the filter `titled`."""
    environment = with_words(page_environment("autograder.reports"))
    environment.filters.update(link=_link, link_to=_link_to)
    environment.filters.update(named=lambda student: one_line(roster.name_of(student)) if roster else "")
    environment.filters.update(titled=lambda name: titles.get(name) or one_line(name))
    environment.globals.update(regrades=regrades)
    return environment


def with_words(environment: Environment) -> Environment:
    """The filters that the templates of a result use, wherever these are included."""
    environment.filters.update(percent=lambda x: f"{100 * x:.0f} %", short=lambda x: f"{x:.1f}")
    environment.filters.update(said=said, code=_code, signed=_signed)
    environment.globals.update(diagnoses=DIAGNOSES)
    return environment


def _link(result: Result) -> str:
    return _link_to(result.assignment, result.student)


def _link_to(assignment: str, student: str) -> str:
    return urllib.parse.quote(f"{assignment}/{file_name(student)}.html")


def _signed(number: float) -> str:
    """A number with two places, and a minus sign as wide as a plus sign."""
    return f"{number:.2f}".replace("-", "−")


def _code(line: str) -> str:
    """A line of code with its indentation, which one_line would remove."""
    return line[: len(line) - len(line.lstrip(" "))][:40] + one_line(line, 120)
