"""Item analysis: how hard each question and check is, whether it separates strong from weak work, and what looks wrong.

Discrimination is the item-rest correlation: Pearson's r, over the class, of the points on one item and the points on
everything else. For a check, which is passed or not, that is the point-biserial correlation. The item itself is left
out of the total, because an item always agrees with itself: S. Henrysson, "Correction of item-total correlations in
item analysis", Psychometrika 28 (1963) 211-218.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from autograder.records.result import CheckResult, QuestionResult, Result

Flag = Literal["", "negative", "nobody", "everybody"]
MIN_CLASS = 20  # graded submissions; in a smaller class one unusual student would decide
MIN_SIDE = 5  # students who pass, and students who fail; with fewer a negative correlation means nothing
STRONGEST = 3


@dataclass(frozen=True, slots=True)
class Item:
    """A question or a check over the graded submissions that have it.

    visibility: of a check; "" for a question.  n: submissions.  rate: mean share of the points, 0 to 1; for a check the
    share that pass.  full: how many got all.  discrimination: -1 to 1, None where it is undefined: no spread on the
    item, or none on the rest.  flag: why an instructor should look.  strongest: the students with most points who fail
    it, if discrimination is negative.
    """

    id: str
    question: str
    title: str
    visibility: str
    bonus: bool
    max_score: float
    n: int
    rate: float
    full: int
    discrimination: float | None
    flag: Flag = ""
    strongest: tuple[str, ...] = ()


def item_rest(item: Sequence[float], points: Sequence[float], totals: Sequence[float]) -> float | None:
    """Pearson's r of an item with the total less the item's points; None where either is the same for all.

    item: a check's 0 or 1, also where it is worth no points, or a question's points.  All three: (n,), by student.
    """
    rest = [round(total - part, 6) for part, total in zip(points, totals, strict=True)]  # totals have six places
    if len(set(item)) < 2 or len(set(rest)) < 2:
        return None
    return statistics.correlation(item, rest)


def question_items(graded: Sequence[Result]) -> tuple[Item, ...]:
    """Every question, in the order of the assignment."""
    columns: dict[str, list[tuple[Result, QuestionResult]]] = {}
    for result in graded:
        for question in result.questions:
            columns.setdefault(question.id, []).append((result, question))
    return tuple(_question(column) for column in columns.values())


def check_items(graded: Sequence[Result]) -> tuple[Item, ...]:
    """Every check, in the order of the assignment."""
    columns: dict[str, list[tuple[Result, QuestionResult, CheckResult]]] = {}
    for result in graded:
        for question in result.questions:
            for check in question.checks:
                columns.setdefault(check.id, []).append((result, question, check))
    return tuple(_check(column) for column in columns.values())


def _question(column: Sequence[tuple[Result, QuestionResult]]) -> Item:
    question = column[0][1]
    points = [q.score for _, q in column]
    return Item(
        id=question.id,
        question=question.id,
        title=question.title,
        visibility="",
        bonus=question.bonus,
        max_score=question.max_score,
        n=len(column),
        rate=statistics.fmean(_share(q.score, q.max_score) for _, q in column),
        full=sum(q.score >= q.max_score for _, q in column),
        discrimination=item_rest(points, points, [r.score for r, _ in column]),
    )


def _check(column: Sequence[tuple[Result, QuestionResult, CheckResult]]) -> Item:
    _, question, check = column[0]
    outcomes = [float(c.outcome == "pass") for _, _, c in column]
    passed = int(sum(outcomes))
    r = item_rest(outcomes, [c.points for _, _, c in column], [result.score for result, _, _ in column])
    flag = _flag(check.visibility, len(column), passed, r)
    return Item(
        id=check.id,
        question=question.id,
        title=check.title,
        visibility=check.visibility,
        bonus=question.bonus,
        max_score=check.max_points,
        n=len(column),
        rate=passed / len(column),
        full=passed,
        discrimination=r,
        flag=flag,
        strongest=_strongest([result for result, _, c in column if c.outcome != "pass"]) if flag == "negative" else (),
    )


def _flag(visibility: str, n: int, passed: int, r: float | None) -> Flag:
    """Why to look at a check, or "". Everybody may pass a public check: students can run it themselves."""
    if n < MIN_CLASS:
        return ""
    if passed == 0:
        return "nobody"
    if passed == n:
        return "everybody" if visibility == "hidden" else ""
    if r is not None and min(passed, n - passed) >= MIN_SIDE and r < -1 / math.sqrt(n - 1):  # its standard error at 0
        return "negative"
    return ""


def _strongest(failed: Sequence[Result]) -> tuple[str, ...]:
    """The students with the highest scores among those who failed the check."""
    return tuple(r.student for r in sorted(failed, key=lambda r: (-r.score, r.student))[:STRONGEST])


def _share(score: float, most: float) -> float:
    return score / most if most else 0.0
