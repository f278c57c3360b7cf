"""The program that Gradescope's container runs for each submission: it grades, and writes results.json.

If a sandbox tier holds there, this package grades. If none can be opened at the start, otter grades in one process, and
every result says so. A sandbox that is lost later, or that was killed, is no reason for that: the program ends without
a result, and Gradescope can run it again. Otherwise a notebook could choose to run without a sandbox.
Format: https://gradescope-autograders.readthedocs.io/en/latest/specs/
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from autograder.assignment.assignment import load_assignment
from autograder.authoring.seeds import seeds_from
from autograder.course import open_course
from autograder.errors import AutograderError, CourseError, KilledError, NoRoomError, SandboxError
from autograder.exports.gradescope import GradescopeResults, GradescopeTest, from_result
from autograder.files import write_atomically
from autograder.intake.submissions import Submission
from autograder.judging.submission import grade_submission
from autograder.sandbox.tiers import open_sandbox
from autograder.text import one_line

# In a process of its own: otter changes the working directory, and leaves a socket and a thread behind.
_OTTER = "import sys; from otter.run.run_autograder import main; main(sys.argv[1], logo=False)"


def grade_here(root: Path) -> GradescopeResults:
    """Grade the one notebook in ROOT/submission by the course in ROOT/source/files; root: its /autograder."""
    began = time.monotonic()
    course = open_course(root / "source" / "files")
    suite = load_assignment(course.solutions / course.select()[0])
    try:
        zygote = open_sandbox({suite.name: suite.handouts})
    except (KilledError, NoRoomError):  # it may hold the next time
        raise
    except SandboxError as error:
        return _graded_by_otter(root, error, began)
    with zygote:
        seeds = seeds_from((root / "secret.key").read_bytes())
        result = grade_submission(_submission(root, suite.name), suite, zygote, seeds)
    return from_result(result, time.monotonic() - began)


def _submission(root: Path, name: str) -> Submission:
    notebooks = sorted(p for p in (root / "submission").glob("*.ipynb") if not p.name.startswith("._"))
    if len(notebooks) == 1:
        return Submission("gradescope", name, notebooks[0])
    problem = f"expected one notebook, got {len(notebooks) or 'none'}. Hint: hand in {name}.ipynb alone."
    return Submission("gradescope", name, None, problem, malformed=bool(notebooks))


def _graded_by_otter(root: Path, reason: SandboxError, began: float) -> GradescopeResults:
    """The same checks in the student's own kernel: otter's way, and its results without the text of hidden tests."""
    done = subprocess.run(
        [sys.executable, "-c", _OTTER, str(root)], capture_output=True, encoding="utf-8", errors="replace", check=False
    )
    try:
        results = json.loads((root / "results" / "results.json").read_bytes())
    except (OSError, ValueError):
        said = done.stderr.strip().splitlines()[-1:] or ["no message"]
        raise CourseError(f"otter: expected it to grade, got: {one_line(said[0])}") from None
    tests = tuple(_otter_test(test) for test in results["tests"] if "score" in test)
    return GradescopeResults(
        score=sum(t.score for t in tests),
        execution_time=round(time.monotonic() - began, 3),
        output="Graded WITHOUT a sandbox, by otter in the notebook's own process, where hidden checks can be read: "
        f"{one_line(str(reason))}",
        extra_data={"sandbox": "none"},
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
    try:
        write_atomically(autograder / "results" / "results.json", grade_here(autograder).to_json())
    except AutograderError as error:  # no results.json: Gradescope says that grading failed, and gives no points
        raise SystemExit(f"autograder: {one_line(str(error))}") from None
