"""A class of submissions → result files. One grader process a core, each with its own zygote.

Results are written one by one as they come, whole or not at all: a run that dies goes on where it stopped. The
folder belongs to one run at a time. Who is killed takes all below along: no process outlives its parent.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from multiprocessing.queues import SimpleQueue
from pathlib import Path

from autograder.authoring.assignment import Assignment, load_assignment, suite_of
from autograder.course import Course
from autograder.errors import SandboxError
from autograder.grading.folder import claimed
from autograder.grading.history import Key, files_of
from autograder.grading.keeper import Keeper
from autograder.grading.partly import grade_in_part
from autograder.grading.results import Result, read_result, result_path
from autograder.grading.secret import course_secret
from autograder.grading.submission import grade_submission
from autograder.grading.tally import Tally
from autograder.grading.up_to_date import up_to_date
from autograder.intake.submissions import Submission
from autograder.sandbox.launcher import Tier, Zygote
from autograder.sandbox.tiers import open_sandbox
from autograder.sandbox.worker.lockdown import die_with_parent

MAX_LOST_POOLS = 3


@dataclass(frozen=True, slots=True)
class Plan:
    """What to grade and how. jobs: grader processes.  tier: None for the best.  everything: also what is up to date.

    pictures: whether to make them, too.
    """

    course: Course
    assignments: tuple[str, ...]
    submissions: tuple[Submission, ...]
    out: Path
    jobs: int = 1
    tier: Tier | None = None
    everything: bool = False
    pictures: bool = True


def grade(plan: Plan, done: Callable[[Result], None] = lambda _: None, tally: Tally | None = None) -> list[Result]:
    """Grade, write DIR/ASSIGNMENT/STUDENT.json, DIR/grades.csv and DIR/.history; return this run's results in order.

    Earlier attempts are graded as well, into DIR/ASSIGNMENT/earlier/STUDENT/N.json; grades.csv has the newest alone.

    `done` hears of each result as it comes; `tally` counts what had to be done.
    Raises SandboxError if no sandbox holds: nothing is graded then.
    Raises AutograderError if another run has the folder, or it cannot be written: what was written stays.
    """
    with claimed(plan.out, [*(_path(plan, s) for s in plan.submissions), *files_of(plan.out)]):
        keeper = Keeper(plan.out)
        results = _grade_all(plan, course_secret(plan.course), keeper, done, tally or Tally())
        keeper.finish()
    return sorted(results, key=key_of)


def _path(plan: Plan, submission: Submission) -> Path:
    return result_path(plan.out, *key_of(submission))


def key_of(of: Submission | Result) -> Key:
    """(assignment, student, attempt)."""
    return of.assignment, of.student, of.attempt


def _grade_all(plan: Plan, secret: bytes, keeper: Keeper, done: Callable[[Result], None], tally: Tally) -> list[Result]:
    results: list[Result] = []
    todo: list[Submission] = []
    hashes = {name: suite_of(plan.course.solutions / name) for name in plan.assignments}
    for submission in plan.submissions:
        old = None if plan.everything else keeper.take(key_of(submission))
        if old is None or not up_to_date(old, submission, hashes[submission.assignment], secret, plan.tier):
            todo.append(submission)
        else:
            results.append(old)
            done(old)
    tally.up_to_date = len(results)
    if not todo:  # neither a notebook's text nor a check is read, and no process starts
        return results
    suites = _suites(plan.course, plan.assignments, pictures=plan.pictures)
    with contextlib.closing(_graded(plan, todo, suites, secret)) as graded:
        for result in graded:
            keeper.write(result)
            tally.count(result)
            results.append(result.marked(in_part=False))
            done(result)
    return results


def _suites(course: Course, names: tuple[str, ...], *, pictures: bool) -> dict[str, Assignment]:
    suites = {name: load_assignment(course.solutions / name) for name in names}
    return suites if pictures else {name: replace(suite, pictures=()) for name, suite in suites.items()}


def _before(plan: Plan) -> Path | None:
    return None if plan.everything else plan.out


def _graded(
    plan: Plan, todo: Sequence[Submission], suites: dict[str, Assignment], secret: bytes
) -> Generator[Result, None, None]:
    if plan.jobs == 1 or len(todo) == 1:
        with on_one_core(), contextlib.closing(Grader(suites, secret, plan.tier, _before(plan))) as grader:
            for submission in todo:
                yield grader.grade(submission)
        return
    yield from _graded_in_parallel(plan, list(todo), secret)


def _graded_in_parallel(plan: Plan, todo: list[Submission], secret: bytes) -> Generator[Result, None, None]:
    """A grader process that is killed takes its pool along: what it had not answered is graded again."""
    context = multiprocessing.get_context("spawn")
    for _ in range(MAX_LOST_POOLS):
        cores = context.SimpleQueue()
        for i in range(plan.jobs):
            cores.put(_cores()[i % len(_cores())])
        left = {key_of(s): s for s in todo}
        try:
            with ProcessPoolExecutor(
                min(plan.jobs, len(todo)),
                context,
                _start_grader,
                (plan.course, plan.assignments, secret, plan.tier, cores, plan.pictures, _before(plan)),
            ) as pool:
                try:
                    for future in as_completed([pool.submit(_grade_one, s) for s in todo]):
                        result = future.result()
                        del left[key_of(result)]
                        yield result
                finally:  # whoever stops early, on a full disk say, does not wait for what nobody will take
                    pool.shutdown(wait=False, cancel_futures=True)
        except BrokenProcessPool:
            todo = list(left.values())
        if not left:
            return
    raise SandboxError(
        "grader: expected its processes to live, but they were killed again and again. Hint: free memory, or --jobs 1."
    )


class Grader:
    """Grades one submission after another; a zygote that was lost is replaced once, then it gives up.

    before: the folder of an earlier grading, which may spare some checks; None to put all of them.
    """

    def __init__(
        self, suites: dict[str, Assignment], secret: bytes, tier: Tier | None, before: Path | None = None
    ) -> None:
        self._suites, self._secret, self._before = suites, secret, before
        self._zygote = self._open(tier)

    def _open(self, tier: Tier | None) -> Zygote:
        return open_sandbox({n: a.handouts for n, a in self._suites.items()}, tier)

    def grade(self, submission: Submission) -> Result:
        """One result. Raises SandboxError if the sandbox cannot be kept up."""
        suite = self._suites[submission.assignment]
        old = read_result(result_path(self._before, *key_of(submission))) if self._before else None
        try:
            return self._grade(submission, suite, old)
        except SandboxError:
            self._zygote.close()
            self._zygote = self._open(self._zygote.tier)  # the next best would be another stamp
            return self._grade(submission, suite, None)

    def _grade(self, submission: Submission, suite: Assignment, old: Result | None) -> Result:
        in_part = grade_in_part(old, submission, suite, self._zygote, self._secret)
        return in_part or grade_submission(submission, suite, self._zygote, self._secret)

    def close(self) -> None:
        """End the zygote this grader holds now."""
        self._zygote.close()


_grader: Grader | None = None


def _cores() -> list[int]:
    """The cores this process may run on, the last first: the first is where everything else tends to be."""
    return sorted(os.sched_getaffinity(0), reverse=True)


@contextlib.contextmanager
def on_one_core(core: int | None = None) -> Iterator[None]:
    """Keep this process, and the zygote it starts, on one core.

    A grader and its submission take turns, never run at once; on one core a turn costs a context switch, on
    two it costs waking a core: measured 14 against 49 µs for the bare exchange, 7 × for a whole submission.
    """
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {_cores()[0] if core is None else core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def _start_grader(
    course: Course,
    names: tuple[str, ...],
    secret: bytes,
    tier: Tier | None,
    cores: SimpleQueue[int],
    pictures: bool,
    before: Path | None,
) -> None:
    global _grader  # noqa: PLW0603 — a pool's initializer has nowhere else to leave it
    die_with_parent()
    parent = multiprocessing.parent_process()
    if parent is None or os.getppid() != parent.pid:
        os._exit(1)  # it was killed before this process could ask to go with it
    os.sched_setaffinity(0, {cores.get()})
    suites = _suites(course, names, pictures=pictures)
    try:
        _grader = Grader(suites, secret, tier, before)
    except SandboxError:
        _grader = None  # an exception here would print a traceback; the first submission says it in one line


def _grade_one(submission: Submission) -> Result:
    if _grader is None:
        raise SandboxError("sandbox: expected one in every grader process, got none. Hint: autograder doctor.")
    return _grader.grade(submission)
