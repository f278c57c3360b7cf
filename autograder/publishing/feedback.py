"""Feedback for GitHub, GitLab and Classroom 50. Of a hidden check it holds at most the title and a fixed phrase.

A report shows a hidden check's message, but this feedback does not: the results come from a job in which student code
ran, and a message could carry secrets of that job out. Before the due time a course may say less: how many hidden
checks pass.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from autograder.authoring.failing import DIAGNOSES
from autograder.ci_settings import HiddenFeedback
from autograder.exports.github import SYMBOLS, bounded, markdown_text
from autograder.marks import Mark
from autograder.publishing.mark_words import mark_words
from autograder.records.faults import together
from autograder.records.result import CheckResult, Outcome, QuestionResult, Result
from autograder.text import named, numbered, points_text

# GitHub takes 65,535 in a check run's summary and 65,536 in an issue, where a few lines follow the page.
MAX_CHARACTERS = 60_000
_COUNTS = "\nBefore the due time, this page says only how many hidden checks pass.\n"
_WHY: dict[Outcome, str] = {
    "fail": "does not hold",
    "error": "raised an exception",
    "timeout": "took too long",
    "crash": "ended its process",
    "blocked": "waits for an earlier question",
    "missing": "not there yet",
}
_STATUS = {
    "malformed": "this is no notebook that can be graded",
    "error": "grading failed; your instructor knows",
}


def said(check: CheckResult) -> str:
    """The text for a student about a check, without its title; "" if it passed."""
    if check.outcome == "pass":
        return ""
    if check.visibility == "public" and check.message:
        return check.message
    return DIAGNOSES.get(check.diagnosis) or _WHY[check.outcome]


def redacted(result: Result) -> Result:
    """The result without the messages of hidden checks and without everything that is for the instructor alone."""
    questions = tuple(
        q.model_copy(update={"checks": tuple(c.model_copy(update={"message": said(c), "slip": ""}) for c in q.checks)})
        for q in result.questions
    )
    return result.model_copy(
        update={"questions": questions, "flags": (), "cell_errors": (), "pictures": (), "seed": ""}
    )


@dataclass(frozen=True, slots=True)
class Feedback:
    """The facts that feedback is made of.

    title: the assignment's.  result: the newest, with what is carried. Of its own, a check that did not pass has no
    points.  mark: what counts of it, or None if nobody knows.  waits: questions that a person has yet to grade.
    hidden: how much it says of hidden checks.  later: questions whose hidden checks are shown after the due time; the
    result is without them.
    """

    title: str
    result: Result
    mark: Mark | None = None
    waits: tuple[str, ...] = ()
    hidden: HiddenFeedback = "full"
    later: tuple[str, ...] = ()


def hidden_feedback(setting: HiddenFeedback, mark: Mark, now: datetime) -> HiddenFeedback:
    """How much to say of hidden checks now: after the student's due time, and of a closed assignment, everything."""
    return "full" if mark.is_over(now) else setting


def markdown(feedback: Feedback, limit: int = MAX_CHARACTERS) -> str:
    """A heading, what counts, then a table for each question, in at most `limit` characters."""
    result, counts = feedback.result, feedback.hidden == "counts"
    head = f"## {markdown_text(feedback.title)}: {_score(result)}\n"
    if carried := sum(check.points for check in result.checks if check.outcome == "blocked"):
        head += f"\n{points_text(carried)} of these points are carried: right, once an earlier question is mended.\n"
    if result.status != "graded":
        head += f"\n{_why_ungraded(result)}\n"
    if sentences := mark_words(feedback.mark, result, feedback.waits):
        head += "".join(f"\n* {sentence}" for sentence in sentences) + "\n"
    head += _COUNTS * (counts and any(check.visibility != "public" for check in result.checks))
    if feedback.later:
        head += f"\nAfter the due time, you see here what the hidden checks of {', '.join(feedback.later)} say.\n"
    blocks = [head, *(block for question in result.questions for block in _question(question, counts=counts))]
    left_out = "\nMore checks than can be shown here: your instructor has all of them.\n"
    return bounded(blocks, limit, lambda _: left_out)


def _why_ungraded(result: Result) -> str:
    """The reason of a missing submission says itself that nothing was handed in."""
    if result.status == "missing":
        return markdown_text(result.reason) or "nothing was handed in"
    return f"{_STATUS[result.status]}: {markdown_text(result.reason)}"


def check_run(feedback: Feedback) -> dict[str, Any]:
    """The body of GitHub's `POST /repos/{owner}/{repo}/check-runs`. A result without a commit leaves `head_sha` out.

    https://docs.github.com/rest/checks/runs#create-a-check-run
    """
    result = feedback.result
    commit = result.provenance.commit if result.provenance else ""
    every = [c.outcome for c in result.checks]
    good = result.status == "graded" and all(outcome == "pass" for outcome in every)
    return {
        "name": f"autograder: {result.assignment}",
        **({"head_sha": commit} if commit else {}),
        "status": "completed",
        "conclusion": "success" if good else "neutral" if result.status in {"graded", "error"} else "failure",
        "output": {"title": _score(result), "summary": markdown(feedback)},
    }


def classroom(classroom_id: str, feedback: Feedback) -> dict[str, Any]:
    """Classroom 50's `classroom50/result/v1`. The tag and the addresses, which its own runner adds, are left out.

    Whole points are integers, as its schema wants them.
    https://github.com/foundation50/classroom50/wiki/Advanced-Autograding#the-resultjson-contract
    """
    result, counts = feedback.result, feedback.hidden == "counts"
    tests = [
        {
            "test-name": named(line.title, line.id),
            "passed": line.passed == line.number,
            "score": _number(line.points),
            "max-score": _number(line.max_points),
        }
        for question in result.questions
        for line in _lines(question, counts=counts)
    ]
    return {
        "schema": "classroom50/result/v1",
        "classroom": classroom_id,
        "assignment": result.assignment,
        "owner": result.student,
        "commit": result.provenance.commit if result.provenance else "",
        "datetime": result.received,
        "score": _number(result.score),
        "max-score": _number(result.max_score),
        "tests": tests,
    }


def as_json(body: dict[str, Any]) -> str:
    """JSON in ASCII, in the order of the fields: no sign of a student reaches a shell or a log unescaped."""
    return json.dumps(body, indent=2, allow_nan=False) + "\n"


def _score(result: Result) -> str:
    return f"{points_text(result.score)} of {points_text(result.max_score)} points"


@dataclass(frozen=True, slots=True)
class _Line:
    """A row of a question's table: one check, or all hidden checks together. passed: how many of its checks."""

    id: str
    title: str
    points: float
    max_points: float
    passed: int
    symbol: str
    says: str = ""
    number: int = 1


def _lines(question: QuestionResult, *, counts: bool) -> list[_Line]:
    """The rows of a question. counts: the hidden checks share one row, which names none of them."""
    hidden = [check for check in question.checks if counts and check.visibility != "public"]
    named = [check for check in question.checks if check not in hidden]
    titles = {check.id: check.title or check.id for check in named}
    same = {c.id: f"the same as: {titles[first.id]}" for first, *others in together(named) for c in others}
    rows = [
        _Line(c.id, titles[c.id], c.points, c.max_points, c.outcome == "pass", SYMBOLS[c.outcome],
              same.get(c.id, said(c)))
        for c in named
    ]  # fmt: skip
    return [*rows, *([_hidden_line(question.id, hidden)] if hidden else [])]


def _hidden_line(question: str, checks: Sequence[CheckResult]) -> _Line:
    passed = sum(check.outcome == "pass" for check in checks)
    return _Line(
        question,
        f"{passed} of {len(checks)} hidden checks pass",
        round(sum(check.points for check in checks), 6),
        round(sum(check.max_points for check in checks), 6),
        passed,
        SYMBOLS["pass" if passed == len(checks) else "fail"],
        number=len(checks),
    )


def _question(question: QuestionResult, *, counts: bool) -> list[str]:
    head = (
        f"\n### {markdown_text(numbered(question.id, question.title))}: {points_text(question.score)} of "
        f"{points_text(question.max_score)}{' (bonus)' if question.bonus else ''}\n\n"
        "| | check | points | |\n| --- | --- | ---: | --- |\n"
    )
    hidden = {check.id for check in question.checks if check.visibility != "public"}
    return [head, *(_row(line, hidden=line.id in hidden) for line in _lines(question, counts=counts))]


def _row(line: _Line, *, hidden: bool) -> str:
    title = named(line.title, line.id) if line.number == 1 else line.title
    name = markdown_text(title) + (" (hidden)" if hidden else "")
    points = f"{points_text(line.points)} of {points_text(line.max_points)}"
    return f"| {line.symbol} | {name} | {points} | {markdown_text(line.says)} |\n"


def _number(points: float) -> float:
    return int(points) if points == int(points) else points
