"""Where an earlier question is the cause, a check waits for it; where it is not, the check says what is wrong."""

import numpy as np
import pytest

from autograder.authoring import blocked, check
from autograder.authoring.assignment import load_assignment
from autograder.authoring.checks import Check
from autograder.authoring.inprocess import Namespace
from autograder.authoring.samples import notebook_text, solved_cells
from autograder.course import open_course
from autograder.grading.grade import Plan, grade
from autograder.grading.judge import judge
from autograder.intake.submissions import find_submissions


def verdict(function, student=None, visibility="hidden"):
    made = Check("q2.made", "q2", "made", 1.0, visibility, function, tuple(function.__code__.co_varnames[:1]))
    return judge(made, Namespace(student or {}), None, "seed")


def test_a_check_can_name_the_cause_itself():
    def waits(student):
        blocked("q1", "your double is not right yet")

    assert verdict(waits).message == "cannot be checked until q1 passes: your double is not right yet."


def test_a_public_check_sees_what_a_function_does_to_its_arguments():
    def keeps(double):
        x = np.ones(2)
        double(x)
        assert x[0] == 1, "work on a copy"

    def in_place(x):
        x *= 2

    assert verdict(keeps, {"double": in_place}, "public").message.startswith("work on a copy")
    assert verdict(keeps, {"double": lambda x: 2 * x}, "public").outcome == "pass"


TWO_QUESTIONS = '''# %% [markdown]
# # Two

# %% role="setup"
import numpy as np

# %% [markdown] q="q1"
# ## Question 1 (1 point)

# %% q="q1" role="solution"
def one():
    """1."""
    # BEGIN SOLUTION
    return 1
    # END SOLUTION

# %% q="q1" role="check" points=1
def test_one(one):
    """One"""
    assert one() == 1

# %% [markdown] q="q2"
# ## Question 2 (1 point)

# %% q="q2" role="solution"
def two():
    """2."""
    # BEGIN SOLUTION
    return 2
    # END SOLUTION
'''
CHECKS = '''from autograder.authoring import check, fail


@check("q2", points=1, needs="q1")
def test_two(student):
    """Two"""
    if student.two() != 2:
        fail("not two")
'''
SETTINGS = """title = "Two"
[[questions]]
id = "q1"
title = "one"
points = 1
[[questions]]
id = "q2"
title = "two"
points = 1
"""


@pytest.mark.parametrize(
    ("one", "outcome", "message"),
    [("1", "fail", "not two"), ("7", "blocked", "cannot be checked until q1 passes.")],
)
def test_a_check_that_needs_a_question_is_blocked_until_all_of_it_passes(tmp_path, hand_in, one, outcome, message):
    folder = tmp_path / "course" / "solutions" / "a8_two"
    folder.mkdir(parents=True)
    (tmp_path / "course" / "course.toml").write_text('title = "Test course"\n')
    for name, text in (("notebook.py", TWO_QUESTIONS), ("hidden_checks.py", CHECKS), ("assignment.toml", SETTINGS)):
        (folder / name).write_text(text)
    cells = solved_cells(load_assignment(folder))
    cells = [(k, n, s.replace("return 1", f"return {one}").replace("return 2", "return 3")) for k, n, s in cells]
    hand_in("ada", notebook_text(cells), "a8_two")
    plan = Plan(
        open_course(tmp_path / "course"),
        ("a8_two",),
        tuple(find_submissions(hand_in.root, ("a8_two",))),
        tmp_path / "results",
        tier="B",
    )
    result = next(iter(grade(plan)))
    assert (result.questions[1].checks[0].outcome, result.questions[1].checks[0].message) == (outcome, message)


def test_check_takes_one_question_or_several_as_needs():
    assert check("q3", points=1, needs="q1")(lambda: None).__autograder_check__.needs == ("q1",)
    assert check("q3", points=1, needs=("q1", "q2"))(lambda: None).__autograder_check__.needs == ("q1", "q2")
