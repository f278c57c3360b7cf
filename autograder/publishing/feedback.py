"""Feedback for GitHub, GitLab and Classroom 50. Of a hidden check it holds the title and a fixed phrase.

A report shows a hidden check's message, but this feedback does not: the results come from a job in which student code
ran, and a message could carry secrets of that job out.
"""

from __future__ import annotations

import json
from typing import Any

from autograder.authoring.failing import DIAGNOSES
from autograder.exports.github import SYMBOLS, bounded, markdown_text
from autograder.records.faults import together
from autograder.records.result import CheckResult, Outcome, QuestionResult, Result
from autograder.text import points_text

MAX_CHARACTERS = 65_535  # of a check run's summary
_WHY: dict[Outcome, str] = {
    "fail": "does not hold",
    "error": "raised an exception",
    "timeout": "took too long",
    "crash": "ended its process",
    "blocked": "waits for an earlier question",
    "missing": "not there yet",
}
_STATUS = {
    "graded": "graded",
    "malformed": "this is no notebook that can be graded",
    "missing": "nothing was handed in",
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
        q.model_copy(update={"checks": tuple(c.model_copy(update={"message": said(c)}) for c in q.checks)})
        for q in result.questions
    )
    return result.model_copy(
        update={"questions": questions, "flags": (), "cell_errors": (), "pictures": (), "seed": ""}
    )


def markdown(title: str, result: Result, limit: int = MAX_CHARACTERS) -> str:
    """A heading, then a table for each question, in at most `limit` characters.

    title: the assignment's.  result: with what is carried. Of its own, a check that did not pass has no points.
    """
    head = f"## {markdown_text(title)}: {_score(result)}\n"
    if carried := sum(check.points for check in result.checks if check.outcome == "blocked"):
        head += f"\n{points_text(carried)} of these points are carried: right, once an earlier question is mended.\n"
    if result.status != "graded":
        head += f"\n{_STATUS[result.status]}: {markdown_text(result.reason)}\n"
    blocks = [head, *(block for question in result.questions for block in _question(question))]
    left_out = "\nMore checks than can be shown here: your instructor has all of them.\n"
    return bounded(blocks, limit, lambda _: left_out)


def check_run(title: str, result: Result) -> dict[str, Any] | None:
    """The body of GitHub's `POST /repos/{owner}/{repo}/check-runs`, or None if no commit is known.

    https://docs.github.com/rest/checks/runs#create-a-check-run
    """
    commit = result.provenance.commit if result.provenance else ""
    if not commit:
        return None
    every = [c.outcome for c in result.checks]
    good = result.status == "graded" and all(outcome == "pass" for outcome in every)
    return {
        "name": f"autograder: {result.assignment}",
        "head_sha": commit,
        "status": "completed",
        "conclusion": "success" if good else "neutral" if result.status in {"graded", "error"} else "failure",
        "output": {"title": _score(result), "summary": markdown(title, result)},
    }


def classroom(classroom_id: str, result: Result) -> dict[str, Any]:
    """Classroom 50's `classroom50/result/v1`. The tag and the addresses, which its own runner adds, are left out.

    Whole points are integers, as its schema wants them.
    https://github.com/foundation50/classroom50/wiki/Advanced-Autograding#the-resultjson-contract
    """
    tests = [
        {
            "test-name": f"{check.id}: {check.title}",
            "passed": check.outcome == "pass",
            "score": _number(check.points),
            "max-score": _number(check.max_points),
        }
        for check in result.checks
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


def _question(question: QuestionResult) -> list[str]:
    head = (
        f"\n### {markdown_text(question.id)} {markdown_text(question.title)}: {points_text(question.score)} of "
        f"{points_text(question.max_score)}{' (bonus)' if question.bonus else ''}\n\n"
        "| | check | points | |\n| --- | --- | ---: | --- |\n"
    )
    titles = {check.id: check.title or check.id for check in question.checks}
    same = {c.id: f"the same as: {titles[first.id]}" for first, *others in together(question.checks) for c in others}
    return [head, *(_row(check, same.get(check.id, said(check))) for check in question.checks)]


def _row(check: CheckResult, says: str) -> str:
    name = markdown_text(check.title or check.id) + (" (hidden)" if check.visibility == "hidden" else "")
    points = f"{points_text(check.points)} of {points_text(check.max_points)}"
    return f"| {SYMBOLS[check.outcome]} | {name} | {points} | {markdown_text(says)} |\n"


def _number(points: float) -> float:
    return int(points) if points == int(points) else points
