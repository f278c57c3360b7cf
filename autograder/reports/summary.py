"""The numbers of a class report, from results."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.authoring.failing import DIAGNOSES
from autograder.records.result import Result
from autograder.reports.items import Item, check_items, question_items

_NOT_A_MISTAKE = frozenset({"not_implemented", "not_defined", "blocked", ""})
_SAYS_LITTLE = frozenset(
    {"example", "value"}
)  # where a check of the same question says what is wrong, they say nothing
_LIMITS = frozenset({"timeout", "memory", "crash"})  # counted by `limits.py`
BINS = 10


@dataclass(frozen=True, slots=True)
class Spread:
    """The mean and quartiles of `n` scores, in points. Quartiles are those of `statistics.quantiles`, inclusive."""

    n: int
    mean: float
    low: float
    q1: float
    median: float
    q3: float
    high: float


@dataclass(frozen=True, slots=True)
class Mistake:
    """A message of a check that did not pass, and the students who got it."""

    check: str
    question: str
    title: str
    diagnosis: str
    names: tuple[str, ...]

    @property
    def students(self) -> int:
        """The number of students."""
        return len(self.names)

    def __str__(self) -> str:
        return f"{self.question} {said(self.diagnosis)} at “{self.title}” ({self.check})"


@dataclass(frozen=True, slots=True)
class Misconception:
    """One diagnosis in a whole assignment. students: how many had it.  mistakes: the messages, commonest first."""

    diagnosis: str
    students: int
    mistakes: tuple[Mistake, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """One assignment's class.

    everyone: all students; nothing handed in counts 0.  graded: graded submissions only.  bins: students by tenths of
    the points; scores above the maximum, by a bonus, are in the last bin.
    """

    assignment: str
    max_score: float
    everyone: Spread
    graded: Spread | None
    statuses: dict[str, int]
    bins: tuple[int, ...]
    questions: tuple[Item, ...]
    checks: tuple[Item, ...]
    misconceptions: tuple[Misconception, ...]
    mistakes: tuple[Mistake, ...]

    @property
    def mean(self) -> float:
        """The mean score of everyone."""
        return self.everyone.mean

    @property
    def median(self) -> float:
        """The median score of everyone."""
        return self.everyone.median

    @property
    def hardest(self) -> Item | None:
        """The question with the lowest share of points; not a bonus, which many leave out."""
        return min((q for q in self.questions if not q.bonus), key=lambda q: q.rate, default=None)

    @property
    def ungraded(self) -> int:
        """The number of students without a graded submission. They are in the first bin."""
        return sum(n for status, n in self.statuses.items() if status != "graded")


def said(diagnosis: str) -> str:
    """A diagnosis in words; the word itself if it comes from an older version."""
    return DIAGNOSES.get(diagnosis, diagnosis)


def summarise(results: Sequence[Result]) -> Summary:
    """Statistics of one assignment's results; `results` holds at least one. Give them with what is carried."""
    graded = [r for r in results if r.status == "graded"]
    top = results[0].max_score
    mistakes = _mistakes(graded)
    return Summary(
        assignment=results[0].assignment,
        max_score=top,
        everyone=spread([r.score for r in results]),
        graded=spread([r.score for r in graded]) if graded else None,
        statuses=dict(sorted(Counter(r.status for r in results).items())),
        bins=bins_of([r.score for r in results], top),
        questions=question_items(graded),
        checks=check_items(graded),
        misconceptions=_misconceptions(mistakes),
        mistakes=mistakes,
    )


def spread(scores: Sequence[float]) -> Spread:
    """Mean and quartiles of at least one score."""
    q1, median, q3 = statistics.quantiles(scores, n=4, method="inclusive") if len(scores) > 1 else [scores[0]] * 3
    return Spread(len(scores), statistics.fmean(scores), min(scores), q1, median, q3, max(scores))


def bins_of(scores: Sequence[float], top: float) -> tuple[int, ...]:
    """How many of the scores lie in each tenth of `top`. What lies above it is in the last one."""
    bins = [0] * BINS
    for score in scores:
        bins[min(BINS - 1, max(0, int(BINS * score / top))) if top else 0] += 1
    return tuple(bins)


def _mistakes(graded: Sequence[Result]) -> tuple[Mistake, ...]:
    """Commonest first. A question without an answer is no misconception."""
    titles: dict[str, tuple[str, str]] = {}
    names: dict[tuple[str, str], list[str]] = {}
    for result in graded:
        for question in result.questions:
            failed = [c for c in question.checks if c.outcome != "pass" and c.diagnosis not in _NOT_A_MISTAKE]
            clear = [c for c in failed if c.diagnosis not in _SAYS_LITTLE]
            for check in clear or failed:
                titles[check.id] = (question.title, check.title)
                names.setdefault((check.id, check.diagnosis), []).append(result.student)
    ordered = sorted(names.items(), key=lambda item: (-len(item[1]), item[0]))
    return tuple(Mistake(check, *titles[check], diagnosis, tuple(who)) for (check, diagnosis), who in ordered)


def _misconceptions(mistakes: Sequence[Mistake]) -> tuple[Misconception, ...]:
    by_diagnosis: dict[str, list[Mistake]] = {}
    for mistake in (m for m in mistakes if m.diagnosis not in _LIMITS):
        by_diagnosis.setdefault(mistake.diagnosis, []).append(mistake)
    misconceptions = [
        Misconception(d, len({n for m in mistakes for n in m.names}), tuple(mistakes))
        for d, mistakes in by_diagnosis.items()
    ]
    return tuple(sorted(misconceptions, key=lambda m: (-m.students, m.diagnosis)))
