"""What a student may see of a result, by the course's level and the moment. The rest never reaches a template.

A page, a JSON answer and a stream of events are all made from what `visible` gives. So a template cannot show what it
never had.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from autograder.records.result import CheckResult, QuestionResult, Result
from autograder.text import counted

Level = Literal["public", "counts", "full"]


def visible(result: Result, level: Level, later: Collection[str], share: float) -> Result:
    """The result as its student sees it.

    level: of hidden checks: nothing, how many of a question pass, or all.  later: questions whose hidden checks nobody
    sees yet, at no level, nor their points in any sum.  share: of carried points that the course counts.
    """
    shown = result.without_outcomes({q.id for q in result.questions} if level == "public" else set(later))
    shown = shown.model_copy(update={"seed": "", "suite_sha256": "", "flags": (), "provenance": None})
    if level == "full":
        return shown
    shown = shown.carrying(share)
    questions = tuple(_with_counts(question) for question in shown.questions)
    return shown.model_copy(update={"questions": questions, "pictures": ()})


def _with_counts(question: QuestionResult) -> QuestionResult:
    """The question with one line in place of its hidden checks: how many pass, and the sum of their points."""
    public = tuple(c for c in question.checks if c.visibility == "public")
    hidden = [c for c in question.checks if c.visibility != "public"]
    lines = (*public, _count(question.id, hidden)) if hidden else public
    return question.model_copy(update={"checks": tuple(c.model_copy(update={"carried": 0.0}) for c in lines)})


def _count(question: str, hidden: list[CheckResult]) -> CheckResult:
    passed = sum(c.outcome == "pass" for c in hidden)
    return CheckResult(
        id=f"{question}.hidden",
        title=f"{passed} of {counted(len(hidden), 'hidden check')} pass",
        visibility="hidden",
        outcome="pass" if passed == len(hidden) else "fail",
        points=round(sum(c.points for c in hidden), 6),
        max_points=round(sum(c.max_points for c in hidden), 6),
    )
