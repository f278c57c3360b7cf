"""What people give for answers in words: marks with a rubric, and the rows behind them.

A mark names lines of the rubric. So a line that changes its points changes every mark that has it, and nobody has to
mark again. A mark also has the hash of the answer that was read: if the student hands in another answer, a person looks
once more.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from autograder.errors import AutograderError
from autograder.hand.given import Given
from autograder.portal.catalogue import CatalogueEntry, CatalogueQuestion
from autograder.portal.events import note
from autograder.portal.mark_requests import added_points
from autograder.portal.schema import HandMarkRow, RubricItemRow, SavedCommentRow
from autograder.text import one_line

MOST_TEXT = 4000  # characters of a comment
MOST_POINTS = 1000.0
KEYS = 9  # lines of a rubric that a key of the keyboard chooses


class SomebodyElseError(AutograderError):
    """Another person saved a mark for the same answer in between. theirs: what stands there now."""

    def __init__(self, theirs: HandMarkRow) -> None:
        super().__init__(f"mark: expected version {theirs.version - 1}, got a newer one of {one_line(theirs.by)}.")
        self.theirs = theirs


@dataclass(frozen=True, slots=True)
class HandDecision:
    """What a person decided about an answer. items: of the rubric.  version: of the mark that was read; 0: none."""

    items: tuple[int, ...]
    free: float
    comment: str
    version: int


def rubric_of(session: Session, assignment: str, question: str) -> Sequence[RubricItemRow]:
    """The lines of a question's rubric, in order; none before the first person opened it."""
    lines = select(RubricItemRow).where(RubricItemRow.assignment == assignment, RubricItemRow.question == question)
    return session.scalars(lines.order_by(RubricItemRow.id)).all()


def begin_rubric(session: Session, assignment: str, question: CatalogueQuestion) -> Sequence[RubricItemRow]:
    """The same; at first those lines that the author wrote, with the keys 1 to 9."""
    if found := rubric_of(session, assignment, question.id):
        return found
    for number, line in enumerate(question.rubric, 1):
        key = number if number <= KEYS else 0
        row = RubricItemRow(assignment=assignment, question=question.id, text=line.text, points=line.points, key=key)
        session.add(row)
    session.flush()
    return rubric_of(session, assignment, question.id)


def points_of(mark: HandMarkRow, rubric: Iterable[RubricItemRow], most: float) -> float:
    """The points of a mark: its lines and what was given besides, from 0 to `most`."""
    chosen = sum(item.points for item in rubric if item.id in mark.items)
    return round(min(most, max(0.0, chosen + mark.free)), 6)


def marks_for(session: Session, assignment: str, question: str) -> dict[str, HandMarkRow]:
    """By student, the marks of one question."""
    rows = select(HandMarkRow).where(HandMarkRow.assignment == assignment, HandMarkRow.question == question)
    return {row.student: row for row in session.scalars(rows)}


def decide(
    session: Session, place: tuple[str, str, str], decision: HandDecision, answer_sha256: str, by: str, now: datetime
) -> HandMarkRow:
    """Write a mark. place: assignment, student, question.  Raises SomebodyElseError if another was faster."""
    mark = session.get(HandMarkRow, place)
    if (mark.version if mark else 0) != decision.version:
        if mark is None:
            raise AutograderError("mark: expected one that is still there, got none. Hint: open the page again.")
        raise SomebodyElseError(mark)
    before = {} if mark is None else {"items": mark.items, "free": mark.free}
    mark = mark or HandMarkRow(assignment=place[0], student=place[1], question=place[2], version=0)
    mark.items, mark.free, mark.comment = sorted(decision.items), decision.free, decision.comment
    mark.answer_sha256, mark.by, mark.at, mark.version = answer_sha256, by, now, mark.version + 1
    session.add(mark)
    after = {"items": mark.items, "free": mark.free}
    note(session, now, by, "marked", place[1], place=list(place), before=before, after=after)
    return mark


def change_rubric(session: Session, item: RubricItemRow, text: str, points: float, by: str, now: datetime) -> None:
    """Change a line, and so every mark that has it."""
    before = {"text": item.text, "points": item.points}
    item.text, item.points = text, points
    note(session, now, by, "rubric_changed", item.assignment, item=item.id, before=before, points=points)


def having(marks: Iterable[HandMarkRow], item: RubricItemRow) -> int:
    """How many marks have this line."""
    return sum(item.id in mark.items for mark in marks)


def saved_comments(session: Session, assignment: str, question: str) -> Sequence[SavedCommentRow]:
    """Comments that are used again."""
    rows = select(SavedCommentRow).where(SavedCommentRow.assignment == assignment, SavedCommentRow.question == question)
    return session.scalars(rows.order_by(SavedCommentRow.id)).all()


def save_comment(session: Session, assignment: str, question: str, text: str) -> None:
    """Keep a comment for the next time; once."""
    if text and text not in {row.text for row in saved_comments(session, assignment, question)}:
        session.add(SavedCommentRow(assignment=assignment, question=question, text=text[:1000]))


def given_by_hand(session: Session, entry: CatalogueEntry) -> Mapping[str, dict[str, Given]]:
    """By student and question, what people gave in one assignment: marks of answers, and points after requests."""
    given: dict[str, dict[str, Given]] = {}
    for question in (q for q in entry.questions if q.by_hand):
        rubric = rubric_of(session, entry.name, question.id)
        for student, mark in marks_for(session, entry.name, question.id).items():
            points = points_of(mark, rubric, question.points)
            given.setdefault(student, {})[question.id] = Given(points, mark.comment)
    for (student, question_id), added in added_points(session, entry.name).items():
        before = given.setdefault(student, {}).get(question_id, Given(0.0))
        given[student][question_id] = replace(before, points=round((before.points or 0.0) + added, 6))
    return given


def in_hidden_order(secret: bytes, question: str, students: Iterable[str]) -> list[str]:
    """The students in an order that says nothing of their names, the same one each time."""
    return sorted(students, key=lambda s: hmac.new(secret, f"{question}\0{s}".encode(), hashlib.sha256).digest())
