"""The deadline of one submission: it holds for everything that is done for it, and it is handed down.

A submission costs the class at most `submission_seconds` of processor time, whatever it sends. The grader's own work
for student code counts, too: decoding, functions that it calls back, operations of the meter. So does every further
attempt. A submission that waits or sleeps ends after `wall_factor` times as long.
"""

from __future__ import annotations

from autograder.assignment.assignment import Assignment
from autograder.errors import KilledError
from autograder.judging.device import Device, patient
from autograder.sandbox.clocks import Deadline


def deadline_of(assignment: Assignment, device: Device | None = None) -> Deadline:
    """The deadline of a submission that begins now."""
    limits = (patient(assignment) if device else assignment).settings.limits
    return Deadline(limits.submission_seconds, limits.wall_factor)


def require_time_left(deadline: Deadline, attempt: int) -> None:
    """Raise KilledError if a second attempt ended at the deadline: with all of the time it might have passed."""
    if attempt > 1 and deadline.has_passed():
        raise KilledError("process: expected time for another attempt after it was killed from outside, got none.")
