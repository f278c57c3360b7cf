"""The numbers above a class's table: those of the class report that the page shows, and nothing more.

The page is made again each time that something changes, so what takes long stays in the report: how questions separate
students, and what their mistakes are.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.records.result import QuestionResult, Result
from autograder.reports.summary import Spread, bins_of, spread


@dataclass(frozen=True, slots=True)
class HardestQuestion:
    """A question, and the mean share of its points, 0 to 1."""

    id: str
    title: str
    rate: float


@dataclass(frozen=True, slots=True)
class ClassNumbers:
    """As in `reports.summary.Summary`. everyone: nothing handed in counts 0.  graded: graded submissions only.

    bins: students by tenths of the points.  ungraded: students without a graded submission.
    hardest: of the questions that are no bonus.
    """

    max_score: float
    everyone: Spread
    graded: Spread | None
    bins: tuple[int, ...]
    ungraded: int
    hardest: HardestQuestion | None


def numbers_of(results: Sequence[Result]) -> ClassNumbers:
    """The numbers of one assignment's results; `results` holds at least one."""
    top, scores = results[0].max_score, [r.score for r in results]
    graded = [r for r in results if r.status == "graded"]
    return ClassNumbers(
        top,
        spread(scores),
        spread([r.score for r in graded]) if graded else None,
        bins_of(scores, top),
        len(results) - len(graded),
        _hardest(graded),
    )


def _hardest(graded: Sequence[Result]) -> HardestQuestion | None:
    columns: dict[str, list[QuestionResult]] = {}
    for result in graded:
        for question in result.questions:
            if not question.bonus:
                columns.setdefault(question.id, []).append(question)
    rates = [HardestQuestion(id_, each[0].title, _rate(each)) for id_, each in columns.items()]
    return min(rates, key=lambda question: question.rate, default=None)


def _rate(column: Sequence[QuestionResult]) -> float:
    return statistics.fmean([q.score / q.max_score if q.max_score else 0.0 for q in column])
