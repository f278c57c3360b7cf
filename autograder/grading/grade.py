"""A class of submissions → result files.

Results are written one by one as they come, whole or not at all: a run that dies goes on where it stopped. The
folder belongs to one run at a time, or to the shards of one. Where the grading is done, `pool.py` and `cluster.py` say.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Generator, Sequence

from autograder.authoring.assignment import Assignment, suite_of
from autograder.grading.folder import claimed
from autograder.grading.grader import load_suites
from autograder.grading.history import files_of
from autograder.grading.keeper import Keeper
from autograder.grading.plan import Plan, key_of
from autograder.grading.pool import graded_here
from autograder.grading.results import Result, result_path
from autograder.grading.secret import course_secret
from autograder.grading.shard import ShardKeeper
from autograder.grading.tally import Tally
from autograder.grading.up_to_date import up_to_date
from autograder.intake.submissions import Submission


def grade(
    plan: Plan,
    done: Callable[[Result], None] = lambda _: None,
    *,
    tally: Tally | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> list[Result]:
    """Grade, write DIR/ASSIGNMENT/STUDENT.json, DIR/grades.csv and DIR/.history; return this run's results in order.

    Earlier attempts are graded as well, into DIR/ASSIGNMENT/earlier/STUDENT/N.json; grades.csv has the newest alone.
    A shard writes the first only, see `shard.py`.

    `done` hears of each result as it comes, `tell` of what somebody who waits may want to know; `tally` counts what
    had to be done. Raises SandboxError if no sandbox holds: nothing is graded then.
    Raises AutograderError if another run has the folder, or it cannot be written: what was written stays.
    """
    files = [
        *(result_path(plan.out, *key_of(s)) for s in plan.submissions),
        *([] if plan.shard else files_of(plan.out)),
    ]
    with claimed(plan.out, files, shared=plan.shard):
        keeper = ShardKeeper(plan.out) if plan.shard else Keeper(plan.out)
        run = _Run(plan, course_secret(plan.course, make=not plan.shard), keeper, done, tally or Tally(), tell)
        results = run.all()
        keeper.finish()
    return sorted(results, key=key_of)


class _Run:
    """One run under way: what is up to date stays, the rest is graded and written."""

    def __init__(
        self,
        plan: Plan,
        secret: bytes,
        keeper: Keeper | ShardKeeper,
        done: Callable[[Result], None],
        tally: Tally,
        tell: Callable[[str], None],
    ) -> None:
        self._plan, self._secret, self._keeper = plan, secret, keeper
        self._done, self._tally, self._tell = done, tally, tell
        self._results: list[Result] = []

    def all(self) -> list[Result]:
        """The results, as far as they are wanted."""
        todo = self._left_to_do()
        self._tally.up_to_date = len(self._results)
        if todo:  # otherwise neither a notebook's text nor a check is read, and no process starts
            suites = load_suites(self._plan.course, self._plan.assignments, pictures=self._plan.pictures)
            with contextlib.closing(self._graded(todo, suites)) as graded:
                for result in graded:
                    self._keeper.write(result)
                    self._tally.count(result)
                    self._add(result.marked(in_part=False))
        return self._results

    def _left_to_do(self) -> list[Submission]:
        plan, todo = self._plan, []
        hashes = {name: suite_of(plan.course.solutions / name) for name in plan.assignments}
        for submission in plan.submissions:
            old = None if plan.everything else self._keeper.take(key_of(submission))
            if old is None or not up_to_date(
                old, submission, hashes[submission.assignment], self._secret, plan.tier, plan.device
            ):
                todo.append(submission)
            else:
                self._add(old)
        return todo

    def _add(self, result: Result) -> None:
        less = {"questions": (), "cell_errors": (), "pictures": ()}
        self._results.append(result.model_copy(update=less) if self._plan.brief else result)
        self._done(result)

    def _graded(self, todo: Sequence[Submission], suites: dict[str, Assignment]) -> Generator[Result, None, None]:
        """The seam between what to grade and where: results as they come, each submission's once."""
        if self._plan.cluster is not None:
            from autograder.grading.cluster import graded_on_cluster

            return graded_on_cluster(self._plan, todo, suites, self._secret, self._tell)
        return graded_here(self._plan, todo, suites, self._secret)
