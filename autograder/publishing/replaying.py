"""Grades submissions again, with the seeds that their results record; many at a time in processes of their own."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from functools import partial
from multiprocessing.util import Finalize
from typing import NamedTuple

from autograder.assignment.assignment import Assignment, load_assignment
from autograder.authoring.seeds import recorded
from autograder.course import Course
from autograder.errors import DeviceError, SandboxError
from autograder.intake.submissions import Submission
from autograder.judging.author_process import AuthorProcesses
from autograder.judging.device import Device, open_device
from autograder.judging.not_judged import not_graded
from autograder.judging.submission import grade_submission
from autograder.records.result import Result
from autograder.sandbox.beside_this_one import process_pool
from autograder.sandbox.launcher import Zygote
from autograder.sandbox.tiers import open_sandbox

Replay = tuple[Result, Submission]


@contextlib.contextmanager
def replaying(course: Course, jobs: int) -> Iterator[Callable[[list[Replay]], Iterator[Result]]]:
    """A function that grades again what it is given, here or in `jobs` processes, and returns results in order."""
    with contextlib.closing(Replayer(course)) as replayer:
        if jobs < 2:
            yield lambda asked: (replayer.replay(*one) for one in asked)
            return

        def replay(asked: list[Replay]) -> Iterator[Result]:
            """Where a process ends, whatever is left is graded in this one."""
            futures = [pool.submit(_replay_here, *one) for one in asked]
            for one, future in zip(asked, futures, strict=True):
                try:
                    result = future.result()
                except BrokenProcessPool:
                    result = replayer.replay(*one)
                yield result

        with process_pool(jobs, _start_replayer, lambda _: (course,)) as pool:
            yield replay


_replayer: Replayer | None = None  # of a process that replays


def _start_replayer(course: Course) -> None:
    global _replayer  # noqa: PLW0603 — a pool's initializer has nowhere else to leave it
    _replayer = Replayer(course)
    Finalize(None, _replayer.close, exitpriority=1)


def _replay_here(result: Result, submission: Submission) -> Result:
    assert _replayer is not None
    return _replayer.replay(result, submission)


class Replayer:
    """Grades with recorded seeds. It keeps one sandbox for each assignment and tier until it is closed."""

    def __init__(self, course: Course) -> None:
        self._course = course
        self._open: dict[tuple[str, str, bool], _Opened] = {}
        self._devices: dict[str, Device | None] = {}

    def replay(self, result: Result, submission: Submission) -> Result:
        """The submission graded once more: recorded seed and device, and the recorded tier where this machine has it.

        Raises AutograderError if this machine has no sandbox, or does not have the device. Other trouble is an `error`.
        """
        key = (result.assignment, result.sandbox.tier, bool(result.pictures))
        if key not in self._open:
            (name,) = self._course.select((result.assignment,))
            suite = load_assignment(self._course.solutions / name)
            if not result.pictures:  # it was graded without pictures, or the assignment has none
                suite = replace(suite, pictures=())
            self._open[key] = _Opened(suite, _sandbox(suite, result.sandbox.tier), AuthorProcesses())
        suite, zygote, authors = self._open[key]
        device = self._device(result)
        try:
            return grade_submission(submission, suite, zygote, recorded(result.seed), device, authors)
        except DeviceError:
            raise
        except Exception as error:  # noqa: BLE001 — the other results are verified
            self._open.pop(key).close()
            return not_graded(submission, suite, error)

    def _device(self, result: Result) -> Device | None:
        if result.device not in self._devices:
            try:
                self._devices[result.device] = open_device(result.device)
            except DeviceError as error:
                who = f"{result.assignment}, {result.student}"
                raise DeviceError(f"{who}: recorded on {result.device}, cannot be replayed here. {error}") from None
        return self._devices[result.device]

    def close(self) -> None:
        """End the sandboxes."""
        for opened in self._open.values():
            opened.close()


class _Opened(NamedTuple):
    """What is open for the results of one assignment, as in a class: the author's processes stay, too."""

    suite: Assignment
    zygote: Zygote
    authors: AuthorProcesses

    def close(self) -> None:
        self.authors.close()
        self.zygote.close()


def _sandbox(suite: Assignment, recorded: str) -> Zygote:
    """A sandbox; always one, even if the result was graded without."""
    handouts = {suite.name: suite.handouts}
    open_one = partial(open_sandbox, handouts, equipment=suite.equipment)
    if recorded == "A":
        with contextlib.suppress(SandboxError):
            return open_one("A")
    return open_one("B" if recorded == "B" else None)
