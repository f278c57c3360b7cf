"""Tests of the tests: the solution must get everything, the starter nothing, every sample what it declares."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from autograder.authoring.assignment import Assignment
from autograder.authoring.samples import Cells, Sample, load_samples, solved_cells, starter_cells
from autograder.grading.results import CheckResult, Result
from autograder.grading.submission import grade_notebook
from autograder.intake.reader import Cell, Notebook
from autograder.sandbox.launcher import Zygote


@dataclass(frozen=True, slots=True)
class Finding:
    """One notebook that was graded to test the tests. problem: "" if it got what it should."""

    name: str
    kind: str
    result: Result
    problem: str


def audit(assignment: Assignment, zygote: Zygote, secret: bytes) -> Iterator[Finding]:
    """Grade the solution, the starter and every sample in the sandbox."""
    solution = _grade(assignment, zygote, secret, solved_cells(assignment), "solution")
    yield Finding("solution", "reference", solution, _must_pass_all(solution))
    starter = _grade(assignment, zygote, secret, starter_cells(assignment), "starter")
    yield Finding("starter", "reference", starter, _must_pass_none(starter))
    for sample in load_samples(assignment):
        result = _grade(assignment, zygote, secret, solved_cells(assignment, sample), sample.name)
        yield Finding(
            sample.name,
            sample.kind,
            result,
            _must_pass_all(result) if sample.kind == "right" else _must_fail(sample, result),
        )


def _grade(assignment: Assignment, zygote: Zygote, secret: bytes, cells: Cells, name: str) -> Result:
    own = tuple(Cell("code" if kind == "code" else "markdown", source, identity) for kind, identity, source in cells)
    digest = hashlib.sha256("\0".join(c.source for c in own).encode()).hexdigest()
    return grade_notebook(Notebook(own, digest), name, assignment, zygote, secret)


def _checks(result: Result) -> dict[str, CheckResult]:
    return {c.id: c for q in result.questions for c in q.checks}


def _must_pass_all(result: Result) -> str:
    wrong = [c for c in _checks(result).values() if c.outcome != "pass"]
    return f"expected every check to pass, but {wrong[0].id}: {wrong[0].outcome}, {wrong[0].message}" if wrong else ""


def _must_pass_none(result: Result) -> str:
    passed = [c.id for c in _checks(result).values() if c.outcome == "pass"]
    return f"expected the untouched starter to pass nothing, but it passes {', '.join(passed)}" if passed else ""


def _must_fail(sample: Sample, result: Result) -> str:
    checks = _checks(result)
    for name in sample.fails:
        if name not in checks:
            return f"expected a check called {name}, and there is none"
        if checks[name].outcome == "pass":
            return f"expected {name} to catch it, but it passes"
    said = checks[sample.fails[0]].diagnosis
    if sample.diagnosis and said != sample.diagnosis:
        return f"expected {sample.fails[0]} to say {sample.diagnosis}, but it says {said or 'nothing'}"
    return ""
