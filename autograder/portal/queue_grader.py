"""A grader of the portal: takes a job, grades it, writes its result, and takes the next.

The result's file is on disk before its row. A grader that is killed leaves a job whose lease ends, and at most a file
without a row, which harms nobody: it has the name of its content.
"""

from __future__ import annotations

import hashlib
import statistics
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from autograder.files import write_atomically
from autograder.intake.submissions import Submission
from autograder.portal import jobs
from autograder.portal.database import Database
from autograder.portal.folders import PortalFolders
from autograder.portal.handing_in import has_room
from autograder.portal.jobs import Lease
from autograder.portal.schema import GradingRow
from autograder.records.result import Result

LEAST_SLICE = 1.0  # seconds
SLICE = 4  # times what this machine usually takes for the assignment
_REMEMBERED = 20  # gradings of an assignment


class Grades(Protocol):
    """What grades: `grading.grader.Grader`."""

    def grade(self, submission: Submission) -> Result:
        """The result."""

    def grade_within(self, submission: Submission, seconds: float) -> Result | None:
        """The result, or None if it takes longer."""


@dataclass(frozen=True, slots=True)
class QueueGrader:
    """One grader's place at the queue. owner: its name in leases.  slow: whether it takes jobs of the slow lane.

    lease: by assignment, how long a job is its.
    """

    database: Database
    places: PortalFolders
    grader: Grades
    owner: str
    lease: timedelta
    slow: bool
    clock: Callable[[], datetime]
    _took: defaultdict[str, deque[float]] = field(
        default_factory=lambda: defaultdict(lambda: deque(maxlen=_REMEMBERED))
    )

    def grade_next(self) -> bool:
        """Grade the next job. False if none waits, or the disk is nearly full: without its result, a try is lost."""
        if not has_room(self.places.root):
            return False
        with self.database.read() as session:
            if not jobs.any_waits(session, self.clock(), slow=self.slow):
                return False
        claim = jobs.claim(self.database, self.owner, self.clock(), self.lease, slow=self.slow)
        if claim is None:
            return False
        result = self._graded(claim)
        if result is None:
            jobs.to_slow_lane(self.database, claim)
        elif result.status == "error" and claim.tries < jobs.MOST_TRIES:  # what went wrong may be over
            jobs.put_back(self.database, claim)
        else:
            self._keep(claim, result)
        return True

    def _graded(self, claim: Lease) -> Result | None:
        submission = submission_of(claim, self.places)
        took, began = self._took[submission.assignment], time.monotonic()
        # Before the first grading nothing is known of this machine; then its limits hold.
        if claim.sliced and took:
            result = self.grader.grade_within(submission, max(LEAST_SLICE, SLICE * statistics.median(took)))
        else:
            result = self.grader.grade(submission)
        if result is not None:
            took.append(time.monotonic() - began)
        return result

    def _keep(self, claim: Lease, result: Result) -> None:
        data = result.to_json().encode()
        sha256 = hashlib.sha256(data).hexdigest()
        write_atomically(self.places.result_of(sha256), data)
        now = self.clock()
        jobs.finish(self.database, claim, grading_of(claim, result, sha256, now), now)


def submission_of(claim: Lease, places: PortalFolders) -> Submission:
    """A submission as the grader takes it: the notebook in its place, and its time as results have it."""
    row = claim.submission
    path = places.notebook_of(row.assignment, row.student, row.received, row.id)
    return Submission(row.student, row.assignment, path, received=row.received.isoformat())


def grading_of(claim: Lease, result: Result, sha256: str, now: datetime) -> GradingRow:
    """The row of a result. sha256: of the result's file."""
    return GradingRow(
        submission_id=claim.submission.id,
        suite=claim.suite,
        result=sha256,
        status=result.status,
        score=result.score,
        max_score=result.max_score,
        carried=result.carried,
        questions=[[q.id, q.score, q.max_score] for q in result.questions],
        flags=sorted({flag.kind for flag in result.flags if flag.advice}),
        graded=now,
    )
