"""Gradescope: results.json out of our result, and what its container runs for each submission.

Our engine grades where a sandbox tier holds. Where none does, otter grades in one process and the output says so.
Format: https://gradescope-autograders.readthedocs.io/en/latest/specs/
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from autograder.assignment.assignment import load_assignment
from autograder.course import open_course
from autograder.errors import CourseError, SandboxError
from autograder.intake.submissions import Submission
from autograder.judging.submission import grade_submission
from autograder.records.result import CheckResult, QuestionResult, Result, one_line, write_atomically
from autograder.sandbox.tiers import open_sandbox

Visibility = Literal["hidden", "after_due_date", "after_published", "visible"]
# A process of its own: otter changes the working directory, and leaves a socket and a thread behind.
_OTTER = "import sys; from otter.run.run_autograder import main; main(sys.argv[1], logo=False)"
_CELL_ERRORS = 10  # more than that helps nobody


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


def from_result(result: Result, seconds: float = 0.0) -> GradescopeResults:
    """Our result in Gradescope's format: hidden checks are shown once grades are published, and never their text."""
    return GradescopeResults(
        score=result.score,
        execution_time=round(seconds, 3),
        output="\n".join(_said(result)),
        extra_data={"submission_sha256": result.submission_sha256, "suite_sha256": result.suite_sha256},
        tests=tuple(_test(question, check) for question in result.questions for check in question.checks),
    )


def _said(result: Result) -> Iterator[str]:
    if result.status != "graded":
        yield f"{result.status}: {result.reason}"
        return
    yield f"Graded in sandbox tier {result.sandbox.tier}. Hidden checks are shown when grades are published."
    for error in result.cell_errors[:_CELL_ERRORS]:
        yield f"Code cell {error.cell}: {error.error}"


def _test(question: QuestionResult, check: CheckResult) -> GradescopeTest:
    public = check.visibility == "public"
    return GradescopeTest(
        name=f"{check.id}: {check.title}",
        score=check.points,
        max_score=check.max_points,
        status="passed" if check.outcome == "pass" else "failed",
        visibility="visible" if public else "after_published",
        output=check.message if public else "",
        tags=("bonus",) if question.bonus else (),
    )


def grade_here(root: Path) -> GradescopeResults:
    """Grade the one notebook in ROOT/submission by the course in ROOT/source/files; root: its /autograder."""
    began = time.monotonic()
    course = open_course(root / "source" / "files")
    suite = load_assignment(course.solutions / course.select()[0])
    try:
        with open_sandbox({suite.name: suite.handouts}) as zygote:
            result = grade_submission(_submission(root, suite.name), suite, zygote, (root / "secret.key").read_bytes())
    except SandboxError as error:
        return _graded_by_otter(root, error, began)
    return from_result(result, time.monotonic() - began)


def _submission(root: Path, name: str) -> Submission:
    found = sorted(p for p in (root / "submission").glob("*.ipynb") if not p.name.startswith("._"))
    if len(found) == 1:
        return Submission("gradescope", name, found[0])
    problem = f"expected one notebook, got {len(found) or 'none'}. Hint: hand in {name}.ipynb alone."
    return Submission("gradescope", name, None, problem, malformed=bool(found))


def _graded_by_otter(root: Path, reason: SandboxError, began: float) -> GradescopeResults:
    """The same checks in the student's own kernel: otter's way, and its results without the text of hidden tests."""
    done = subprocess.run(
        [sys.executable, "-c", _OTTER, str(root)], capture_output=True, text=True, errors="replace", check=False
    )
    try:
        found = json.loads((root / "results" / "results.json").read_bytes())
    except (OSError, ValueError):
        said = done.stderr.strip().splitlines()[-1:] or ["no message"]
        raise CourseError(f"otter: expected it to grade, got: {one_line(said[0])}") from None
    tests = tuple(_otter_test(test) for test in found["tests"] if "score" in test)
    return GradescopeResults(
        score=sum(t.score for t in tests),
        execution_time=round(time.monotonic() - began, 3),
        output="Graded WITHOUT a sandbox, by otter in the notebook's own process, where hidden checks can be read: "
        f"{one_line(str(reason))}",
        tests=tests,
    )


def _otter_test(test: dict[str, Any]) -> GradescopeTest:
    score, possible = float(test["score"]), float(test["max_score"])
    return GradescopeTest(
        name=str(test["name"]),
        score=score,
        max_score=possible,
        status="passed" if score == possible else "failed",
        visibility="after_published",
    )


if __name__ == "__main__":
    autograder = Path(sys.argv[1])
    write_atomically(autograder / "results" / "results.json", grade_here(autograder).to_json())
