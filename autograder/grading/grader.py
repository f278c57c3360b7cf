"""Grades one submission after another in one process, with one zygote: what every way of running has in common."""

from __future__ import annotations

import contextlib
import gc
import os
from collections.abc import Iterator
from dataclasses import replace

from autograder.assignment.assignment import Assignment, load_assignment
from autograder.course import Course
from autograder.errors import SandboxError
from autograder.intake.submissions import Submission
from autograder.judging.device import CPU, open_device
from autograder.judging.submission import grade_submission
from autograder.records.result import Result
from autograder.sandbox.launcher import Tier, Zygote
from autograder.sandbox.tiers import open_sandbox


class Grader:
    """Grades one submission after another; a zygote that was lost is replaced once, then it gives up.

    device: its name; every process opens it for itself. Raises DeviceError.
    """

    def __init__(
        self,
        suites: dict[str, Assignment],
        secret: bytes,
        tier: Tier | None,
        device: str = CPU,
    ) -> None:
        self._suites, self._secret = suites, secret
        self._device = open_device(device)
        self._zygote = self._open(tier)
        gc.freeze()  # what is loaded by now stays: a collection that looks at all of it takes milliseconds

    def _open(self, tier: Tier | None) -> Zygote:
        return open_sandbox({n: a.handouts for n, a in self._suites.items()}, tier)

    def grade(self, submission: Submission) -> Result:
        """One result. Raises SandboxError if the sandbox cannot be kept up."""
        suite = self._suites[submission.assignment]
        try:
            return self._grade(submission, suite)
        except SandboxError:
            self._zygote.close()
            self._zygote = self._open(self._zygote.tier)  # the next best would be another stamp
            return self._grade(submission, suite)

    def _grade(self, submission: Submission, suite: Assignment) -> Result:
        return grade_submission(submission, suite, self._zygote, self._secret, self._device)

    def close(self) -> None:
        """End the zygote this grader holds now."""
        self._zygote.close()
        gc.unfreeze()


def load_suites(course: Course, names: tuple[str, ...], *, pictures: bool) -> dict[str, Assignment]:
    """Assignments by name. pictures: whether those are to be made, too."""
    suites = {name: load_assignment(course.solutions / name) for name in names}
    return suites if pictures else {name: replace(suite, pictures=()) for name, suite in suites.items()}


def cores() -> list[int]:
    """The cores this process may run on, the last first: the first is where everything else tends to be."""
    return sorted(os.sched_getaffinity(0), reverse=True)


@contextlib.contextmanager
def on_one_core(core: int | None = None) -> Iterator[None]:
    """Keep this process, and the zygote it starts, on one core.

    A grader and its submission take turns, never run at once; on one core a turn costs a context switch, on
    two it costs waking a core: measured 14 against 49 µs for the bare exchange, 7 × for a whole submission.
    """
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {cores()[0] if core is None else core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
