"""Our engine and the floor, in turn on the same core: floor, core, ours; floor, core, ours; …

floor   reads the notebook, runs the same cells and puts the same checks with the same draws, bare in this process:
        no sandbox, no other process, no messages. A check that `autograder grade` would not put, because a question
        it needs has failed, is not put here either. A verdict for each check is made; nothing is named or written.
core    the same work in the sandbox: `grade_submission` without what follows the first verdicts, and without pictures.
        What follows puts failed checks again: a named slip costs one check of its question, and a cause is found.
ours    what `autograder grade` does with a submission: all of it, and the result file
"""

from __future__ import annotations

import contextlib
import io
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path

from benchmarks.phases import processes
from benchmarks.spread import ratios, spread

from autograder.assignment.assignment import Assignment
from autograder.assignment.source import module_from
from autograder.authoring.checks import Check
from autograder.authoring.inprocess import PlainStudent
from autograder.authoring.seeds import seed_of, seeds_from
from autograder.grading.grader import on_one_core
from autograder.intake.reader import read_notebook
from autograder.intake.submissions import Submission
from autograder.judging import submission as grading
from autograder.judging.author_process import AuthorProcesses
from autograder.judging.cells import cells_to_run
from autograder.judging.judge import judge
from autograder.records.result import CheckResult, Result
from autograder.records.writer import ResultWriter
from autograder.sandbox.tiers import open_sandbox

SECRET = b"bench"
KINDS = ("floor", "core", "ours")


def floor(submission: Submission, assignment: Assignment) -> dict[str, CheckResult]:
    """Verdicts by check. The hand-outs must be importable: see `importable`."""
    names: dict[str, object] = {"__name__": "__main__"}
    results: dict[str, CheckResult] = {}
    memo: dict[object, object] = {}
    with _quietly():
        notebook = read_notebook(submission.notebook)
        seed = seed_of(SECRET, assignment.name, notebook.sha256)
        for number, source in cells_to_run(notebook, assignment):
            with contextlib.suppress(Exception):
                exec(compile(source, f"<cell {number}>", "exec"), names)
        student = PlainStudent(names)
        for check in grading.needed_first(assignment.checks):
            if _may_be_put(check, results):
                results[check.id] = judge(check, student, assignment.reference, seed, memo=memo)
    return results


def _may_be_put(check: Check, so_far: dict[str, CheckResult]) -> bool:
    failed = {i.partition(".")[0] for i, r in so_far.items() if r.outcome != "pass"}
    return check.visibility == "public" or not failed.intersection(check.needs)


@contextlib.contextmanager
def _quietly() -> Iterator[None]:
    with (
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        yield


def importable(assignment: Assignment) -> None:
    """The hand-out modules for the floor, compiled once, as in the zygote. One may import those before it."""
    for name, text in assignment.handouts.items():
        sys.modules[name] = module_from(name, text)


@contextlib.contextmanager
def with_first_verdicts() -> Iterator[None]:
    """No check is put again: failed ones keep their first verdict."""
    before = grading.forgive_slips, grading.name_causes
    grading.forgive_slips = grading.name_causes = lambda assignment, results, *_: results
    try:
        yield
    finally:
        grading.forgive_slips, grading.name_causes = before


@contextlib.contextmanager
def opened(assignment: Assignment, out: Path) -> Iterator[tuple[dict[str, Callable], str]]:
    """Each of KINDS as a function of a submission, on one core, and the sandbox's tier. out: for result files."""
    importable(assignment)
    plain = replace(assignment, pictures=())
    with (
        on_one_core(),
        open_sandbox({assignment.name: assignment.handouts}, equipment=assignment.equipment) as zygote,
        contextlib.closing(AuthorProcesses()) as authors,
    ):
        keeper = ResultWriter(out)

        def core(submission: Submission) -> Result:
            with with_first_verdicts():
                return grading.grade_submission(submission, plain, zygote, seeds_from(SECRET), authors=authors)

        def ours(submission: Submission) -> Result:
            result = grading.grade_submission(submission, assignment, zygote, seeds_from(SECRET), authors=authors)
            keeper.write(result)
            return result

        yield {"floor": lambda s: floor(s, assignment), "core": core, "ours": ours}, zygote.tier


def side_by_side(calls: dict[str, Callable], submissions: Sequence[Submission], rounds: int) -> dict:
    """Milliseconds of wall clock and of processor time a submission, and ratios to the floor of the same moment."""
    wall: dict[str, list[float]] = {kind: [] for kind in KINDS}
    busy: dict[str, list[float]] = {kind: [] for kind in KINDS}
    with processes() as theirs:
        differing = [s.student for s in submissions if _passes(calls["floor"](s)) != _passes(calls["core"](s))]
        for _, submission, kind in product(range(rounds), submissions, KINDS):
            began, own, other = time.perf_counter(), time.thread_time(), sum(theirs)
            calls[kind](submission)
            wall[kind].append(1e3 * (time.perf_counter() - began))
            busy[kind].append(1e3 * (time.thread_time() - own + sum(theirs) - other))
    return {
        "notebooks": len(submissions),
        "rounds": rounds,
        "floor_gives_other_passes": differing,
        "wall_ms": {kind: spread(wall[kind]) for kind in KINDS},
        "processor_ms": {kind: spread(busy[kind]) for kind in KINDS},
        **{f"{kind}_over_floor": ratios(wall[kind], wall["floor"]) for kind in KINDS[1:]},
        **{f"{kind}_over_floor_processor": ratios(busy[kind], busy["floor"]) for kind in KINDS[1:]},
    }


def _passes(found: Result | dict[str, CheckResult]) -> set[str]:
    checks = found.values() if isinstance(found, dict) else [c for q in found.questions for c in q.checks]
    return {c.id for c in checks if c.outcome == "pass"}
