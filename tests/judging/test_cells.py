"""Which cells there is anything to run in."""

from dataclasses import replace

import pytest

from autograder.assignment.samples import notebook_text, solved_cells
from autograder.assignment.source import SourceCell
from autograder.grading.grade_class import grade
from autograder.grading.plan import GradingPlan
from autograder.intake.reader import Cell, Notebook
from autograder.intake.submissions import find_submissions
from autograder.judging.cells import cells_to_run, has_code


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("# Checked after you hand in.\n#   x = 1\n\n  # more", False),
        ("", False),
        ("# a comment\rx = 1", True),  # Python ends a line there
        ("# a comment\n%matplotlib inline", True),
        ('"""A text that holds\n# a line like this one"""', True),
        ("# a character \0, which Python refuses", True),
    ],
)
def test_a_cell_of_comments_has_no_code(source, code):
    assert has_code(source) == code


def test_cells_are_counted_with_those_of_comments(course, hand_in, skeleton, tmp_path):
    cells = [("code", "words", "# I begin with an error."), ("code", "mine", "1 / 0"), *solved_cells(skeleton)]
    hand_in("ada", notebook_text(cells))
    submissions = tuple(find_submissions(hand_in.root, ("a9_test",)))
    (result,) = grade(GradingPlan(course, ("a9_test",), submissions, tmp_path / "results", tier="B"))
    assert [(e.cell, e.error) for e in result.cell_errors] == [(2, "ZeroDivisionError: division by zero (line 1)")]
    assert result.score == 10


def test_pictures_run_only_if_a_student_changed_them_and_a_guess_always(skeleton):
    """Code of the student's may use a guess; a picture as it was released defines nothing."""
    sources = {"poster": "scenes.poster('rope')", "figure": "draw(guess)", "predict": "guess = None"}
    released = tuple(SourceCell(role, "code", role, source) for role, source in sources.items())
    assignment = replace(skeleton, name="a9_pictures", cells=released)
    for changed in ("", "\nmine = 1"):
        notebook = Notebook(tuple(Cell("code", c.source + changed) for c in released), "")
        ran = {source for _, source in cells_to_run(notebook, assignment)}
        assert ran == {c.source + changed for c in released if changed or c.role == "predict"}


def test_a_notebook_that_was_released_with_a_cell_for_each_hidden_check_is_graded_all_the_same(
    course, hand_in, skeleton, tmp_path
):
    """A class in the middle of its term handed these out; hints and the one cell a question came later."""
    cells = [c for c in solved_cells(skeleton) if not c[1].endswith("-hints")]
    stubs = [("code", f"q1-{name}", f"# Checked after you hand in: Right ({name})") for name in ("value", "pure")]
    hand_in("ada", notebook_text([*cells, *stubs]))
    submissions = tuple(find_submissions(hand_in.root, ("a9_test",)))
    (result,) = grade(GradingPlan(course, ("a9_test",), submissions, tmp_path / "results", tier="B"))
    assert (result.score, result.cell_errors, result.flags) == (10, (), ())
