"""Gradescope: results.json of each submission, with the score that counts."""

from __future__ import annotations

from autograder.interop.gradescope import GradescopeResults, from_result
from autograder.marks import Mark


def results_json(mark: Mark) -> str:
    """The file's text. What is taken off for lateness is said in the first line that the student reads."""
    raw = from_result(mark.result)
    return GradescopeResults.model_validate(
        {**raw.model_dump(), "score": mark.score, "output": "\n".join(filter(None, (_lateness(mark), raw.output)))}
    ).to_json()


def _lateness(mark: Mark) -> str:
    if mark.score == mark.result.score:
        return ""
    days = f"{mark.days_late} day{'s' if mark.days_late > 1 else ''} late"
    return f"{days}: {mark.score:g} of {mark.result.score:g} points count."
