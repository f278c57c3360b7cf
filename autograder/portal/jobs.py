"""The queue: which submission is graded next, and who has it.

The queue is a table. A grader takes a job for a time, its lease. If the grader ends, or is too slow, the job is free
again, and the grader's later result is not written. So a job is never lost, and never counts twice.

The order: the newest of each student first, by time; then those that a newer one replaced; then those that only a
change of the checks asks for. What did not end in its first slice waits in the slow lane.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlalchemy.orm import Session

from autograder.portal.database import Database
from autograder.portal.events import note
from autograder.portal.schema import GradingRow, JobRow, SubmissionRow

NEWEST, REPLACED, REGRADE = range(3)  # ranks: the lowest goes first
REPLAY = "replay"  # the suite of a grading that only shows what grading again gives
MOST_TRIES = 3  # a job that took so many graders along is nobody's any more
SHORT = 4  # while more jobs wait, a first run has one slice


@dataclass(frozen=True, slots=True)
class Lease:
    """A job that a grader has. sliced: others wait, so this run may take one slice only."""

    submission: SubmissionRow
    suite: str
    owner: str
    tries: int
    sliced: bool


def queue_newest(session: Session, submission: SubmissionRow, suite: str) -> None:
    """Add the job of a submission that came in. The waiting jobs of the same student are replaced by it."""
    older = select(SubmissionRow.id).where(
        SubmissionRow.assignment == submission.assignment,
        SubmissionRow.student == submission.student,
        SubmissionRow.id != submission.id,
    )
    session.execute(update(JobRow).where(JobRow.submission_id.in_(older), JobRow.rank == NEWEST).values(rank=REPLACED))
    session.add(JobRow(submission_id=submission.id, suite=suite, rank=NEWEST, queued=submission.received))


def claim(database: Database, owner: str, now: datetime, lease: timedelta, *, slow: bool) -> Lease | None:
    """Take the next job for `lease`, or None if none waits.

    slow: whether this grader may take jobs of the slow lane, if no other waits.
    """
    with database.write() as session:
        waiting = select(JobRow).where(*_free_for(slow, now))
        order = (JobRow.slow, JobRow.rank, JobRow.queued, JobRow.submission_id)
        job = session.scalar(waiting.order_by(*order).limit(1).with_for_update(skip_locked=True, of=JobRow))
        if job is None:
            return None
        crowded = session.scalar(select(func.count()).select_from(JobRow).where(_is_free(now))) or 0
        sliced = not job.slow and crowded > SHORT
        job.owner, job.lease, job.tries = owner, now + lease, job.tries + 1
        return Lease(job.submission, job.suite, owner, job.tries, sliced)


def to_slow_lane(database: Database, claim: Lease) -> None:
    """Put a job back whose first slice is over. That was no try."""
    with database.write() as session:
        session.execute(
            update(JobRow).where(*_of(claim)).values(slow=True, owner=None, lease=None, tries=JobRow.tries - 1)
        )


def put_back(database: Database, claim: Lease) -> None:
    """Free a job whose grader met trouble that is not the student's. That was a try."""
    with database.write() as session:
        session.execute(update(JobRow).where(*_of(claim)).values(owner=None, lease=None))


def finish(database: Database, claim: Lease, grading: GradingRow, now: datetime) -> bool:
    """Write a grading and remove its job. False, and nothing written, if the lease was lost.

    The first grading of a submission counts. A later one, by other checks, is a proposal: a person decides.
    """
    with database.write() as session:
        mine = delete(JobRow).where(*_of(claim), JobRow.lease >= now).returning(JobRow.submission_id)
        if session.scalar(mine) is None:
            note(session, now, claim.owner, "lease_lost", claim.submission.id)
            return False
        counting = select(GradingRow.suite).where(GradingRow.submission_id == claim.submission.id, GradingRow.counts)
        grading.counts = session.scalar(counting.where(GradingRow.suite != claim.suite)) is None
        session.merge(grading)
        data = {"score": grading.score, "status": grading.status, "counts": grading.counts}
        note(session, now, claim.owner, "graded", claim.submission.id, **data)
        return True


def free(database: Database, owners: Sequence[str]) -> int:
    """Free the jobs of graders that ended. Returns how many there were."""
    with database.write() as session:
        ended = update(JobRow).where(JobRow.owner.in_(owners)).values(owner=None, lease=None)
        return len(session.scalars(ended.returning(JobRow.submission_id)).all())


def given_up(session: Session) -> Sequence[JobRow]:
    """The jobs that took too many graders along: a person must look at them."""
    return session.scalars(select(JobRow).where(JobRow.tries >= MOST_TRIES, JobRow.owner.is_(None))).all()


@dataclass(frozen=True, slots=True)
class QueueLength:
    """The queue now. number: of jobs that wait.  oldest: since when the first of them waits, or None."""

    number: int
    oldest: datetime | None


def waiting(session: Session) -> QueueLength:
    """How many jobs wait, and since when."""
    number, oldest = session.execute(
        select(func.count(), func.min(JobRow.queued)).where(JobRow.owner.is_(None), JobRow.tries < MOST_TRIES)
    ).one()
    return QueueLength(number, oldest)


def any_waits(session: Session, now: datetime, *, slow: bool) -> bool:
    """Whether a job is free. slow: also of the slow lane.  It only reads, so graders may ask often."""
    return session.scalar(select(JobRow.submission_id).where(*_free_for(slow, now)).limit(1)) is not None


def _is_free(now: datetime) -> ColumnElement[bool]:
    return and_(or_(JobRow.owner.is_(None), JobRow.lease < now), JobRow.tries < MOST_TRIES)


def _free_for(slow: bool, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """The conditions that a grader may take a job. slow: whether it takes those of the slow lane."""
    return (_is_free(now),) if slow else (_is_free(now), JobRow.slow.is_(False))


def _of(claim: Lease) -> tuple[ColumnElement[bool], ...]:
    """The conditions that a row is this claim's job, and still its owner's."""
    return JobRow.submission_id == claim.submission.id, JobRow.suite == claim.suite, JobRow.owner == claim.owner
