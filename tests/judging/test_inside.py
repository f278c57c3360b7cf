"""A check that runs inside comes after everything else, and its result says where it ran."""

import shutil

import pytest

from autograder.assignment.assignment import load_assignment
from autograder.assignment.samples import notebook_text, solved_cells, starter_cells
from autograder.authoring.seeds import seeds_from
from autograder.intake.reader import read_notebook
from autograder.judging.submission import grade_notebook

CHECKS = '''
from autograder.authoring import check, inside, lifted

NAMES = {"mean_square": "mean_square"}


@check("q1", points=2, inside=True)
def test_breaks(student):
    """Overwrites the student's function"""
    inside(student, "assert callable(mean_square)\\nmean_square = None", names=NAMES)


@check("q1", points=3)
def test_value(student):
    """A lifted test, which must see the function as it was"""
    lifted(student, "assert mean_square([3, 4]) == 12.5", names=NAMES)


@check("q1", points=3)
def test_part(student):
    """Ends with a number"""
    lifted(student, "1.5 if mean_square([3, 4]) == 12.5 else 0", names=NAMES)
'''


@pytest.fixture
def graded(skeleton, zygote, tmp_path):
    shutil.copytree(skeleton.folder, tmp_path / "a9_test")
    (tmp_path / "a9_test" / "hidden_checks.py").write_text(CHECKS)
    suite = load_assignment(tmp_path / "a9_test")

    def run(cells):
        (tmp_path / "own.ipynb").write_text(notebook_text(cells(suite)))
        return grade_notebook(read_notebook(tmp_path / "own.ipynb"), "ada", suite, zygote, seeds_from(b"secret"))

    return run


def test_a_check_that_runs_inside_comes_last_and_says_so(graded):
    checks = {c.id: c for c in graded(solved_cells).checks}
    assert [(c.visibility, c.points) for c in checks.values()] == [
        ("public", 2.0),
        ("inside", 2.0),
        ("hidden", 3.0),
        ("hidden", 1.5),
    ]
    part = checks["q1.part"]
    assert (part.outcome, part.message) == ("fail", "1.5 of 3 points.")


def test_an_empty_notebook_gets_nothing_from_it(graded):
    assert [c.points for c in graded(starter_cells).checks if c.visibility != "inside"] == [0.0, 0.0, 0.0]
