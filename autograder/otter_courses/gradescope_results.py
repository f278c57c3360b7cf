"""results.json of a submission of an otter course: the same fields and numbers as otter writes for Gradescope.

The texts are ours. They hold the teacher's words and code, and nothing that a student's process says: it knows the code
of a hidden example once it has run, and could print it in the place of an answer. Gradescope shows the code of hidden
examples to students only if the teacher sets `show_hidden`, as in otter.
Source: otter-grader 7.0.0, `GradingResults.to_gradescope_dict`.
"""

from __future__ import annotations

import json
from typing import Any

from autograder.otter_courses.otter_result import OtterCaseResult, OtterQuestion, OtterResult
from autograder.otter_courses.otter_settings import OtterSettings

_FAILED = "The autograder failed to produce any results. Please alert your instructor."


def results_json(result: OtterResult, settings: OtterSettings) -> str:
    """The file's text."""
    return json.dumps(gradescope_results(result, settings), indent=2, ensure_ascii=False) + "\n"


def gradescope_results(result: OtterResult, settings: OtterSettings) -> dict[str, Any]:
    """The file's content."""
    if result.status in {"refused", "error"}:
        test = {"name": "Autograder Error", "output": result.reason, "visibility": "visible"}
        return {"score": 0, "stdout_visibility": "hidden", "tests": [test]}
    if result.status == "broken":
        return {"tests": _broken(result.reason), "score": 0}
    content: dict[str, Any] = {"tests": _tests(result, settings)}
    if result.status == "stopped":
        content["output"] = f"Not all cells ran: {result.reason}"
    if settings.show_stdout:
        content["stdout_visibility"] = "after_published"
    score = top_score(result, settings)
    return content if score is None else content | {"score": score}


def top_score(result: OtterResult, settings: OtterSettings) -> float | None:
    """The score of the whole submission where the settings ask for one; otherwise Gradescope adds the tests up."""
    share = result.total / result.possible if result.possible else 0
    score = None
    if settings.points_possible is not None:
        score = share * settings.points_possible
    if settings.score_threshold is not None:
        passes = share >= settings.score_threshold
        score = (settings.points_possible or result.possible) if passes else 0
    return score


def _tests(result: OtterResult, settings: OtterSettings) -> list[dict[str, Any]]:
    tests: list[dict[str, Any]] = []
    if not settings.show_hidden or settings.force_public_test_summary:
        passed = all(question.passes_public for question in result.questions)
        tests.append(
            {
                "name": "Public Tests",
                "visibility": "visible",
                "output": "\n\n".join(_public(question) for question in result.questions),
                "status": "passed" if passed else "failed",
            }
        )
    visibility = _visibility(result, settings)
    return tests + [
        {
            "name": question.name,
            "score": round(question.score, 5),
            "max_score": round(question.possible, 5),
            "visibility": visibility,
            "output": _whole(question),
        }
        for question in result.questions
    ]


def _visibility(result: OtterResult, settings: OtterSettings) -> str:
    all_public = not any(case.hidden for question in result.questions for case in question.cases)
    if settings.show_all_public and all_public:
        return "visible"
    return "after_published" if settings.show_hidden else "hidden"


def _broken(reason: str) -> list[dict[str, Any]]:
    return [
        {"name": "Autograder Failed", "visibility": "visible", "output": _FAILED, "status": "failed"},
        {"name": "Autograder Exception", "visibility": "hidden", "output": reason, "status": "failed"},
    ]


def _public(question: OtterQuestion) -> str:
    return _lines(question, [case for case in question.cases if not case.hidden])


def _whole(question: OtterQuestion) -> str:
    """All cases."""
    return _lines(question, question.cases)


def _lines(question: OtterQuestion, cases: Any) -> str:
    if all(case.passed for case in cases):
        return f"{question.name} results: All test cases passed!" + "".join(_said(case) for case in cases)
    return f"{question.name} results:" + "".join(
        f"\n    {case.name} result: {'passed' if case.passed else 'failed'}{_said(case)}{_shown(case)}"
        for case in cases
    )


def _said(case: OtterCaseResult) -> str:
    return f"\n    {case.name} message: {case.message}" if case.message else ""


def _shown(case: OtterCaseResult) -> str:
    """The example that failed, as the teacher wrote it."""
    if not case.source:
        return ""
    text = f"Trying:\n    {case.source.rstrip()}\nExpecting:\n    {case.expected.rstrip() or 'nothing'}"
    return "".join(f"\n        {line}" for line in text.splitlines())
