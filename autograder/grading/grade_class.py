"""Grades a class: submissions → result files.

Results are written one by one as they come, whole or not at all. So a run that was killed goes on where it stopped. The
folder belongs to one run at a time, or to the shards of one run. `pool.py` grades on this machine, `cluster/`
elsewhere.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from autograder.assignment.assignment import Assignment, suite_of
from autograder.errors import AutograderError, OneFileError
from autograder.files import claimed
from autograder.grading.grader import load_suites
from autograder.grading.plan import GradingPlan
from autograder.grading.pool import graded_here
from autograder.grading.up_to_date import up_to_date
from autograder.intake.submissions import Submission
from autograder.judging.not_judged import OUR_FAULT
from autograder.records.grades import Grade, grade_of, key_of
from autograder.records.history import files_of
from autograder.records.result import Result
from autograder.records.store import read_result, result_path
from autograder.records.writer import ResultWriter, RunWriter, ShardWriter
from autograder.secret import course_secret


def grade_class(
    plan: GradingPlan,
    done: Callable[[Grade], None] = lambda _: None,
    *,
    tell: Callable[[str], None] = lambda _: None,
) -> list[Grade]:
    """Grade, write DIR/ASSIGNMENT/STUDENT.json, DIR/grades.csv and DIR/.history; return this run's grades in order.

    Earlier attempts are graded as well, into DIR/ASSIGNMENT/earlier/STUDENT/N.json; grades.csv has the newest alone.
    A shard writes result files only, see `Shard`.

    done: called with each grade as it comes.  tell: called with lines for a person who waits.
    Raises SandboxError if no sandbox can be made: then nothing is graded.
    Raises AutograderError if another run has the folder, or it cannot be written. Files that were written stay. Trouble
    of one submission alone stops nobody: its grade has the status `error`.
    """
    with claimed(plan.out, _files(plan), shared=plan.shard):
        writer: RunWriter = ShardWriter(plan.out) if plan.shard else ResultWriter(plan.out)
        run = _Run(plan, course_secret(plan.course, make=not plan.shard), writer, done, tell)
        grades = run.all()
        writer.finish()
    return sorted(grades, key=key_of)


def grade(plan: GradingPlan, done: Callable[[Grade], None] = lambda _: None) -> list[Result]:
    """Grade, and return whole results. They are read back from disk, and each takes 100 kB of memory."""
    return [read_back(result_path(plan.out, *key_of(g))) for g in grade_class(plan, done)]


def read_back(path: Path) -> Result:
    """A result that this run has written. Raises AutograderError if it is gone."""
    result = read_result(path)
    if result is None:
        raise AutograderError(f"{path}: expected the result that was just written, got none. Hint: use another --out.")
    return result


def _files(plan: GradingPlan) -> Iterator[Path]:
    yield from (result_path(plan.out, *key_of(s)) for s in plan.submissions)
    if not plan.shard:
        yield from files_of(plan.out)


class _Run:
    """One run: results that are up to date stay, all others are graded and written."""

    def __init__(
        self,
        plan: GradingPlan,
        secret: bytes,
        writer: RunWriter,
        done: Callable[[Grade], None],
        tell: Callable[[str], None],
    ) -> None:
        self._plan, self._secret, self._writer = plan, secret, writer
        self._done, self._tell = done, tell
        self._grades: list[Grade] = []

    def all(self) -> list[Grade]:
        """Grade. Returns the grades in the order in which they came."""
        todo = self._left_to_do()
        if todo:  # if there is nothing to grade, no check is read and no process starts
            suites = load_suites(self._plan.course, self._plan.assignments, pictures=self._plan.pictures)
            with contextlib.closing(self._graded(todo, suites)) as graded:
                for result in graded:
                    self._add(self._written(result))
        return self._grades

    def _left_to_do(self) -> list[Submission]:
        plan, todo = self._plan, []
        hashes = {name: suite_of(plan.course.solutions / name) for name in plan.assignments}
        for submission in plan.submissions:
            old = None if plan.everything else self._writer.take(key_of(submission))
            if old is None or not self._stays(old.result, submission, hashes[submission.assignment]):
                todo.append(submission)
            else:
                self._add(replace(old.grade, up_to_date=True))
        return todo

    def _stays(self, old: Result, submission: Submission, suite_sha256: str) -> bool:
        try:
            return up_to_date(old, submission, suite_sha256, self._secret, self._plan.tier, self._plan.device)
        except Exception:  # noqa: BLE001 — grading it meets the same trouble again, and says so
            return False

    def _written(self, result: Result) -> Grade:
        """Write a result, and return its grade. Raises AutograderError if no result can be written any more."""
        if not result.has_verdict:
            result = result.over(read_result(result_path(self._plan.out, *key_of(result))))
        try:
            self._writer.write(result)
        except OneFileError as error:  # what was there stays
            return replace(grade_of(result), score=0.0, status="error", reason=OUR_FAULT, cause=str(error))
        return grade_of(result)

    def _add(self, grade: Grade) -> None:
        self._grades.append(grade)
        self._done(grade)

    def _graded(self, todo: Sequence[Submission], suites: dict[str, Assignment]) -> Generator[Result, None, None]:
        """Each submission's result once, as they come, from this machine or from the cluster."""
        if self._plan.cluster is not None:
            from autograder.grading.cluster.client import graded_on_cluster

            return graded_on_cluster(self._plan, todo, suites, self._secret, self._tell)
        return graded_here(self._plan, todo, suites, self._secret)
