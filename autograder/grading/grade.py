"""A class of submissions → result files.

Results are written one by one as they come, whole or not at all: a run that dies goes on where it stopped. The
folder belongs to one run at a time, or to the shards of one. Where the grading is done, `pool.py` and `cluster.py` say.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Generator, Sequence
from pathlib import Path

from autograder.authoring.assignment import Assignment
from autograder.authoring.seeds import seed_of
from autograder.errors import MalformedError
from autograder.grading.folder import claimed
from autograder.grading.grader import load_suites
from autograder.grading.history import files_of
from autograder.grading.keeper import Keeper
from autograder.grading.plan import Plan, key_of
from autograder.grading.pool import graded_here
from autograder.grading.provenance import commit_of, provenance
from autograder.grading.results import Result, read_result, result_path
from autograder.grading.secret import course_secret
from autograder.grading.shard import ShardKeeper
from autograder.grading.submission import UNDATED
from autograder.intake.reader import read_bytes
from autograder.intake.submissions import Submission


def grade(
    plan: Plan, done: Callable[[Result], None] = lambda _: None, *, tell: Callable[[str], None] = lambda _: None
) -> list[Result]:
    """Grade, write DIR/ASSIGNMENT/STUDENT.json, DIR/grades.csv and DIR/.history; return this run's results in order.

    Earlier attempts are graded as well, into DIR/ASSIGNMENT/earlier/STUDENT/N.json; grades.csv has the newest alone.

    A shard writes the first only, see `shard.py`.

    `done` hears of each result as it comes, `tell` of what somebody who waits may want to know.
    Raises SandboxError if no sandbox holds: nothing is graded then.
    Raises AutograderError if another run has the folder, or it cannot be written: what was written stays.
    """
    files = [*(_path(plan, s) for s in plan.submissions), *([] if plan.shard else files_of(plan.out))]
    with claimed(plan.out, files, shared=plan.shard):
        keeper = ShardKeeper(plan.out) if plan.shard else Keeper(plan.out)
        results = _grade_all(plan, course_secret(plan.course, make=not plan.shard), keeper, done, tell)
        keeper.finish()
    return sorted(results, key=key_of)


def _path(plan: Plan, submission: Submission) -> Path:
    return result_path(plan.out, *key_of(submission))


def _grade_all(
    plan: Plan,
    secret: bytes,
    keeper: Keeper | ShardKeeper,
    done: Callable[[Result], None],
    tell: Callable[[str], None],
) -> list[Result]:
    results: list[Result] = []
    todo: list[Submission] = []
    suites = load_suites(plan.course, plan.assignments, pictures=plan.pictures)
    for submission in plan.submissions:
        kept = None if plan.everything else _up_to_date(plan, submission, suites[submission.assignment], secret)
        if kept is None:
            todo.append(submission)
        else:
            results.append(_brief(kept) if plan.brief else kept)
            done(kept)
    with contextlib.closing(_graded(plan, todo, suites, secret, tell)) as graded:
        for result in graded:
            keeper.write(result)
            results.append(_brief(result) if plan.brief else result)
            done(result)
    return results


def _brief(result: Result) -> Result:
    return result.model_copy(update={"questions": (), "cell_errors": (), "pictures": ()})


def _up_to_date(plan: Plan, submission: Submission, suite: Assignment, secret: bytes) -> Result | None:
    """The result on disk, if the same notebook, checks, secret and installed versions would only give it again."""
    if submission.notebook is None:
        return None
    old = read_result(_path(plan, submission))
    if (
        old is None
        or old.status != "graded"
        or old.suite_sha256 != suite.suite_sha256
        or old.student != submission.student
        or old.received != submission.received
        or old.provenance != provenance(commit_of(submission.notebook, old.submission_sha256))
        or any(f.startswith(UNDATED) for f in old.flags) != bool(submission.undated)
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


def _graded(
    plan: Plan, todo: Sequence[Submission], suites: dict[str, Assignment], secret: bytes, tell: Callable[[str], None]
) -> Generator[Result, None, None]:
    """The seam between what to grade and where: results as they come, each submission's once."""
    if not todo:
        return
    if plan.cluster is not None:
        from autograder.grading.cluster import graded_on_cluster

        yield from graded_on_cluster(plan, todo, suites, secret, tell)
    else:
        yield from graded_here(plan, todo, suites, secret)
