"""A grader: grades one submission after another in one process, with one sandbox. Every way of running uses it."""

from __future__ import annotations

import contextlib
import gc
import os
from collections.abc import Iterator
from dataclasses import replace

from autograder.assignment.assignment import Assignment, load_assignment
from autograder.authoring.seeds import seeds_from
from autograder.course import Course
from autograder.errors import SandboxError
from autograder.intake.submissions import Submission
from autograder.judging.author_process import AuthorProcesses
from autograder.judging.device import CPU, open_device
from autograder.judging.submission import grade_submission
from autograder.records.result import Result
from autograder.sandbox.launcher import Tier, Zygote
from autograder.sandbox.prestart import Prestart
from autograder.sandbox.tiers import open_sandbox


class Grader:
    """Grades one submission after another. A zygote that was lost is replaced once; then the grader gives up.

    device: the name of a device, which every grader process opens for itself. Raises DeviceError.
    prestart: a zygote that was begun before, for the first sandbox.
    """

    def __init__(
        self,
        suites: dict[str, Assignment],
        secret: bytes,
        tier: Tier | None,
        device: str = CPU,
        prestart: Prestart | None = None,
    ) -> None:
        self._suites, self._seeds = suites, seeds_from(secret)
        self._device = open_device(device)
        self._authors = AuthorProcesses()
        self._zygote = self._open(tier, prestart)
        gc.freeze()  # modules that are loaded by now stay; searching them for garbage would take milliseconds

    def _open(self, tier: Tier | None, prestart: Prestart | None = None) -> Zygote:
        return open_sandbox({n: a.handouts for n, a in self._suites.items()}, tier, prestart=prestart)

    def grade(self, submission: Submission) -> Result:
        """One result. Raises SandboxError if the sandbox was lost twice."""
        suite = self._suites[submission.assignment]
        try:
            return self._grade(submission, suite)
        except SandboxError:
            self._close_sandbox()
            self._zygote = self._open(self._zygote.tier)  # another tier would put another stamp on the result
            return self._grade(submission, suite)

    def _grade(self, submission: Submission, suite: Assignment) -> Result:
        return grade_submission(submission, suite, self._zygote, self._seeds, self._device, self._authors)

    def _close_sandbox(self) -> None:
        self._authors.close()
        self._zygote.close()

    def close(self) -> None:
        """End this grader's processes."""
        self._close_sandbox()
        gc.unfreeze()


def load_suites(course: Course, names: tuple[str, ...], *, pictures: bool) -> dict[str, Assignment]:
    """Assignments by name. pictures: whether pictures are to be made, too."""
    suites = {name: load_assignment(course.solutions / name) for name in names}
    return suites if pictures else {name: replace(suite, pictures=()) for name, suite in suites.items()}


def cores() -> list[int]:
    """The cores this process may run on, the last one first: other programs tend to use the first."""
    return sorted(os.sched_getaffinity(0), reverse=True)


@contextlib.contextmanager
def on_one_core(core: int | None = None) -> Iterator[None]:
    """Keep this process, and the zygote it starts, on one core.

    A grader and its submission take turns and never run at once. On one core each turn costs a context switch; on two
    it costs waking a core: 14 against 49 µs were measured for one exchange, and 7 times as long for a whole submission.
    """
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {cores()[0] if core is None else core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
