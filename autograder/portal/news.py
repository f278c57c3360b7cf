"""News: whose pages an event changes, and how much of it there was for a person so far.

A page shows news up to a moment. If there is more of it when the page begins to listen, it is asked for again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, func, or_, select
from sqlalchemy.orm import Session

from autograder.portal.events import What
from autograder.portal.portal import Portal
from autograder.portal.schema import EventRow, SubmissionRow

_OF_SUBMISSION: Collection[What] = {"handed_in", "adopted", "graded"}
_OF_STUDENT: Collection[What] = {"granted", "taken_back", "asked", "answered"}
_OF_ALL: Collection[What] = {"published", "withdrawn", "regrade_applied", "regrade_reverted"}
_EVENTS = select(EventRow.id, EventRow.what, EventRow.about, EventRow.data, SubmissionRow.student).outerjoin(
    SubmissionRow, SubmissionRow.id == EventRow.about
)


@dataclass(frozen=True, slots=True)
class ChangedPages:
    """Whose pages changed. students: ids.  of_all: pages of every student.  any: pages of staff."""

    students: frozenset[str]
    of_all: bool
    any: bool

    def concern(self, person: str, role: str) -> bool:
        """Whether this person's pages changed."""
        return (self.of_all or person in self.students) if role == "student" else self.any


def changes_of(events: Iterable[Any]) -> ChangedPages:
    """Whose pages these events change. A grading that does not count is a proposal, which no student sees."""
    students, of_all, any_ = set(), False, False
    for event in events:
        any_, of_all = True, of_all or event.what in _OF_ALL
        if event.what in _OF_STUDENT:
            students.add(event.about)
        elif event.what in _OF_SUBMISSION and event.student and event.data.get("counts", True):
            students.add(event.student)
    return ChangedPages(frozenset(students), of_all, any_)


def events_after(session: Session, number: int) -> Sequence[Row[Any]]:
    """The events with a higher number, as `changes_of` takes them."""
    return session.execute(_EVENTS.where(EventRow.id > number)).all()


def amount_of_news(session: Session, portal: Portal, person: str, role: str) -> int:
    """How many events changed this person's pages so far.

    It is a count, and no number of an event: in PostgreSQL, an earlier number can come into view later.
    """
    if role != "student":
        return session.scalar(select(func.count()).select_from(EventRow)) or 0
    mine = select(SubmissionRow.id).where(SubmissionRow.student == person)
    about = [person, *(entry.name for entry in portal.catalogue.entries)]
    events = session.execute(_EVENTS.where(or_(EventRow.about.in_(about), EventRow.about.in_(mine))))
    return sum(changes_of([event]).concern(person, role) for event in events)
