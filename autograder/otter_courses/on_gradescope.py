"""Grades the one submission in Gradescope's container, and writes results.json.

Format: https://gradescope-autograders.readthedocs.io/en/latest/specs/
"""

from __future__ import annotations

from pathlib import Path

from autograder.errors import SandboxError
from autograder.files import write_atomically
from autograder.otter_courses.gradescope_results import results_json
from autograder.otter_courses.otter_archive import read_archive
from autograder.otter_courses.otter_class import OtterPlan, graded_class
from autograder.otter_courses.otter_packages import rules_of
from autograder.otter_courses.otter_result import OtterResult
from autograder.otter_courses.otter_work import OtterSubmission
from autograder.sandbox.launcher import Tier


def grade_in_container(root: Path, tier: Tier | None = None) -> OtterResult:
    """Grade ROOT/submission by ROOT/source, and write ROOT/results/results.json.

    Raises SandboxError and writes nothing if there is no sandbox: Gradescope then says that grading failed.
    """
    archive = read_archive(root / "source")
    plan = OtterPlan(archive, rules_of(archive), tier)
    (result,) = graded_class(plan, [OtterSubmission("submission", root / "submission")])
    if result.status == "error":
        raise SandboxError(result.reason)
    (root / "results").mkdir(exist_ok=True)
    write_atomically(root / "results" / "results.json", results_json(result, archive.settings))
    return result
