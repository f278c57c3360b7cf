"""A class of submissions → result files. One grader process a core, each with its own zygote.

Results are written one by one as they come, whole or not at all: a run that dies goes on where it stopped.
"""

from __future__ import annotations

import contextlib
import hashlib
import multiprocessing
import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing.queues import SimpleQueue
from pathlib import Path

from autograder.authoring.assignment import Assignment, load_assignment
from autograder.authoring.seeds import seed_of
from autograder.course import Course
from autograder.errors import AutograderError, MalformedError, SandboxError
from autograder.grading.results import Result, grades_csv, read_result, result_path, write_atomically
from autograder.grading.submission import grade_submission
from autograder.intake.reader import read_bytes
from autograder.intake.submissions import Submission
from autograder.sandbox.launcher import Tier, Zygote
from autograder.sandbox.tiers import open_sandbox

MAX_LOST_POOLS = 3
SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class Plan:
    """What to grade and how. jobs: grader processes.  tier: None for the best.  everything: also what is up to date."""

    course: Course
    assignments: tuple[str, ...]
    submissions: tuple[Submission, ...]
    out: Path
    jobs: int = 1
    tier: Tier | None = None
    everything: bool = False


def grade(plan: Plan, done: Callable[[Result], None] = lambda _: None) -> list[Result]:
    """Grade, write DIR/ASSIGNMENT/STUDENT.json and DIR/grades.csv, return this run's results in order.

    `done` hears of each result as it comes. Raises SandboxError if no sandbox holds: nothing is graded then.
    """
    secret = course_secret(plan.course)
    results: list[Result] = []
    todo: list[Submission] = []
    suites = {name: load_assignment(plan.course.solutions / name) for name in plan.assignments}
    for submission in plan.submissions:
        kept = None if plan.everything else _up_to_date(plan, submission, suites[submission.assignment], secret)
        if kept is None:
            todo.append(submission)
        else:
            results.append(kept)
            done(kept)
    for result in _graded(plan, todo, suites, secret):
        write_atomically(result_path(plan.out, result.assignment, result.student), result.to_json())
        results.append(result)
        done(result)
    write_atomically(plan.out / "grades.csv", grades_csv(_all_results(plan.out)))
    return sorted(results, key=lambda r: (r.assignment, r.student))


def course_secret(course: Course) -> bytes:
    """What hidden inputs are seeded with: $AUTOGRADER_SECRET, or work/secret.key, made on first use."""
    if given := os.environ.get("AUTOGRADER_SECRET"):
        return hashlib.sha256(given.encode()).digest()
    path = course.work / "secret.key"
    try:
        return bytes.fromhex(path.read_text(encoding="ascii"))
    except FileNotFoundError:
        pass
    except (OSError, ValueError) as error:
        raise AutograderError(
            f"{path}: expected the course's secret, got {error}. Hint: restore it, or remove it and regrade with --all."
        ) from None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(SECRET_BYTES))
    except FileExistsError:
        pass  # another run made it a moment ago
    except OSError as error:
        raise AutograderError(
            f"{path}: expected to write the course's secret, got {error.strerror}. Hint: set AUTOGRADER_SECRET."
        ) from None
    return bytes.fromhex(path.read_text(encoding="ascii"))


def _up_to_date(plan: Plan, submission: Submission, suite: Assignment, secret: bytes) -> Result | None:
    """The result on disk, if the same notebook, checks and secret would only give it again."""
    if submission.notebook is None:
        return None
    old = read_result(result_path(plan.out, submission.assignment, submission.student))
    if (
        old is None
        or old.status != "graded"
        or old.suite_sha256 != suite.suite_sha256
        or old.student != submission.student
    ):
        return None
    if old.sandbox.tier != plan.tier and (plan.tier is not None or old.sandbox.tier == "unsafe"):
        return None
    try:
        digest = hashlib.sha256(read_bytes(submission.notebook)).hexdigest()
    except MalformedError:
        return None
    same = old.submission_sha256 == digest and old.seed == seed_of(secret, suite.name, digest)
    return old if same else None


def _graded(plan: Plan, todo: Sequence[Submission], suites: dict[str, Assignment], secret: bytes) -> Iterator[Result]:
    if not todo:
        return
    if plan.jobs == 1 or len(todo) == 1:
        with on_one_core(), open_sandbox({n: a.handouts for n, a in suites.items()}, plan.tier) as zygote:
            grader = Grader(zygote, suites, secret, plan.tier)
            for submission in todo:
                yield grader.grade(submission)
            grader.close()
        return
    yield from _graded_in_parallel(plan, list(todo), secret)


def _graded_in_parallel(plan: Plan, todo: list[Submission], secret: bytes) -> Iterator[Result]:
    """A grader process that is killed takes its pool along: what it had not answered is graded again."""
    context = multiprocessing.get_context("spawn")
    for _ in range(MAX_LOST_POOLS):
        cores = context.SimpleQueue()
        for i in range(plan.jobs):
            cores.put(_cores()[i % len(_cores())])
        left = {(s.assignment, s.student): s for s in todo}
        try:
            with ProcessPoolExecutor(
                min(plan.jobs, len(todo)),
                context,
                _start_grader,
                (plan.course, plan.assignments, secret, plan.tier, cores),
            ) as pool:
                for future in as_completed([pool.submit(_grade_one, s) for s in todo]):
                    result = future.result()
                    del left[result.assignment, result.student]
                    yield result
        except BrokenProcessPool:
            todo = list(left.values())
        if not left:
            return
    raise SandboxError(
        "grader: expected its processes to live, but they were killed again and again. Hint: free memory, or --jobs 1."
    )


class Grader:
    """Grades one submission after another; a zygote that was lost is replaced once, then it gives up."""

    def __init__(self, zygote: Zygote, suites: dict[str, Assignment], secret: bytes, tier: Tier | None) -> None:
        self._zygote, self._suites, self._secret, self._tier = zygote, suites, secret, tier

    def grade(self, submission: Submission) -> Result:
        """One result. Raises SandboxError if the sandbox cannot be kept up."""
        suite = self._suites[submission.assignment]
        try:
            return grade_submission(submission, suite, self._zygote, self._secret)
        except SandboxError:
            self._zygote.close()
            self._zygote = open_sandbox({n: a.handouts for n, a in self._suites.items()}, self._tier)
            return grade_submission(submission, suite, self._zygote, self._secret)

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
    course: Course, names: tuple[str, ...], secret: bytes, tier: Tier | None, cores: SimpleQueue[int]
) -> None:
    global _grader  # noqa: PLW0603 — a pool's initializer has nowhere else to leave it
    os.sched_setaffinity(0, {cores.get()})
    suites = {name: load_assignment(course.solutions / name) for name in names}
    try:
        _grader = Grader(open_sandbox({n: a.handouts for n, a in suites.items()}, tier), suites, secret, tier)
    except SandboxError:
        _grader = None  # an exception here would print a traceback; the first submission says it in one line


def _grade_one(submission: Submission) -> Result:
    if _grader is None:
        raise SandboxError("sandbox: expected one in every grader process, got none. Hint: autograder doctor.")
    return _grader.grade(submission)


def _all_results(out: Path) -> list[Result]:
    """What the folder holds now, earlier runs included: a run for one student must not shorten the list."""
    return [r for p in sorted(out.glob("*/*.json")) if (r := read_result(p)) is not None]
