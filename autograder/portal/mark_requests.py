"""Requests to look at a mark again: one open a question, within a time after publication, answered in words.

No result is ever edited. A person adds points with a reason, or declines in words. Points that were added belong to the
question for good, whichever notebook counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from autograder.errors import AutograderError
from autograder.portal.events import note
from autograder.portal.folders import new_id
from autograder.portal.schema import PublicationRow, RequestRow, SubmissionRow

SHORTEST, LONGEST = 20, 1000  # characters of a request


def ends_at(publication: PublicationRow | None, days: int) -> datetime | None:
    """Until when a student may ask; None before the marks are published."""
    return publication.at + timedelta(days=days) if publication else None


def ask(
    session: Session, submission: SubmissionRow, question: str, text: str, now: datetime, ends: datetime | None
) -> RequestRow:
    """A student asks about one question of a hand-in. Raises AutograderError if it is too early, late or double."""
    if ends is None:
        raise AutograderError("request: expected published marks, got none yet. Hint: ask when you see your mark.")
    if now > ends:
        raise AutograderError(f"request: expected one until {ends:%Y-%m-%d %H:%M} UTC, got one after it.")
    if not SHORTEST <= len(text.strip()) <= LONGEST:
        raise AutograderError(
            f"request: expected {SHORTEST} to {LONGEST} characters, got {len(text.strip())}. "
            "Hint: say which check or line you mean, and why the mark is wrong."
        )
    place = (submission.assignment, submission.student, question)
    if _open(session, *place):
        raise AutograderError("request: expected one open request a question, got a second. Hint: wait for the answer.")
    row = RequestRow(
        id=new_id(),
        assignment=submission.assignment,
        student=submission.student,
        question=question,
        submission_id=submission.id,
        text=text.strip(),
        at=now,
        state="open",
    )
    session.add(row)
    note(session, now, submission.student, "asked", submission.student, request=row.id, question=question)
    return row


def answer(session: Session, row: RequestRow, text: str, added: float, by: str, now: datetime) -> None:
    """A person answers, with points or without. Raises AutograderError if there is no reason, or an answer already."""
    if row.state != "open":
        raise AutograderError("request: expected an open one, got one that was answered. Hint: open the list again.")
    if not text.strip():
        raise AutograderError("answer: expected words for the student, got nothing.")
    row.state, row.answer, row.added = ("changed" if added else "declined"), text.strip()[:LONGEST], added
    row.by, row.answered = by, now
    note(session, now, by, "answered", row.student, request=row.id, added=added)


def requests_of(session: Session, student: str, assignment: str) -> Sequence[RequestRow]:
    """A student's requests about an assignment, the newest first."""
    rows = select(RequestRow).where(RequestRow.student == student, RequestRow.assignment == assignment)
    return session.scalars(rows.order_by(RequestRow.at.desc())).all()


def open_requests(session: Session) -> Sequence[RequestRow]:
    """All requests that wait, the oldest first."""
    return session.scalars(select(RequestRow).where(RequestRow.state == "open").order_by(RequestRow.at)).all()


def added_points(session: Session, assignment: str) -> dict[tuple[str, str], float]:
    """By student and question, the points that answers to requests added."""
    rows = select(RequestRow.student, RequestRow.question, func.sum(RequestRow.added)).where(
        RequestRow.assignment == assignment, RequestRow.added != 0
    )
    grouped = session.execute(rows.group_by(RequestRow.student, RequestRow.question))
    return {(student, question): points for student, question, points in grouped}


def _open(session: Session, assignment: str, student: str, question: str) -> bool:
    rows = select(RequestRow.id).where(
        RequestRow.assignment == assignment,
        RequestRow.student == student,
        RequestRow.question == question,
        RequestRow.state == "open",
    )
    return session.scalar(rows.limit(1)) is not None
