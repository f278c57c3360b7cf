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
import tempfile
import time
from pathlib import Path
from typing import Any

from autograder.assignment.assignment import Assignment, load_assignment
from autograder.authoring.seeds import seeds_from
from autograder.course import open_course
from autograder.errors import AutograderError, CourseError, KilledError, MalformedError, NoRoomError, SandboxError
from autograder.exports.gradescope import GradescopeResults, GradescopeTest, from_result
from autograder.files import write_atomically
from autograder.intake.boundary import hostile
from autograder.intake.entries import folder_entries
from autograder.intake.own_modules import modules_beside
from autograder.intake.submissions import Submission
from autograder.intake.which_notebook import WantedNotebooks, WrongFilesError, choose
from autograder.intake.work import read_work
from autograder.judging.not_judged import unread
from autograder.judging.submission import grade_submission
from autograder.records.result import Result
from autograder.sandbox.tiers import open_sandbox
from autograder.text import one_line

# In a process of its own: otter changes the working directory, and leaves a socket and a thread behind.
_OTTER = "import sys; from otter.run.run_autograder import main; main(sys.argv[1], logo=False)"


def grade_here(root: Path) -> GradescopeResults:
    """Grade what lies in ROOT/submission by the course in ROOT/source/files; root: its /autograder.

    The notebook is chosen as `collect` chooses it.
    """
    began = time.monotonic()
    course = open_course(root / "source" / "files")
    suite = load_assignment(course.solutions / course.select()[0])
    with tempfile.TemporaryDirectory() as folder:
        place = _laid_out(root, Path(folder))
        submission, remarks = _handed_in(root / "submission", suite, place / "submission")
        graded = _graded(root, place, suite, submission)
        if isinstance(graded, Result):
            results = from_result(graded, course.policy.carried_forward, time.monotonic() - began)
        else:
            results = graded.model_copy(update={"execution_time": round(time.monotonic() - began, 3)})
    return results.model_copy(update={"output": "\n".join([*remarks, results.output])})


def _laid_out(root: Path, place: Path) -> Path:
    """A folder like Gradescope's, into which only the chosen files come."""
    (place / "source").symlink_to((root / "source").resolve())
    (place / "submission").mkdir()
    (place / "results").mkdir()
    return place


def _handed_in(uploaded: Path, suite: Assignment, folder: Path) -> tuple[Submission, tuple[str, ...]]:
    """The submission, with its files in `folder`, and what to say of them, in words."""
    name = suite.name
    wanted = WantedNotebooks((name,), name, (name,), {name: suite.handouts}, suite.asked)
    files = [(entry.name, entry) for entry in folder_entries(uploaded)[0]]
    try:
        with hostile("files that can be read"):
            (choice,) = choose(files, wanted, "")
            work = read_work(choice, wanted)
    except WrongFilesError as error:
        return Submission("gradescope", name, None, error.refused.sentence(name), malformed=True), ()
    except MalformedError as error:
        return Submission("gradescope", name, None, str(error), malformed=True), ()
    notebook = folder / f"{name}.ipynb"
    notebook.write_bytes(work.notebook)
    for module, data in work.modules.items():
        (folder / f"{module}.py").write_bytes(data)
    submission = Submission("gradescope", name, notebook, modules=modules_beside(folder, suite.handouts))
    return submission, tuple(f"{choice.file}: {remark}" for remark in work.remarks)


def _graded(root: Path, place: Path, suite: Assignment, submission: Submission) -> Result | GradescopeResults:
    """Our result; otter's where there can be no sandbox."""
    try:
        zygote = open_sandbox({suite.name: suite.handouts}, equipment=suite.equipment)
    except (KilledError, NoRoomError):  # it may hold the next time
        raise
    except SandboxError as error:
        if submission.notebook is None:
            return unread(submission, suite, submission.problem)
        return _graded_by_otter(place, error)
    with zygote:
        seeds = seeds_from((root / "secret.key").read_bytes())
        return grade_submission(submission, suite, zygote, seeds)


def _graded_by_otter(place: Path, reason: SandboxError) -> GradescopeResults:
    """The same checks in the student's own kernel: otter's way, and its results without the text of hidden tests."""
    done = subprocess.run(
        [sys.executable, "-c", _OTTER, str(place)], capture_output=True, encoding="utf-8", errors="replace", check=False
    )
    try:
        results = json.loads((place / "results" / "results.json").read_bytes())
    except (OSError, ValueError):
        said = done.stderr.strip().splitlines()[-1:] or ["no message"]
        raise CourseError(f"otter: expected it to grade, got: {one_line(said[0])}") from None
    tests = tuple(_otter_test(test) for test in results["tests"] if "score" in test)
    return GradescopeResults(
        score=sum(t.score for t in tests),
        execution_time=0.0,  # known at the end
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
