"""The clock of one submission: one deadline for everything that is done for it, and it is handed down.

A submission costs the class at most `submission_seconds`, whatever it sends. The grader's own work for student code
counts, too: decoding, functions that it calls back, operations of the meter. So does every further attempt.
"""

from __future__ import annotations

import time

from autograder.assignment.assignment import Assignment
from autograder.errors import KilledError
from autograder.judging.device import Device, patient


def deadline_of(assignment: Assignment, device: Device | None = None) -> float:
    """The moment, of time.monotonic(), at which a submission that begins now has used up its time."""
    return time.monotonic() + (patient(assignment) if device else assignment).settings.limits.submission_seconds


def require_time_left(deadline: float, attempt: int) -> None:
    """Raise KilledError if a second attempt ended at the deadline: with all of the time it might have passed."""
    if attempt > 1 and time.monotonic() >= deadline:
        raise KilledError("process: expected time for another attempt after it was killed from outside, got none.")
