"""Gradescope: results.json of each submission, with the score that counts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from autograder.marks import Mark
from autograder.records.faults import repeated
from autograder.records.result import CheckResult, QuestionResult, Result
from autograder.text import named


def results_json(mark: Mark) -> str:
    """The file's text. The first lines for the student say how much lateness costs and what is carried."""
    counted = from_result(mark.result, mark.counts)
    output = "\n".join(filter(None, (_lateness(mark), counted.output)))
    return counted.model_copy(update={"score": mark.score, "output": output}).to_json()


def _lateness(mark: Mark) -> str:
    whole = mark.counted.score
    if mark.score == whole:
        return ""
    days = f"{mark.days_late} day{'s' if mark.days_late > 1 else ''} late"
    return f"{days}: {mark.score:g} of {whole:g} points count."


Visibility = Literal["hidden", "after_due_date", "after_published", "visible"]


_CELL_ERRORS = 10  # more lines do not help


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class GradescopeTest(_Record):
    """One line of the student's table."""

    name: str
    score: float = Field(ge=0)
    max_score: float = Field(ge=0)
    status: Literal["passed", "failed"]
    visibility: Visibility
    output: str = ""
    output_format: Literal["text"] = "text"
    tags: tuple[str, ...] = ()


class GradescopeResults(_Record):
    """results.json. score: of the whole submission, bonus included.  execution_time: seconds."""

    score: float = Field(ge=0)
    execution_time: float = Field(ge=0)
    output: str
    output_format: Literal["text"] = "text"
    visibility: Visibility = "visible"
    stdout_visibility: Visibility = "hidden"
    extra_data: dict[str, str] = {}
    tests: tuple[GradescopeTest, ...] = ()

    def to_json(self) -> str:
        """The file's text."""
        return self.model_dump_json(indent=2) + "\n"


def from_result(result: Result, counts: float, seconds: float = 0.0) -> GradescopeResults:
    """A result in Gradescope's format. Hidden checks are shown when grades are published, always without their text.

    counts: the share of carried points that counts, as in course.toml.
    """
    counted = result.carrying(counts)
    return GradescopeResults(
        score=counted.score,
        execution_time=round(seconds, 3),
        output="\n".join(_said(result, round(counts * result.carried, 6))),
        extra_data={"submission_sha256": result.submission_sha256, "suite_sha256": result.suite_sha256},
        tests=tuple(test for question in counted.questions for test in _tests(question)),
    )


def _said(result: Result, carried: float) -> Iterator[str]:
    if carried:
        yield f"{carried:g} points are carried: right, once an earlier question is mended."
    if result.status != "graded":
        yield f"{result.status}: {result.reason}"
        return
    yield f"Graded in sandbox tier {result.sandbox.tier}. Hidden checks are shown when grades are published."
    for error in result.cell_errors[:_CELL_ERRORS]:
        yield f"Code cell {error.cell}: {error.error}"


def _tests(question: QuestionResult) -> Iterator[GradescopeTest]:
    same = repeated([c for c in question.checks if c.visibility == "public"])
    for check in question.checks:
        yield _test(question, check, same.get(check.id, check.message))


def _test(question: QuestionResult, check: CheckResult, says: str) -> GradescopeTest:
    public = check.visibility == "public"
    return GradescopeTest(
        name=named(check.title, check.id),
        score=check.points,
        max_score=check.max_points,
        status="passed" if check.outcome == "pass" else "failed",
        visibility="visible" if public else "after_published",
        output=says if public else "",
        tags=("bonus",) if question.bonus else (),
    )
