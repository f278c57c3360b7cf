"""The numbers of an audit: mistakes that are caught, mistakes that one check alone catches, and points they cost."""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from autograder.audit.cost import Cost, Costs, costs, free
from autograder.audit.run import CaseResult, Kind


@dataclass(frozen=True, slots=True)
class CheckRow:
    """The mistakes that one check catches. alone: wrong samples and mutants that no other check catches."""

    id: str
    points: float
    visibility: str
    wrong: int
    mutants: int
    alone: int


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How well one assignment's checks tell right from wrong.

    nothing: notebooks that do nothing and get nothing.  mutants: those that are not equivalent.  diagnosed: of the
    wrong samples that declare a diagnosis, those that get it.  median_loss: points a wrong sample costs.  spread:
    points it costs outside its own questions, other than by checks that are `blocked`; the largest, with the sample's
    name.  costs, free: see cost.py.  draws: of hidden inputs for each notebook but the mutants, and for each mutant.
    """

    assignment: str
    right: tuple[int, int]
    wrong: tuple[int, int]
    diagnosed: tuple[int, int]
    mutants: tuple[int, int]
    equivalent: int
    median_loss: float
    spread: tuple[float, str]
    costs: Costs
    free: tuple[str, ...]
    draws: tuple[int, int]
    nothing: tuple[int, int]
    checks: tuple[CheckRow, ...]

    @property
    def idle(self) -> tuple[str, ...]:
        """Checks with points that catch no mistake."""
        return tuple(c.id for c in self.checks if c.points and not c.wrong + c.mutants)

    @property
    def redundant(self) -> tuple[str, ...]:
        """Hidden checks whose mistakes are all caught by other checks, too."""
        return tuple(c.id for c in self.checks if c.visibility == "hidden" and not c.alone and c.id not in self.idle)


def accuracy(assignment: str, findings: Sequence[CaseResult], share: float = 1.0) -> Accuracy:
    """All numbers of one audit. share: of carried points that a mark counts."""
    wrong = [f for f in findings if f.case.kind == "wrong"]
    declared = [f for f in wrong if f.case.sample and f.case.sample.diagnosis]
    mutants = [f for f in findings if f.case.kind == "mutant" and not f.case.equivalent]
    full = next(f.result.score for f in findings if f.case.kind == "solution")
    return Accuracy(
        assignment,
        _count(findings, "right", lambda f: not f.problem),
        (sum(_is_caught(f) for f in wrong), len(wrong)),
        (sum(_is_diagnosed(f) for f in declared), len(declared)),
        (sum(bool(f.failed) for f in mutants), len(mutants)),
        sum(bool(f.case.equivalent) for f in findings),
        statistics.median(full - f.result.score for f in wrong) if wrong else 0.0,
        max(((_spread(f), f.case.name) for f in wrong), default=(0.0, "")),
        costs(findings, share),
        free(findings),
        (
            _draws(f for f in findings if f.case.kind != "mutant"),
            _draws(f for f in findings if f.case.kind == "mutant"),
        ),
        _count(findings, "nothing", lambda f: not f.problem),
        tuple(_rows(findings)),
    )


def _draws(findings: Iterable[CaseResult]) -> int:
    return min((f.draws for f in findings), default=0)


def as_json(audits: Sequence[tuple[Sequence[CaseResult], Accuracy]]) -> str:
    """The numbers, and the failed checks of every notebook: the whole kill matrix."""
    made = [{**_summary(numbers), "cases": _cases(findings, numbers)} for findings, numbers in audits]
    return json.dumps({"schema": 1, "assignments": made}, ensure_ascii=False, indent=1) + "\n"


def _summary(numbers: Accuracy) -> dict[str, object]:
    return {
        "assignment": numbers.assignment,
        "right_accepted": numbers.right,
        "wrong_caught": numbers.wrong,
        "diagnosis_right": numbers.diagnosed,
        "mutants_killed": numbers.mutants,
        "mutants_equivalent": numbers.equivalent,
        "median_loss": numbers.median_loss,
        "largest_loss_elsewhere": numbers.spread,
        "single_misconception": {
            "median": numbers.costs.median,
            "worst": (numbers.costs.worst.raw, numbers.costs.worst.marked, numbers.costs.worst.name),
        },
        "cost_nothing": numbers.free,
        "do_nothing_gets_nothing": numbers.nothing,
        "draws": numbers.draws,
        "idle_checks": numbers.idle,
        "redundant_checks": numbers.redundant,
    }


def _cases(findings: Sequence[CaseResult], numbers: Accuracy) -> list[dict[str, object]]:
    cost_of = {cost.name: cost for cost in numbers.costs.samples}
    return [_case(f) | (_cost_fields(cost_of[f.case.name]) if f.case.kind == "wrong" else {}) for f in findings]


def _cost_fields(cost: Cost) -> dict[str, object]:
    return {
        "cost_beyond": {"raw": cost.raw, "marked": cost.marked},
        "cost_in_question": cost.in_question,
        "slip": cost.slip,
    }


def _case(finding: CaseResult) -> dict[str, object]:
    return {
        "name": finding.case.name,
        "kind": finding.case.kind,
        "score": finding.result.score,
        "carried": finding.result.carried,
        "failed": [c.id for c in finding.failed],
        "equivalent": finding.case.equivalent,
        "problem": finding.problem,
    }


def _count(findings: Sequence[CaseResult], kind: Kind, good: Callable[[CaseResult], bool]) -> tuple[int, int]:
    of_kind = [f for f in findings if f.case.kind == kind]
    return sum(map(good, of_kind)), len(of_kind)


def _is_caught(finding: CaseResult) -> bool:
    """Whether all checks that the sample declares catch it."""
    outcomes = {c.id: c.outcome for c in finding.result.checks}
    return all(outcomes.get(name, "pass") != "pass" for name in _declared(finding))


def _is_diagnosed(finding: CaseResult) -> bool:
    diagnoses = {c.id: c.diagnosis for c in finding.result.checks}
    sample = finding.case.sample
    return sample is not None and diagnoses.get(sample.fails[0]) == sample.diagnosis


def _declared(finding: CaseResult) -> tuple[str, ...]:
    return finding.case.sample.fails if finding.case.sample else ()


def _spread(finding: CaseResult) -> float:
    """Points lost in questions other than those of the declared checks, without blocked checks."""
    declared = {name.partition(".")[0] for name in _declared(finding)}
    lost = [c.max_points for c in finding.failed if c.id.partition(".")[0] not in declared and c.outcome != "blocked"]
    return round(sum(lost), 6)


def _rows(findings: Sequence[CaseResult]) -> Iterator[CheckRow]:
    tested = [f for f in findings if f.case.kind in {"wrong", "mutant"}]
    failing = [{c.id for c in f.failed} for f in tested]
    for check in findings[0].result.checks:
        caught = [(f, ids) for f, ids in zip(tested, failing, strict=True) if check.id in ids]
        wrong = sum(f.case.kind == "wrong" for f, _ in caught)
        alone = sum(len(ids) == 1 for _, ids in caught)
        yield CheckRow(check.id, check.max_points, check.visibility, wrong, len(caught) - wrong, alone)
