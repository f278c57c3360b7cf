"""The answers that people grade, read from the notebooks. A notebook never changes, so each is read once."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from autograder.assignment.released_cells import asked_by_hand, cells_of_release
from autograder.assignment.source import SourceCell
from autograder.course import Course
from autograder.errors import MalformedError
from autograder.hand.written_answers import UNREAD, answer_text
from autograder.intake.answers import find_answers
from autograder.intake.reader import read_notebook
from autograder.portal.folders import PortalFolders
from autograder.portal.schema import SubmissionRow


@dataclass(frozen=True, slots=True)
class AnswerToMark:
    """One student's answer. text: hostile, never markup; "" if nothing is written.  note: where it was found, or ""."""

    submission: SubmissionRow
    text: str
    note: str

    @property
    def sha256(self) -> str:
        """Of the text: by it one knows that the answer changed."""
        return hashlib.sha256(self.text.encode("utf-8", "replace")).hexdigest()


def newest_of_each(session: Session, assignment: str) -> dict[str, SubmissionRow]:
    """By student, the newest submission."""
    rows = select(SubmissionRow).where(SubmissionRow.assignment == assignment).order_by(SubmissionRow.received)
    return {row.student: row for row in session.scalars(rows)}


def answer_of(course: Course, places: PortalFolders, submission: SubmissionRow, question: str) -> AnswerToMark:
    """The answer to a question in a submission."""
    path = places.notebook_of(submission.assignment, submission.student, submission.received, submission.id)
    released = course.assignments / submission.assignment / f"{submission.assignment}.ipynb"
    text, where = _answers(path, _released(released, _changed(released))).get(question, ("", UNREAD))
    return AnswerToMark(submission, text, where)


def _changed(path: Path) -> int:
    return path.stat().st_mtime_ns if path.exists() else 0


@functools.lru_cache(maxsize=64)
def _released(path: Path, changed: int) -> tuple[SourceCell, ...]:  # noqa: ARG001 — a part of the cache's key
    return cells_of_release(path)


@functools.lru_cache(maxsize=5000)
def _answers(path: Path, released: Sequence[SourceCell]) -> dict[str, tuple[str, str]]:
    """By question: text and note. Nothing for a notebook that cannot be read."""
    questions = asked_by_hand(released)
    try:
        cells = read_notebook(path).cells
    except MalformedError:
        return {}
    return {questions[a.name]: (answer_text(a), a.note) for a in find_answers(cells, released)}
