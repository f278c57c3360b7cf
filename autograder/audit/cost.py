"""The points that a wrong sample loses in its own question, and beyond the checks that it declares."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from autograder.audit.run import CaseResult

MANY = 3  # questions; a sample that declares checks of more is no single mistake


@dataclass(frozen=True, slots=True)
class Cost:
    """The points that one wrong sample loses.

    raw: without those of the checks that it declares.  marked: of these, those that stay lost when carried points
    count.  questions: where they are lost.  in_question: the points lost in the question of its first declared check,
    declared checks included.  slip: by which the first declared check fails, or "".
    single: whether it is one mistake in an answer. It is not if no check of its question gets a value to compare, as
    with a function that raises an exception on every input; nor if it declares checks of many questions.
    """

    name: str
    declares: tuple[str, ...]
    raw: float
    marked: float
    questions: tuple[str, ...]
    in_question: float = 0.0
    slip: str = ""
    single: bool = True


@dataclass(frozen=True, slots=True)
class Costs:
    """The costs of all wrong samples of an assignment, the dearest first."""

    samples: tuple[Cost, ...]

    @property
    def median(self) -> tuple[float, float]:
        """Raw, and with what is carried."""
        raw, marked = ([getattr(cost, field) for cost in self.samples] or [0.0] for field in ("raw", "marked"))
        return statistics.median(raw), statistics.median(marked)

    @property
    def worst(self) -> Cost:
        """The sample that loses most with what is carried."""
        return next(iter(self.samples), Cost("", (), 0.0, 0.0, ()))

    @property
    def dearest(self) -> Cost | None:
        """The single mistake that loses most in its own question."""
        return max((cost for cost in self.samples if cost.single), key=lambda cost: cost.in_question, default=None)


def costs(findings: Iterable[CaseResult], share: float) -> Costs:
    """share: of carried points, as in course.toml."""
    of_wrong = (_cost(finding, share) for finding in findings if finding.case.kind == "wrong")
    return Costs(tuple(sorted(of_wrong, key=lambda c: (-c.marked, -c.raw, c.name))))


def _cost(finding: CaseResult, share: float) -> Cost:
    declares = finding.case.sample.fails if finding.case.sample else ()
    beyond = [c for c in finding.failed if c.id not in declares]
    raw = round(sum(c.max_points - c.points for c in beyond), 6)
    carried = round(sum(share * c.carried for c in beyond), 6)
    return Cost(
        finding.case.name,
        declares,
        raw,
        round(raw - carried, 6),
        tuple(dict.fromkeys(c.id.partition(".")[0] for c in beyond)),
        _in_question(finding, declares),
        next((c.slip for c in finding.failed if c.id in declares[:1]), ""),
        len({check.partition(".")[0] for check in declares}) <= MANY and _is_compared(finding, declares),
    )


def _is_compared(finding: CaseResult, declares: Sequence[str]) -> bool:
    """Whether a hidden check of the sample's question passes, or gets a value of the right type to compare."""
    question = next(iter(declares), "").partition(".")[0]
    own = [c for q in finding.result.questions if q.id == question for c in q.checks if c.visibility == "hidden"]
    return any(c.outcome == "pass" or (c.outcome == "fail" and c.diagnosis not in {"type", "raised"}) for c in own)


def _in_question(finding: CaseResult, declares: Sequence[str]) -> float:
    """The points lost in the question that the sample is about."""
    question = next(iter(declares), "").partition(".")[0]
    return round(sum(c.max_points - c.points for c in finding.failed if c.id.partition(".")[0] == question), 6)


def free(findings: Sequence[CaseResult]) -> tuple[str, ...]:
    """Mistakes that cost nothing: only checks of later questions see them, and these carry their points."""
    return tuple(
        f.case.name
        for f in findings
        if f.case.kind in {"wrong", "mutant"} and f.failed and all(c.carried == c.max_points for c in f.failed)
    )
