"""Extensions and excuses: what staff granted one student in one assignment."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from autograder.granted import GrantedExceptions
from autograder.portal.events import note
from autograder.portal.schema import ExceptionRow


def granted_in(session: Session) -> GrantedExceptions:
    """All that is granted now. Its `added_to` gives the rules with it."""
    extensions: dict[str, dict[str, datetime]] = {}
    excused: dict[str, list[str]] = {}
    for row in session.scalars(select(ExceptionRow).order_by(ExceptionRow.student, ExceptionRow.assignment)):
        if row.due:
            extensions.setdefault(row.student, {})[row.assignment] = row.due
        if row.excused:
            excused.setdefault(row.student, []).append(row.assignment)
    return GrantedExceptions(extensions=extensions, excused=excused)


def exceptions_of(session: Session, student: str) -> dict[str, ExceptionRow]:
    """What one student was granted, by assignment."""
    rows = session.scalars(select(ExceptionRow).where(ExceptionRow.student == student))
    return {row.assignment: row for row in rows}


def grant(session: Session, granted: ExceptionRow) -> None:
    """Grant an exception, in place of an earlier one in the same assignment."""
    before = _said(session.get(ExceptionRow, (granted.assignment, granted.student)))
    session.merge(granted)
    after = _said(granted)
    data = {"assignment": granted.assignment, "why": granted.why, "before": before, "after": after}
    note(session, granted.at, granted.by, "granted", granted.student, **data)


def take_back(session: Session, assignment: str, student: str, by: str, now: datetime) -> None:
    """End an exception, if there is one."""
    row = session.get(ExceptionRow, (assignment, student))
    if row:
        session.delete(row)
        note(session, now, by, "taken_back", student, assignment=assignment, before=_said(row))


def _said(row: ExceptionRow | None) -> dict[str, str | bool]:
    """An exception as the record of events has it."""
    return {"due": row.due.isoformat() if row.due else "", "excused": bool(row.excused)} if row else {}
