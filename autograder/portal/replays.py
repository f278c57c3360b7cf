"""Grading a hand-in again, for whoever answers a request: the same notebook and hidden inputs, in the grader.

It is a job like all others, and its grading never counts. It has a suite of its own, so no proposal holds it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from autograder.errors import AutograderError
from autograder.portal.events import note
from autograder.portal.folders import PortalFolders
from autograder.portal.jobs import NEWEST, REPLAY
from autograder.portal.schema import GradingRow, JobRow
from autograder.records.compare import differences
from autograder.records.store import read_result


@dataclass(frozen=True, slots=True)
class Replay:
    """What grading again gave. before, after: scores.  differences: a line each; none if the results are identical."""

    graded: datetime
    before: float
    after: float
    differences: tuple[str, ...]


def grade_again(session: Session, submission: str, by: str, now: datetime) -> None:
    """Queue a replay of a hand-in, unless one waits. Raises AutograderError if nothing is graded yet."""
    if _counting(session, submission) is None:
        raise AutograderError("grade again: expected a graded hand-in, got one that waits. Hint: look again later.")
    if not is_waiting(session, submission):
        session.add(JobRow(submission_id=submission, suite=REPLAY, rank=NEWEST, queued=now))
        note(session, now, by, "graded_again", submission)


def is_waiting(session: Session, submission: str) -> bool:
    """Whether a replay waits."""
    return session.get(JobRow, (submission, REPLAY)) is not None


def replay_of(session: Session, places: PortalFolders, submission: str) -> Replay | None:
    """The newest replay of a hand-in, held against the grading that counts; None if there is none."""
    counting, again = _counting(session, submission), session.get(GradingRow, (submission, REPLAY))
    if counting is None or again is None:
        return None
    recorded, replayed = (read_result(places.result_of(row.result)) for row in (counting, again))
    if recorded is None or replayed is None:
        return None
    lines = list(differences(recorded, replayed))
    if recorded.seed != replayed.seed:
        lines.insert(0, "other hidden inputs: the secret of the course was changed since")
    return Replay(again.graded, recorded.score, replayed.score, tuple(lines))


def _counting(session: Session, submission: str) -> GradingRow | None:
    return session.scalar(select(GradingRow).where(GradingRow.submission_id == submission, GradingRow.counts))
