"""Grades on this machine: in this process, or one grader process a core, each with its own zygote.

If a process is killed, all processes below it end, too: none outlives its parent.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
from collections.abc import Generator, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from itertools import islice
from multiprocessing.queues import SimpleQueue

from autograder.assignment.assignment import Assignment
from autograder.errors import AutograderError, DeviceError, SandboxError
from autograder.grading.grader import Grader, cores, load_suites, on_one_core
from autograder.grading.plan import GradingPlan
from autograder.intake.submissions import Submission
from autograder.records.grades import key_of
from autograder.records.result import Result
from autograder.sandbox.worker.lockdown import die_with_parent

MAX_LOST_POOLS = 3
UNDER_WAY_A_JOB = 4  # the pool itself gives each process two submissions ahead


def graded_here(
    plan: GradingPlan, todo: Sequence[Submission], suites: dict[str, Assignment], secret: bytes
) -> Generator[Result, None, None]:
    """The results as they come. Raises SandboxError if no sandbox can be made, or it was lost twice."""
    if plan.jobs == 1 or len(todo) == 1:
        with on_one_core(), contextlib.closing(Grader(suites, secret, plan.tier, plan.device, plan.prestart)) as grader:
            for submission in todo:
                yield grader.grade(submission)
        return
    yield from _graded_in_parallel(plan, list(todo), secret)


def _graded_in_parallel(plan: GradingPlan, todo: list[Submission], secret: bytes) -> Generator[Result, None, None]:
    """Grade in several processes. If one is killed, the pool ends; submissions without a result go to a new pool."""
    context = multiprocessing.get_context("spawn")
    for _ in range(MAX_LOST_POOLS):
        free = context.SimpleQueue()
        for i in range(plan.jobs):
            free.put(cores()[i % len(cores())])
        left = {key_of(s): s for s in todo}
        try:
            with ProcessPoolExecutor(
                min(plan.jobs, len(todo)),
                context,
                _start_grader,
                (replace(plan, submissions=(), prestart=None), secret, free),
            ) as pool:
                try:
                    for result in _in_turn(pool, todo, UNDER_WAY_A_JOB * plan.jobs):
                        del left[key_of(result)]
                        yield result
                finally:  # a caller that stops early, on a full disk for example, does not wait for the rest
                    pool.shutdown(wait=False, cancel_futures=True)
        except BrokenProcessPool:
            todo = list(left.values())
        if not left:
            return
    raise SandboxError(
        "grader: expected its processes to live, but they were killed again and again. Hint: free memory, or --jobs 1."
    )


def _in_turn(pool: ProcessPoolExecutor, todo: Iterable[Submission], at_once: int) -> Iterator[Result]:
    """The results as they come. The pool gets a few submissions at a time, so that a large class takes no memory."""
    waiting, under_way = iter(todo), set[Future[Result]]()
    while True:
        under_way |= {pool.submit(_grade_one, s) for s in islice(waiting, at_once - len(under_way))}
        if not under_way:
            return
        ended, under_way = wait(under_way, return_when=FIRST_COMPLETED)
        yield from (future.result() for future in ended)


_grader: Grader | AutograderError = SandboxError("grader: expected to be started first, got a submission.")


def _start_grader(plan: GradingPlan, secret: bytes, free: SimpleQueue[int]) -> None:
    global _grader  # noqa: PLW0603 — a pool's initializer has nowhere else to leave it
    die_with_parent()
    parent = multiprocessing.parent_process()
    if parent is None or os.getppid() != parent.pid:
        os._exit(1)  # the parent was killed before this process could bind its life to it
    os.sched_setaffinity(0, {free.get()})
    suites = load_suites(plan.course, plan.assignments, pictures=plan.pictures)
    try:
        _grader = Grader(suites, secret, plan.tier, plan.device)
    except DeviceError as error:
        _grader = error
    except SandboxError:  # raised here, it would print a traceback; the first submission raises it as one line
        message = "sandbox: expected one in every grader process, got none. Hint: autograder doctor."
        _grader = SandboxError(message)


def _grade_one(submission: Submission) -> Result:
    if isinstance(_grader, AutograderError):
        raise _grader
    return _grader.grade(submission)
