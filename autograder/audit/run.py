"""Grades notebooks whose verdict is known beforehand, in the same way as submissions, and compares.

The solution and right samples must get all points; the starter, and functions that do nothing, must get none. A wrong
sample must fail the check that it declares. Every mutant must lose points, unless it is listed as equivalent. With
several seeds, so with several draws of hidden inputs, a notebook must get the same points every time.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Literal

from autograder.assignment.assignment import Assignment
from autograder.assignment.samples import (
    Cells,
    Sample,
    load_samples,
    notebook_text,
    solved_cells,
    starter_cells,
    with_cell,
)
from autograder.audit.equivalent import read_equivalent
from autograder.audit.mutants import Mutant, mutants
from autograder.audit.nothing import do_nothing
from autograder.course import Course
from autograder.grading.grade_class import grade, read_back
from autograder.grading.plan import GradingPlan
from autograder.intake.submissions import Submission
from autograder.judging.device import CPU
from autograder.records.grades import Grade, key_of
from autograder.records.result import CheckResult, Result
from autograder.records.store import result_path
from autograder.sandbox.launcher import Tier

Kind = Literal["solution", "starter", "nothing", "right", "wrong", "mutant"]
DRAWS = 3  # of hidden inputs, unless the user chooses; a mutant gets one, because there are hundreds of them


@dataclass(frozen=True, slots=True)
class Case:
    """One notebook with a known verdict. nothing: its functions do nothing.  equivalent: why a mutant may pass."""

    name: str
    kind: Kind
    cells: Cells
    sample: Sample | None = None
    mutant: Mutant | None = None
    equivalent: str = ""


@dataclass(frozen=True, slots=True)
class CaseResult:
    """A case that was graded.

    result: with its first seed.  problem: "" if the verdict was as expected with every seed.  draws: how many seeds.
    """

    case: Case
    result: Result
    problem: str
    draws: int = 1

    @property
    def failed(self) -> tuple[CheckResult, ...]:
        """The checks with points that the notebook does not pass."""
        return tuple(c for c in self.result.checks if c.outcome != "pass" and c.max_points)


def corpus(assignment: Assignment) -> list[Case]:
    """The solution, the starter, all samples and all mutants. Raises CourseError for a list that is out of date."""
    changed = list(mutants(assignment))
    equivalent = read_equivalent(assignment, {m.name for m in changed})
    solution = solved_cells(assignment)
    return [
        *corpus_without_mutants(assignment),
        *(
            Case(
                m.name,
                "mutant",
                with_cell(solution, m.cell, m.source),
                mutant=m,
                equivalent=equivalent.get(m.name, ""),
            )
            for m in changed
        ),
    ]


def corpus_without_mutants(assignment: Assignment) -> list[Case]:
    """The solution, the starter, functions that do nothing, and all samples: mutants take seconds to make."""
    return [
        Case("solution", "solution", solved_cells(assignment)),
        Case("starter", "starter", starter_cells(assignment)),
        *(Case(name, "nothing", cells) for name, cells in do_nothing(assignment)),
        *(Case(s.name, s.kind, solved_cells(assignment, s), sample=s) for s in load_samples(assignment)),
    ]


def draws_of(case: Case, seeds: int | None) -> int:
    """How often a case is graded, each time with other hidden inputs. seeds: the user's choice, or None."""
    return seeds or (1 if case.kind == "mutant" else DRAWS)


def audit(
    course: Course,
    name: str,
    cases: Sequence[Case],
    *,
    seeds: int | None = None,
    tier: Tier | None = None,
    jobs: int = 1,
    device: str = CPU,
    first: bool = False,
    done: Callable[[], None] = lambda: None,
) -> list[CaseResult]:
    """The result of every case, in order. Each case is handed in as the notebook of a numbered student.

    seeds: see draws_of.  device: see judging/device.py.  first: stop at the first notebook with a problem, and return
    this one alone.  done: called after each notebook. Raises SandboxError.
    """

    def came(graded: Grade) -> None:
        done()
        if first:
            case = cases[int(graded.student.partition("-")[0])]
            result = read_back(result_path(out, *key_of(graded)))
            if (finding := _finding(case, [result])).problem:
                raise _FirstProblem(finding)

    with tempfile.TemporaryDirectory(prefix="audit-") as folder:
        submissions = []
        for i, case in enumerate(cases):
            text = notebook_text(case.cells)
            for k in range(draws_of(case, seeds)):
                path = Path(folder, f"{i:05d}-{k:05d}.ipynb")  # results come in the order of names
                path.write_text(text + k * "\n", encoding="utf-8")  # another file, so another seed
                submissions.append(Submission(path.stem, name, path))
        out = Path(folder, "results")
        plan = GradingPlan(
            course, (name,), tuple(submissions), out, jobs, tier, everything=True, pictures=False, device=device
        )
        try:
            results = iter(grade(plan, came))
        except _FirstProblem as found:
            return [found.finding]
    return [_finding(case, list(islice(results, draws_of(case, seeds)))) for case in cases]


class _FirstProblem(Exception):
    """A notebook has a problem, and nobody wants to wait for the others."""

    def __init__(self, finding: CaseResult) -> None:
        super().__init__(finding.case.name)
        self.finding = finding


def _finding(case: Case, results: Sequence[Result]) -> CaseResult:
    problems = [p for p in (_not_graded(result) or _problem(case, result) for result in results) if p]
    often = f" (with {len(problems)} of {len(results)} seeds)" if len(problems) < len(results) else ""
    problem = problems[0] + often + _own_error(case, results[0]) if problems else _unsteady(results)
    return CaseResult(case, results[0], problem, len(results))


def _own_error(case: Case, result: Result) -> str:
    """The exception that stopped a sample's own code. The usual reason: it calls the function that it replaces."""
    raised = [error for error in result.cell_errors if error.type]
    if case.sample is None or not raised:
        return ""
    hint = "a sample replaces functions; the solution's are gone, so it cannot wrap one of them"
    return f". Its cell {raised[0].cell} raised {raised[0].error}. Hint: {hint}"


def _unsteady(results: Sequence[Result]) -> str:
    for first, *others in zip(*(result.checks for result in results), strict=True):
        same = 1 + sum(other.points == first.points for other in others)
        if same < len(results):
            got = f"{first.points:g} with {same} of {len(results)}"
            return f"expected {first.id} to give the same points with every seed, got {got}"
    return ""


def _not_graded(result: Result) -> str:
    return "" if result.has_verdict else f"expected it to be graded, but it {'; '.join(map(str, result.flags))}"


def _problem(case: Case, result: Result) -> str:
    match case:
        case Case(kind="solution" | "right"):
            return _must_pass_all(result)
        case Case(kind="starter" | "nothing"):
            return _must_pass_none(result) if case.kind == "starter" else _must_get_nothing(result)
        case Case(sample=Sample() as sample):
            return _must_fail(sample, result)
    return _must_be_caught(case, result)


def _must_be_caught(case: Case, result: Result) -> str:
    survives = all(c.outcome == "pass" for c in result.checks if c.max_points)
    if survives and not case.equivalent:
        return "expected a check to catch it, but all pass"
    if case.equivalent and not survives:
        return f"expected it to pass, as the list says ({case.equivalent}), but it loses points"
    return ""


def _must_pass_all(result: Result) -> str:
    wrong = [c for c in result.checks if c.outcome != "pass"]
    if wrong:
        return f"expected every check to pass, but {wrong[0].id}: {wrong[0].outcome}, {wrong[0].message}"
    elsewhere = next((str(flag) for flag in result.flags if flag.kind == "judged_on_cpu"), "")
    return f"expected its checks to run on {result.device}, but {elsewhere}" if elsewhere else ""


def _must_pass_none(result: Result) -> str:
    passed = [c.id for c in result.checks if c.outcome == "pass"]
    return f"expected the untouched starter to pass nothing, but it passes {', '.join(passed)}" if passed else ""


def _must_get_nothing(result: Result) -> str:
    paying = [f"{c.id} ({c.points + c.carried:g}{' carried' * bool(c.carried)})" for c in result.checks if _pays(c)]
    return f"expected no points for functions that do nothing, but some come from {', '.join(paying)}" if paying else ""


def _pays(check: CheckResult) -> bool:
    return check.points + check.carried > 0


def _must_fail(sample: Sample, result: Result) -> str:
    checks = {c.id: c for c in result.checks}
    for name in sample.fails:
        if name not in checks:
            return f"expected a check called {name}, and there is none"
        if checks[name].outcome == "pass":
            return f"expected {name} to catch it, but it passes"
    said = checks[sample.fails[0]].diagnosis
    if sample.diagnosis and said != sample.diagnosis:
        return f"expected {sample.fails[0]} to say {sample.diagnosis}, but it says {said or 'nothing'}"
    slip = checks[sample.fails[0]].slip
    if sample.slip and sample.slip != slip:
        return f"expected {sample.fails[0]} to name the slip {sample.slip}, but it names {slip or 'none'}"
    return ""
