"""Marks → what each student has over all assignments: weights, categories, letters. Pure, as marks.py is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from autograder.marking_rules import MarkingRules
from autograder.marks import Mark


@dataclass(frozen=True, slots=True)
class Total:
    """What a student has over all that counts. letter: by the rules; "" if they have no letters."""

    score: float
    max_score: float
    letter: str = ""

    @property
    def percent(self) -> float:
        """The score in per cent of the maximum."""
        return 100 * self.score / self.max_score if self.max_score else 0.0


def totals(marks: Iterable[Mark], policy: MarkingRules) -> dict[str, Total]:
    """{student: Total} over the marks that count. Each assignment has its weight; with categories, each category."""
    students: dict[str, list[Mark]] = {}
    for mark in marks:
        students.setdefault(mark.result.student, []).append(mark)
    return {student: _total([m for m in each if m.in_total], policy) for student, each in students.items()}


def _total(marks: Sequence[Mark], policy: MarkingRules) -> Total:
    if not policy.categories:
        score, possible = _weighted(marks, policy)
    else:
        score = possible = 0.0
        for category, weight in policy.categories.items():
            part, most = _weighted([m for m in marks if policy.of(m.result.assignment).category == category], policy)
            if most:  # a category of which nothing counts yet has no weight
                score, possible = score + weight * part / most, possible + weight
    total = Total(round(score, 6), round(possible, 6))
    return replace(total, letter=_letter(total, policy)) if possible else total


def _weighted(marks: Sequence[Mark], policy: MarkingRules) -> tuple[float, float]:
    """(score, maximum), each assignment with its weight."""
    score = possible = 0.0
    for mark in marks:
        weight = policy.of(mark.result.assignment).weight
        score += mark.score if weight is None else weight * mark.share
        possible += mark.result.max_score if weight is None else weight
    return score, possible


def _letter(total: Total, policy: MarkingRules) -> str:
    """The letter with the highest percentage that was reached; the percentage is compared as it is, not rounded."""
    reached = [(least, letter) for letter, least in policy.letters.items() if round(total.percent, 6) >= least]
    return max(reached)[1] if reached else ""
