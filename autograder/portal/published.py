"""Marks that students are shown: a publication keeps what was shown, and later changes show to staff only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from autograder.portal.class_state import ClassMarks
from autograder.portal.events import note
from autograder.portal.schema import PublicationRow


@dataclass(frozen=True, slots=True)
class MarkChange:
    """A student whose mark is another one now. None: there is, or was, no mark."""

    student: str
    old: float | None
    new: float | None

    @property
    def change(self) -> float:
        """Points, new minus old."""
        return round((self.new or 0.0) - (self.old or 0.0), 6)


def latest(session: Session, assignment: str) -> PublicationRow | None:
    """What students see now of an assignment's marks, or None."""
    rows = select(PublicationRow).where(PublicationRow.assignment == assignment, PublicationRow.withdrawn.is_(None))
    return session.scalar(rows.order_by(PublicationRow.id.desc()).limit(1))


def publish(session: Session, class_: ClassMarks, by: str, now: datetime) -> PublicationRow:
    """Show the marks as they are now."""
    row = PublicationRow(assignment=class_.entry.name, at=now, by=by, shown=shown_of(class_))
    session.add(row)
    session.flush()
    note(session, now, by, "published", class_.entry.name, students=len(row.shown), publication=row.id)
    return row


def withdraw(session: Session, assignment: str, by: str, now: datetime) -> None:
    """Hide an assignment's marks. Earlier publications stay hidden, too."""
    shown = select(PublicationRow).where(PublicationRow.assignment == assignment, PublicationRow.withdrawn.is_(None))
    rows = session.scalars(shown).all()
    for row in rows:
        row.withdrawn = now
    if rows:
        note(session, now, by, "withdrawn", assignment, publications=[row.id for row in rows])


def shown_of(class_: ClassMarks) -> dict[str, dict[str, Any]]:
    """By student, the mark as `PublicationRow.shown` has it. Who is excused has none."""
    shown = {}
    for student, mark in sorted(class_.marks.items()):
        if mark.excused:
            continue
        counting = class_.counting(student)
        shown[student] = {
            "submission": counting.id if counting else "",
            "result": counting.file if counting else "",
            "score": mark.score,
            "by_hand": class_.by_hand.get(student, 0.0),
        }
    return shown


def changed_since(shown: Mapping[str, Mapping[str, Any]], class_: ClassMarks) -> list[MarkChange]:
    """Whose mark is another one than was shown."""
    old = {student: float(each["score"]) for student, each in shown.items()}
    return changes(old, {student: mark.score for student, mark in class_.marks.items() if not mark.excused})


def changes(old: Mapping[str, float], new: Mapping[str, float]) -> list[MarkChange]:
    """The students whose marks differ, by id."""
    both = ((student, old.get(student), new.get(student)) for student in sorted({*old, *new}))
    return [MarkChange(*each) for each in both if each[1] != each[2]]
