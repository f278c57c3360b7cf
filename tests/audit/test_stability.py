"""The mark depends on the answers: not on what was drawn, nor on float32, nor on how many threads multiply matrices."""

import os
import subprocess
import sys

import pytest
from bundled import SOME_ASSIGNMENTS, bundled_samples, bundled_suite
from patience import within

from autograder.assignment.assignment import load_assignment
from autograder.assignment.samples import notebook_text, solved_cells, starter_cells
from autograder.audit.run import Case, audit
from autograder.authoring.seeds import seeds_from
from autograder.course import bundled_course
from autograder.intake.submissions import Submission
from autograder.judging.submission import grade_submission

COURSE = bundled_course()
DRAWS = int(os.environ.get("DRAWS", "4"))  # `make stability`: 50, and others each time


def suite_of(name):
    """A bundled assignment with patient limits. It is loaded when a test runs, not while tests are collected."""
    return within(bundled_suite(name))


def mixed(name):
    """A notebook with a mistake in every question that has a sample of one."""
    wrong = [s for s in bundled_samples(name) if s.kind == "wrong"]
    return Case("mixed", "wrong", solved_cells(suite_of(name), *wrong[::7]))


@pytest.mark.parametrize("name", SOME_ASSIGNMENTS)
def test_every_draw_of_hidden_inputs_gives_the_same_points(name, patient_course, monkeypatch):
    if "DRAWS" not in os.environ:
        monkeypatch.setenv("AUTOGRADER_SECRET", "the same draws each time")
    cases = [
        Case("solution", "solution", solved_cells(suite_of(name))),
        Case("starter", "starter", starter_cells(suite_of(name))),
        mixed(name),
    ]
    findings = audit(patient_course, name, cases, seeds=DRAWS)
    assert [f"{f.case.name}: {f.problem}" for f in findings if f.problem] == []
    scores = [f.result.score for f in findings]
    assert scores[1] == 0 < scores[2] < scores[0]


def test_points_that_change_with_the_draw_are_found_out(course, monkeypatch):
    suite = load_assignment(course.solutions / "a9_test")
    monkeypatch.setenv("AUTOGRADER_SECRET", "the same hidden inputs in every run of this test")
    by_chance = "def mean_square(x):\n    return float(np.mean(np.square(x))) if x[0] > -1 else None"
    cells = [(k, n, by_chance if n == "q1-solution" else s) for k, n, s in solved_cells(suite)]
    (finding,) = audit(course, "a9_test", [Case("by chance", "wrong", cells)], seeds=20, tier="B")
    assert finding.problem
    assert "seeds" in finding.problem or "every seed" in finding.problem


# --- float32 --------------------------------------------------------------------------------------

IN_FLOAT32 = """
def _cast(value):
    if isinstance(value, (float, np.floating)):
        return np.float32(value)
    if isinstance(value, np.ndarray):
        return value.astype(np.float32) if value.dtype == np.float64 else value
    if isinstance(value, (tuple, list)):
        return type(value)(_cast(item) for item in value)
    return {{key: _cast(item) for key, item in value.items()}} if isinstance(value, dict) else value


def _in_float32(function):
    return lambda *args, **kwargs: _cast(function(*args, **kwargs))


for _name in {names}:
    globals()[_name] = _in_float32(globals()[_name])
"""
# 1e300 and 1e150 are infinite in float32; a cost that moves by 1e-6 is lost in its rounding, as is a constant that is
# multiplied 1500 times; a self-check of two modes wants nine digits.
BEYOND_FLOAT32 = {
    "a2_mlp_backprop": {"q6.relu_vjp_inf", "q7.finite_difference"},
    "a4_autodiff_engine": {"q7.deep", "q8.large", "q8.both_modes"},
}


@pytest.mark.parametrize("name", SOME_ASSIGNMENTS)
def test_answers_rounded_to_float32_get_the_points_of_float64(name, tmp_path, sandboxes):
    defined = (name for c in suite_of(name).cells if c.role == "solution" for name in c.defines if name != "answers")
    functions = sorted(name for name in defined if name.islower())  # a class stays one: its objects are asked for it
    cells = [*solved_cells(suite_of(name)), ("code", "rounded", IN_FLOAT32.format(names=functions))]
    path = tmp_path / "submitted.ipynb"
    path.write_text(notebook_text(cells))
    zygote = sandboxes.open({name: suite_of(name).handouts})
    result = grade_submission(Submission("ann", name, path), suite_of(name), zygote, seeds_from(b"secret"))
    assert {c.id for c in result.checks if c.outcome != "pass"} == BEYOND_FLOAT32.get(name, set())


# --- Threads --------------------------------------------------------------------------------------
# In the notebook there is one, always: a sandboxed process is forked before it may have threads.


@pytest.mark.exhaustive
def test_two_threads_in_the_grader_give_the_results_of_one(tmp_path, patient_course):
    for name in COURSE.names():
        for case in (Case("solution", "solution", solved_cells(suite_of(name))), mixed(name)):
            folder = tmp_path / "submitted" / case.name / name
            folder.mkdir(parents=True)
            (folder / f"{name}.ipynb").write_text(notebook_text(case.cells))
    for threads in ("1", "2"):
        variables = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), threads)
        subprocess.run(
            [sys.executable, "-m", "autograder", "grade", "--out", tmp_path / threads, tmp_path / "submitted"],
            env={**os.environ, **variables, "AUTOGRADER_SECRET": "the same"},
            cwd=patient_course.root,
            check=True,
            capture_output=True,
        )
    one, two = ([p.read_text() for p in sorted((tmp_path / n).glob("*/*.json"))] for n in ("1", "2"))
    assert len(one) == 2 * len(COURSE.names())
    assert one == two
