"""The numbers a class report shows, from results alone."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.authoring.assertions import DIAGNOSES
from autograder.grading.results import Result

_NOT_A_MISTAKE = frozenset({"not_implemented", "not_defined", "blocked", ""})


@dataclass(frozen=True, slots=True)
class QuestionStatistics:
    """rate: mean share of the points over graded submissions, 0 to 1.  full: how many got all of them."""

    id: str
    title: str
    max_score: float
    rate: float
    full: int


@dataclass(frozen=True, slots=True)
class Mistake:
    """A check that did not pass, what it said, and to how many students."""

    check: str
    question: str
    title: str
    diagnosis: str
    students: int

    def __str__(self) -> str:
        return f"{self.question} {DIAGNOSES[self.diagnosis]} at “{self.title}”"


@dataclass(frozen=True, slots=True)
class Summary:
    """One assignment's class. Scores are over everyone, who handed in nothing too."""

    assignment: str
    max_score: float
    mean: float
    median: float
    statuses: dict[str, int]
    bins: tuple[int, ...]
    questions: tuple[QuestionStatistics, ...]
    mistakes: tuple[Mistake, ...]

    @property
    def hardest(self) -> QuestionStatistics | None:
        """The question with the lowest share of points."""
        return min(self.questions, key=lambda q: q.rate, default=None)


def summarise(results: Sequence[Result]) -> Summary:
    """Statistics of one assignment's results; `results` holds at least one."""
    scores = [r.score for r in results]
    graded = [r for r in results if r.status == "graded"]
    top = results[0].max_score
    bins = [0] * 10
    for score in scores:
        bins[min(9, max(0, int(10 * score / top)))] += 1
    return Summary(
        assignment=results[0].assignment,
        max_score=top,
        mean=statistics.fmean(scores),
        median=statistics.median(scores),
        statuses=dict(sorted(Counter(r.status for r in results).items())),
        bins=tuple(bins),
        questions=_questions(graded),
        mistakes=_mistakes(graded),
    )


def _questions(graded: Sequence[Result]) -> tuple[QuestionStatistics, ...]:
    if not graded:
        return ()
    return tuple(
        QuestionStatistics(
            q.id,
            q.title,
            q.max_score,
            statistics.fmean(r.questions[i].score / q.max_score for r in graded),
            sum(r.questions[i].score >= q.max_score for r in graded),
        )
        for i, q in enumerate(graded[0].questions)
        if not q.bonus
    )


def _mistakes(graded: Sequence[Result]) -> tuple[Mistake, ...]:
    """Commonest first. What nobody answered is no misconception."""
    titles: dict[str, tuple[str, str]] = {}
    counts: Counter[tuple[str, str]] = Counter()
    for result in graded:
        for question in result.questions:
            for check in question.checks:
                if check.outcome != "pass" and check.diagnosis not in _NOT_A_MISTAKE:
                    titles[check.id] = (question.title, check.title)
                    counts[check.id, check.diagnosis] += 1
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Mistake(check, *titles[check], diagnosis, n) for (check, diagnosis), n in ordered)
