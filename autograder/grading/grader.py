"""A grader: grades one submission after another in one process, with one sandbox. Every way of running uses it.

`Grader.grade` is the border between one submission and all others. Whatever goes wrong with a submission on its way
from the file to the result ends there: the result is `error`, and the next submission begins with a new sandbox.
"""

from __future__ import annotations

import contextlib
import gc
import os
import sys
from collections.abc import Iterator
from dataclasses import replace

from autograder.assignment.assignment import Assignment, load_assignment
from autograder.authoring.seeds import seeds_from
from autograder.course import Course
from autograder.equipment import Equipment
from autograder.errors import AutograderError, DeviceError, MalformedError, SandboxError
from autograder.grading.watchdog import bounded
from autograder.intake.submissions import Submission
from autograder.judging.author_process import AuthorProcesses
from autograder.judging.clock import deadline_of, require_time_left
from autograder.judging.device import CPU, open_device
from autograder.judging.not_judged import not_graded
from autograder.judging.submission import grade_submission
from autograder.records.result import Result
from autograder.sandbox.clocks import Deadline
from autograder.sandbox.launcher import Tier, Zygote
from autograder.sandbox.prestart import Prestart
from autograder.sandbox.tiers import open_sandbox
from autograder.text import one_line
from autograder.unforeseen import report, where

MAX_ATTEMPTS = 2  # at one submission, if its sandbox is lost
OWN_SECONDS = 20.0  # of processor time of the grader's own, beyond what a submission may take; honest ones take 0.1


class Grader:
    """Grades one submission after another, whatever goes wrong with one of them.

    device: the name of a device, which every grader process opens for itself. Raises DeviceError.
    prestart: a zygote that was begun before, for the first sandbox.  in_pool: whether others go on if this process
    ends, so that it may be ended.
    """

    def __init__(
        self,
        suites: dict[str, Assignment],
        secret: bytes,
        tier: Tier | None,
        device: str = CPU,
        prestart: Prestart | None = None,
        *,
        in_pool: bool = False,
    ) -> None:
        self._suites, self._seeds = suites, seeds_from(secret)
        self._device = open_device(device)
        self._authors = AuthorProcesses()
        self._reported: set[str] = set()  # places of exceptions that nobody expected
        self._zygotes: dict[Equipment, Zygote] = {}
        self._tier, self._prestart, self._in_pool = tier, prestart, in_pool
        first = next(iter(suites.values()))
        self._tier = self._sandbox_of(first).tier  # another tier would put another stamp on the next results
        gc.freeze()  # modules that are loaded by now stay; searching them for garbage would take milliseconds

    def _sandbox_of(self, suite: Assignment) -> Zygote:
        """The sandbox for this assignment; a new one if the last submission brought it down. Raises SandboxError.

        Assignments with other packages or files have one of their own, which starts with their first submission. So
        none of them pays for the others, or sees what these are given.
        """
        equipment = suite.equipment
        if equipment not in self._zygotes:
            sharing = [other for other in self._suites.values() if other.equipment == equipment]
            handouts = {other.name: other.handouts for other in sharing}
            modules = dict.fromkeys(name for other in sharing for name in other.equipment.modules)
            given = replace(equipment, modules=tuple(modules))
            self._zygotes[equipment] = open_sandbox(handouts, self._tier, prestart=self._prestart, equipment=given)
        return self._zygotes[equipment]

    def grade(self, submission: Submission) -> Result:
        """One result. Its status is `error` if it could not be graded, by no fault of the student.

        Raises SandboxError if no sandbox can be opened any more, and DeviceError if the device is lost: these stop
        everybody's grading.
        """
        suite = self._suites[submission.assignment]
        self._sandbox_of(suite)  # its start is nobody's time
        return self._grade(submission, deadline_of(suite, self._device))

    def grade_within(self, submission: Submission, seconds: float) -> Result | None:
        """The result if it takes less than `seconds` of processor time, the same as `grade` gives; otherwise None.

        Raises as `grade` does.
        """
        suite = self._suites[submission.assignment]
        limits = suite.settings.limits
        if seconds >= limits.submission_seconds:
            return self.grade(submission)
        self._sandbox_of(suite)
        deadline = Deadline(seconds, limits.wall_factor)
        result = self._grade(submission, deadline)
        return None if deadline.has_passed() else result

    def _grade(self, submission: Submission, deadline: Deadline) -> Result:
        """One result. deadline: one for all attempts, so no submission costs the class more."""
        suite = self._suites[submission.assignment]
        limit = OWN_SECONDS + suite.settings.limits.submission_seconds
        for attempt in range(1, MAX_ATTEMPTS + 1):
            zygote = self._sandbox_of(suite)
            try:
                with bounded(limit, deadly=self._in_pool):
                    return self._graded(submission, zygote, deadline, attempt)
            except DeviceError:
                raise
            except Exception as error:  # noqa: BLE001 — the border: see the module's docstring
                trouble = error
            if not isinstance(trouble, MalformedError):  # nothing ran yet
                self._close_sandbox(suite.equipment)
            if not isinstance(trouble, SandboxError) or deadline.has_passed():
                break
        self._report(submission, trouble)
        return not_graded(submission, suite, trouble)

    def _graded(self, submission: Submission, zygote: Zygote, deadline: Deadline, attempt: int) -> Result:
        suite = self._suites[submission.assignment]
        result = grade_submission(submission, suite, zygote, self._seeds, self._device, self._authors, deadline)
        require_time_left(deadline, attempt)
        result.to_json()  # a text that cannot be written is trouble of this submission, too
        return result

    def _report(self, submission: Submission, error: Exception) -> None:
        """Tell the person who grades about an exception that nobody expected; once for each place."""
        if isinstance(error, AutograderError) or where(error) in self._reported:
            return
        self._reported.add(where(error))
        sys.stderr.write(f"{submission.assignment}, {one_line(submission.student)}: {one_line(report(error), 500)}\n")

    def _close_sandbox(self, equipment: Equipment) -> None:
        self._authors.close()
        if zygote := self._zygotes.pop(equipment, None):
            zygote.close()

    def close(self) -> None:
        """End this grader's processes."""
        for equipment in list(self._zygotes):
            self._close_sandbox(equipment)
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
