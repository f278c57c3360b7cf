"""A results folder that several tests grade into, and the command as a person types it."""

import os
import subprocess
import sys

import pytest

from autograder.grading import grader as stage
from autograder.grading.grade_class import grade
from autograder.grading.plan import GradingPlan
from autograder.intake.submissions import find_submissions


@pytest.fixture
def out(tmp_path):
    return tmp_path / "results"


@pytest.fixture
def run(course, hand_in, out):
    """Grade the class in this process. Returns {student: result}."""

    def of(**options):
        submissions = find_submissions(hand_in.root, ("a9_test",))
        plan = GradingPlan(course, ("a9_test",), tuple(submissions), out, **{"tier": "B", **options})
        return {r.student: r for r in grade(plan)}

    return of


@pytest.fixture
def graded(monkeypatch):
    """The students whose notebooks are really graded from here on."""
    students, real = [], stage.grade_submission
    monkeypatch.setattr(stage, "grade_submission", lambda s, *rest: students.append(s.student) or real(s, *rest))
    return students


@pytest.fixture
def command(course, hand_in, out):
    """The argument list of `autograder grade` for this class; `prefix` runs it elsewhere."""

    def of(*prefix, code=2, **environment):
        words = [*prefix, sys.executable, "-m", "autograder", "grade", hand_in.root, "--course", course.root]
        done = subprocess.run(
            [*map(str, words), "--out", str(out), "--tier", "B", "--jobs", "1"],
            capture_output=True,
            text=True,
            cwd="/",
            env={**os.environ, "NO_COLOR": "1", **environment},
            check=False,
        )
        assert done.returncode == code, done.stdout + done.stderr
        if code:
            assert len((done.stdout + done.stderr).splitlines()) == 1, done.stderr
        return done.stdout + done.stderr

    return of
