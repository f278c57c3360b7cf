"""Grades on this machine: in this process, or one grader process a core, each with its own zygote.

If a process is killed, all processes below it end, too: none outlives its parent.
"""

from __future__ import annotations

import contextlib
import os
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from multiprocessing.context import BaseContext
from multiprocessing.queues import SimpleQueue
from multiprocessing.util import Finalize

from autograder.assignment.assignment import Assignment
from autograder.errors import AutograderError, DeviceError, SandboxError
from autograder.grading.grader import Grader, cores, load_suites, on_one_core
from autograder.grading.plan import GradingPlan
from autograder.intake.submissions import Submission
from autograder.judging.not_judged import not_graded
from autograder.records.result import Result
from autograder.sandbox.beside_this_one import process_pool
from autograder.sandbox.machine_limits import require_enough
from autograder.unforeseen import ending

MAX_DEATHS = 2  # of a grader process that has one submission alone, after the pool's; then this submission is at fault
MAX_STARTS = 3  # of a grader process that ends before it has a submission: then no submission is at fault
UNDER_WAY_A_JOB = 4  # the pool itself gives each process two submissions ahead


def graded_here(
    plan: GradingPlan, todo: Sequence[Submission], suites: dict[str, Assignment], secret: bytes
) -> Generator[Result, None, None]:
    """The results as they come. Raises SandboxError if no sandbox can be made, and DeviceError without a device."""
    if plan.jobs == 1 or len(todo) == 1:
        with on_one_core(), contextlib.closing(Grader(suites, secret, plan.tier, plan.device, plan.prestart)) as grader:
            for submission in todo:
                yield grader.grade(submission)
        return
    yield from _graded_in_parallel(plan, todo, suites, secret)


def _graded_in_parallel(
    plan: GradingPlan, todo: Sequence[Submission], suites: dict[str, Assignment], secret: bytes
) -> Generator[Result, None, None]:
    """Grade in several processes. If one ends, so does the pool, and what was under way is graded one at a time."""
    require_enough(plan.jobs)
    waiting = deque(todo)
    while waiting:
        under_way: dict[Future[Result], Submission] = {}
        with contextlib.suppress(BrokenProcessPool), _pool(plan, secret, min(plan.jobs, len(waiting))) as pool:
            yield from _in_turn(pool, waiting, under_way, UNDER_WAY_A_JOB * plan.jobs)
        if under_way or waiting:
            yield from _one_at_a_time(plan, list(under_way.values()) or [waiting.popleft()], suites, secret)


def _in_turn(
    pool: ProcessPoolExecutor, waiting: deque[Submission], under_way: dict[Future[Result], Submission], at_once: int
) -> Iterator[Result]:
    """The results as they come. The pool gets a few submissions at a time, so that a large class takes no memory.

    waiting, under_way: kept up to date. If the pool breaks, they hold all submissions without a result.
    """
    while True:
        while waiting and len(under_way) < at_once:
            future = pool.submit(_grade_one, waiting[0])
            under_way[future] = waiting.popleft()
        if not under_way:
            return
        ended, _ = wait(under_way, return_when=FIRST_COMPLETED)
        for future in ended:
            result = future.result()
            del under_way[future]
            yield result


def _one_at_a_time(
    plan: GradingPlan, suspects: Sequence[Submission], suites: dict[str, Assignment], secret: bytes
) -> Iterator[Result]:
    """Results of submissions of which one may have ended its grader. The result of one that does it again is `error`.

    Raises SandboxError if grader processes end before they have a submission, again and again.
    """
    left, deaths, starts = deque(suspects), 0, 0
    while left:
        started = False
        try:
            with _pool(plan, secret, 1) as pool:
                pool.submit(_require_started).result()
                started = True
                while left:
                    result = pool.submit(_grade_one, left[0]).result()
                    left.popleft()
                    deaths = 0
                    yield result
        except BrokenProcessPool:
            deaths, starts = (deaths + 1, 0) if started else (deaths, starts + 1)
        if starts == MAX_STARTS:
            raise SandboxError(_ENDS_AT_ONCE)
        if deaths == MAX_DEATHS:
            deaths, submission = 0, left.popleft()
            yield not_graded(submission, suites[submission.assignment], SandboxError(_ENDED))


@contextlib.contextmanager
def _pool(plan: GradingPlan, secret: bytes, processes: int) -> Iterator[ProcessPoolExecutor]:
    """Grader processes, each on a core of its own if there are enough."""

    def arguments(context: BaseContext) -> tuple[GradingPlan, bytes, SimpleQueue[int]]:
        free = context.SimpleQueue()
        for i in range(processes):
            free.put(cores()[i % len(cores())])
        return replace(plan, submissions=(), prestart=None), secret, free

    with process_pool(processes, _start_grader, arguments) as pool:
        yield pool


_ENDED = "grader: expected its process to live through this notebook, but it ended each time. Hint: free memory."
_ENDS_AT_ONCE = (
    "grader: expected its processes to live, but they were killed again and again. Hint: free memory, or --jobs 1."
)
_grader: Grader | AutograderError = SandboxError("grader: expected to be started first, got a submission.")


def _start_grader(plan: GradingPlan, secret: bytes, free: SimpleQueue[int]) -> None:
    global _grader  # noqa: PLW0603 — a pool's initializer has nowhere else to leave it
    os.sched_setaffinity(0, {free.get()})
    try:
        suites = load_suites(plan.course, plan.assignments, pictures=plan.pictures)
        _grader = Grader(suites, secret, plan.tier, plan.device, in_pool=True)
        Finalize(None, _grader.close, exitpriority=1)  # at its end it removes its folder of hand-outs
    except DeviceError as error:
        _grader = error
    except Exception as error:  # noqa: BLE001 — raised here, it prints a traceback; the first submission raises it
        _grader = SandboxError(ending(error)[0] if not isinstance(error, AutograderError) else str(error))


def _require_started() -> None:
    """Raise the error of a grader that could not start."""
    if isinstance(_grader, AutograderError):
        raise _grader


def _grade_one(submission: Submission) -> Result:
    if isinstance(_grader, AutograderError):
        raise _grader
    try:
        return _grader.grade(submission)
    except DeviceError:  # it does not come back in this process; a new one says whether it is lost for all
        os._exit(1)
