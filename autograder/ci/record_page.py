"""The page of the record: who is late, missing, unreadable or not graded, with a link to each one's commit.

Student text is escaped, and a link is made of a checked path and a commit id alone. The page holds no time of its own,
so that the same record has the same page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from autograder.course import Course
from autograder.exports.github import MAX_BYTES, bounded, markdown_text
from autograder.hosting.server import Server
from autograder.marks import Mark, is_excused
from autograder.roster.roster import Person, Roster

What = Literal["not graded", "unreadable", "late", "missing"]
_ORDER: tuple[What, ...] = ("not graded", "unreadable", "late", "missing")
_PAGE_BYTES = MAX_BYTES // 2  # GitHub shows no README above 512 KiB


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What the page needs beside the marks. server: of the students' repositories."""

    course: Course
    roster: Roster | None
    server: Server
    now: datetime


@dataclass(frozen=True, slots=True)
class Odd:
    """A student whom a person should know of, in one assignment."""

    student: str
    what: What
    why: str = ""
    link: str = ""


def page(marks: Sequence[Mark], facts: PageFacts, room: int = _PAGE_BYTES) -> str:
    """Markdown of at most `room` bytes of UTF-8."""
    blocks = [f"# {markdown_text(facts.course.title)}: marks\n\n{_HOW}"]
    for name in facts.course.names():
        if facts.course.policy.of(name).state_at(facts.now) != "draft":
            blocks += _assignment(name, [m for m in marks if m.result.assignment == name], facts)
    return bounded(blocks, room, _left_out, lambda block: len(block.encode()))


_HOW = (
    "`autograder ci record` writes this branch. `grades.csv` has the marks of everybody. On your machine, in a clone "
    "of this repository, `autograder ci fetch-record` brings the results to where `autograder export` reads them.\n"
)


def _left_out(number: int) -> str:
    return f"\n{number} rows are left out, because the page would be too long. `grades.csv` has everybody.\n"


def _assignment(name: str, marks: list[Mark], facts: PageFacts) -> Iterator[str]:
    """One block for the head, and one for each row. Cut between two blocks, it is still a table."""
    odd = sorted(_odd(name, marks, facts), key=lambda each: (_ORDER.index(each.what), each.student))
    counts = Counter(each.what for each in odd)
    good = sum(mark.result.status == "graded" for mark in marks)
    words = ", ".join(f"{counts[what]} {what}" for what in _ORDER)
    yield f"\n## {markdown_text(name)}\n\n{good} graded; {words}.\n"
    if odd:
        yield "\n| student | | why | |\n| --- | --- | --- | --- |\n"
    for each in odd:
        yield f"| {markdown_text(each.student)} | {each.what} | {markdown_text(each.why)} | {each.link} |\n"


def _odd(name: str, marks: list[Mark], facts: PageFacts) -> Iterator[Odd]:
    for mark in marks:
        what = _what(mark)
        if what and not mark.excused:
            person = facts.roster.by_id.get(mark.result.student) if facts.roster else None
            yield Odd(mark.result.student, what, _why(mark, what), _link(name, mark, person, facts.server))
    seen = {mark.result.student for mark in marks}
    for person in facts.roster.present if facts.roster else ():
        if person.id not in seen and not is_excused(facts.course.policy, person, name, person.id):
            yield Odd(person.id, "missing", "", _link(name, None, person, facts.server))


def _what(mark: Mark) -> What | None:
    match mark.result.status:
        case "error":
            return "not graded"
        case "malformed":
            return "unreadable"
        case "missing":
            return "missing"
    return "late" if mark.days_late or mark.closed else None


def _why(mark: Mark, what: What) -> str:
    if what == "not graded":  # the reason is the student's; the cause is for the instructor
        return next(
            (flag.data[0] for flag in mark.result.flags if flag.kind == "not_graded" and flag.data), mark.result.reason
        )
    if what != "late":
        return mark.result.reason
    days = f"{mark.days_late} day{'s' * (mark.days_late != 1)}"
    return "after the assignment was closed" if mark.closed else days


def _link(assignment: str, mark: Mark | None, person: Person | None, server: Server) -> str:
    """To the commit, or to the repository if no commit is known; "" where the roster names none on this server."""
    repository = server.repository(person.remote_of(assignment)) if person else None
    if not repository:
        return ""
    address = f"{server.address}/{repository}"
    commit = mark.result.provenance.commit if mark and mark.result.provenance else ""
    if not commit:
        return f"[repository]({address})"
    return f"[{commit[:7]}]({address}/{'' if server.kind == 'github' else '-/'}commit/{commit})"
