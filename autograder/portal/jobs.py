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
from autograder.portal.tables import Grading, Job, Submission

NEWEST, REPLACED, REGRADE = range(3)  # ranks: the lowest goes first
MOST_TRIES = 3  # a job that took so many graders along is nobody's any more
SHORT = 4  # while more jobs wait, a first run has one slice


@dataclass(frozen=True, slots=True)
class Claim:
    """A job that a grader has. slice_seconds: the most that this run may take; None: as long as its limits say."""

    submission: Submission
    suite: str
    owner: str
    tries: int
    slice_seconds: float | None


def queue_newest(session: Session, submission: Submission, suite: str) -> None:
    """Add the job of a submission that came in. The waiting jobs of the same student are replaced by it."""
    older = select(Submission.id).where(
        Submission.assignment == submission.assignment,
        Submission.student == submission.student,
        Submission.id != submission.id,
    )
    session.execute(update(Job).where(Job.submission_id.in_(older), Job.rank == NEWEST).values(rank=REPLACED))
    session.add(Job(submission_id=submission.id, suite=suite, rank=NEWEST, queued=submission.received))


def claim(
    database: Database, owner: str, now: datetime, lease: timedelta, *, slow: bool, slice_seconds: float = 1.0
) -> Claim | None:
    """Take the next job for `lease`, or None if none waits.

    slow: whether this grader may take jobs of the slow lane, if no other waits.
    """
    with database.write() as session:
        waiting = select(Job).where(_is_free(now))
        if not slow:
            waiting = waiting.where(Job.slow.is_(False))
        order = (Job.slow, Job.rank, Job.queued, Job.submission_id)
        job = session.scalar(waiting.order_by(*order).limit(1).with_for_update(skip_locked=True, of=Job))
        if job is None:
            return None
        crowded = session.scalar(select(func.count()).select_from(Job).where(Job.owner.is_(None))) or 0
        sliced = not job.slow and crowded > SHORT
        job.owner, job.lease, job.tries = owner, now + lease, job.tries + 1
        return Claim(job.submission, job.suite, owner, job.tries, slice_seconds if sliced else None)


def to_slow_lane(database: Database, claim: Claim) -> None:
    """Put a job back whose first slice is over. That was no try."""
    with database.write() as session:
        session.execute(update(Job).where(*_of(claim)).values(slow=True, owner=None, lease=None, tries=Job.tries - 1))


def put_back(database: Database, claim: Claim) -> None:
    """Free a job whose grader met trouble that is not the student's. That was a try."""
    with database.write() as session:
        session.execute(update(Job).where(*_of(claim)).values(owner=None, lease=None))


def finish(database: Database, claim: Claim, grading: Grading, now: datetime) -> bool:
    """Write a grading and remove its job. False, and nothing written, if the lease was lost.

    The first grading of a submission counts. A later one, by other checks, is a proposal: a person decides.
    """
    with database.write() as session:
        mine = delete(Job).where(*_of(claim), Job.lease >= now).returning(Job.submission_id)
        if session.scalar(mine) is None:
            note(session, now, claim.owner, "lease_lost", claim.submission.id)
            return False
        counting = select(Grading.suite).where(Grading.submission_id == claim.submission.id, Grading.counts)
        grading.counts = session.scalar(counting.where(Grading.suite != claim.suite)) is None
        session.merge(grading)
        note(session, now, claim.owner, "graded", claim.submission.id, score=grading.score, status=grading.status)
        return True


def free(database: Database, owners: Sequence[str]) -> int:
    """Free the jobs of graders that ended. Returns how many there were."""
    with database.write() as session:
        ended = update(Job).where(Job.owner.in_(owners)).values(owner=None, lease=None)
        return len(session.scalars(ended.returning(Job.submission_id)).all())


def given_up(session: Session) -> Sequence[Job]:
    """The jobs that took too many graders along: a person must look at them."""
    return session.scalars(select(Job).where(Job.tries >= MOST_TRIES, Job.owner.is_(None))).all()


@dataclass(frozen=True, slots=True)
class Waiting:
    """The queue now. number: of jobs that wait.  oldest: since when the first of them waits, or None."""

    number: int
    oldest: datetime | None


def waiting(session: Session) -> Waiting:
    """How many jobs wait, and since when."""
    number, oldest = session.execute(
        select(func.count(), func.min(Job.queued)).where(Job.owner.is_(None), Job.tries < MOST_TRIES)
    ).one()
    return Waiting(number, oldest)


def any_waits(session: Session, now: datetime) -> bool:
    """Whether a job is free. It only reads, so graders may ask often."""
    return session.scalar(select(Job.submission_id).where(_is_free(now)).limit(1)) is not None


def _is_free(now: datetime) -> ColumnElement[bool]:
    return and_(or_(Job.owner.is_(None), Job.lease < now), Job.tries < MOST_TRIES)


def _of(claim: Claim) -> tuple[ColumnElement[bool], ...]:
    """The conditions that a row is this claim's job, and still its owner's."""
    return Job.submission_id == claim.submission.id, Job.suite == claim.suite, Job.owner == claim.owner
