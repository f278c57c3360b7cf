"""Puts checks again where a named slip explains a failed question: authoring/slips.py has the rules.

It runs after all checks and before causes are looked for. A submission without a failed core check pays nothing.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

import numpy as np

from autograder.assignment.assignment import Assignment
from autograder.authoring.checks import Check
from autograder.authoring.slips import Slip, SlipGroup, slipped, slips_on
from autograder.errors import StudentError
from autograder.judging.judge import judge, verdict
from autograder.judging.notebook_run import NotebookRun
from autograder.records.result import CheckResult


def forgive_slips(
    assignment: Assignment, results: Mapping[str, CheckResult], run: NotebookRun, seed: str
) -> dict[str, CheckResult]:
    """The same results; in a question with a slip, checks that pass with the slip pass, and the core check names it."""
    changed: dict[str, CheckResult] = {}
    for question, groups in groupby(assignment.slips, key=lambda group: group.question):
        try:
            if on := _slips_on(assignment, tuple(groups), results, run, seed):
                failed = [c for c in assignment.checks if c.question == question and _may_pass(c, results)]
                changed |= _named(on, failed)
                changed |= _put_again(assignment, on, (c for c in failed if c.id not in on), run, seed)
        except StudentError:  # no answer to the probe, so no slip
            _bury_if_dead(run)
    return {**results, **changed}


def _slips_on(
    assignment: Assignment,
    groups: Sequence[SlipGroup],
    results: Mapping[str, CheckResult],
    run: NotebookRun,
    seed: str,
) -> dict[str, Slip]:
    def failed(check: Check) -> bool:
        return results[check.id].outcome == "fail" and not results[check.id].points  # a slip takes no points

    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a slip's overflow must not warn the instructor
        return slips_on(groups, assignment.checks, failed, run.student, assignment.reference, seed)


def with_own_slips(results: Mapping[str, CheckResult]) -> dict[str, CheckResult]:
    """The results after the search for causes: no slip is named if its core check waits for an earlier question."""
    named = {(_question(c), c.slip) for c in results.values() if c.outcome != "pass"}
    stale = [c for c in results.values() if c.slip and (_question(c), c.slip) not in named]
    return {**results, **{c.id: c.model_copy(update={"slip": "", "message": ""}) for c in stale}}


def _question(result: CheckResult) -> str:
    return result.id.partition(".")[0]


def _may_pass(check: Check, results: Mapping[str, CheckResult]) -> bool:
    return check.visibility == "hidden" and results[check.id].outcome == "fail"


def _named(on: Mapping[str, Slip], failed: Iterable[Check]) -> dict[str, CheckResult]:
    """The core checks, in the words of their slips."""
    named = ((c, on[c.id]) for c in failed if c.id in on)
    return {c.id: _of(slip, verdict(c, "fail", slip.words, slip.kind)) for c, slip in named}


def _of(slip: Slip, result: CheckResult, message: str = "") -> CheckResult:
    return result.model_copy(update={"slip": slip.name, "message": message or result.message})


def _put_again(
    assignment: Assignment, on: Mapping[str, Slip], checks: Iterable[Check], run: NotebookRun, seed: str
) -> dict[str, CheckResult]:
    """The checks that pass with the slips in the reference."""
    reference = slipped(assignment.reference, on.values())
    core, slip = next(iter(on.items()))
    passed: dict[str, CheckResult] = {}
    for check in checks:
        result = judge(check, run.student(), reference, seed, run.facts)
        if result.outcome in {"timeout", "crash"}:
            run.bury()
        elif result.outcome == "pass":
            passed[check.id] = _of(slip, result, f"Right apart from the mistake that {core} names.")
    return passed


def _bury_if_dead(run: NotebookRun) -> None:
    if run.session is not None and run.session.line.has_ended():
        run.bury()
