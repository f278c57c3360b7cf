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


NOTEBOOK = '''# %% [markdown]
# # Three

# %% role="setup"
import numpy as np

# %% [markdown] q="q1"
# ## Question 1 (1 point)

# %% q="q1" role="solution"
def double(x):
    """2 x."""
    # BEGIN SOLUTION
    return 2 * x
    # END SOLUTION

# %% [markdown] q="q2"
# ## Question 2 (1 point)

# %% q="q2" role="solution"
def fourfold(x):
    """4 x."""
    # BEGIN SOLUTION
    return double(x=double(x))
    # END SOLUTION

# %% [markdown] q="q3"
# ## Question 3 (2 points)

# %% q="q3" role="solution"
def at_place(f, x):
    """f(x) and 4 x."""
    # BEGIN SOLUTION
    return f(x), fourfold(x)
    # END SOLUTION
'''
CHECKS = '''import numpy as np

from autograder.authoring import assert_number, check


@check("q1", points=1)
def test_double(student):
    """Double"""
    assert_number(student.double(3.0), 6.0)


@check("q2", points=1)
def test_fourfold(student):
    """Fourfold"""
    assert_number(student.fourfold(3.0), 12.0)


@check("q3", points=1)
def test_place(student):
    """f(x)"""
    assert_number(student.at_place(lambda x: x + 1, 3.0)[0], 4.0)


@check("q3", points=1, needs="q1")
def test_needs(student):
    """4 x"""
    assert_number(student.at_place(lambda x: x + 1, 3.0)[1], 12.0)
'''
SETTINGS = 'title = "Three"\n' + "".join(
    f'[[questions]]\nid = "q{i}"\ntitle = "{title}"\npoints = {points}\n'
    for i, title, points in ((1, "double", 1), (2, "fourfold", 1), (3, "at_place", 2))
)


@pytest.fixture
def outcomes(tmp_path, hand_in):
    """outcomes(**replaced): {check: (outcome, message)} of the solution with some lines replaced."""
    folder = tmp_path / "course" / "solutions" / "a8_three"
    folder.mkdir(parents=True)
    (tmp_path / "course" / "course.toml").write_text('title = "Test course"\n')
    for name, text in (("notebook.py", NOTEBOOK), ("hidden_checks.py", CHECKS), ("assignment.toml", SETTINGS)):
        (folder / name).write_text(text)

    def of(*replaced):
        cells = solved_cells(load_assignment(folder))
        for old, new in replaced:
            cells = [(k, n, s.replace(old, new)) for k, n, s in cells]
        hand_in("ada", notebook_text(cells), "a8_three")
        found = tuple(find_submissions(hand_in.root, ("a8_three",)))
        plan = Plan(open_course(tmp_path / "course"), ("a8_three",), found, tmp_path / "results", tier="B")
        return {c.id: (c.outcome, c.message) for q in next(iter(grade(plan))).questions for c in q.checks}

    return of


WAITS = ("blocked", "cannot be checked until q1 passes: with a right double this is right.")
WRONG_DOUBLE = ("return 2 * x", "return 3 * x")


def test_what_is_right_but_for_an_earlier_function_waits_for_its_question(outcomes):
    got = outcomes(WRONG_DOUBLE)
    assert got["q1.double"][0] == "fail"
    assert got["q2.fourfold"] == WAITS
    assert got["q3.place"][0] == "pass"


def test_an_earlier_function_that_is_not_written_yet_is_a_cause_as_well(outcomes):
    assert outcomes(("return 2 * x", "raise NotImplementedError"))["q2.fourfold"] == WAITS


def test_a_mistake_of_its_own_is_no_other_questions_fault(outcomes):
    got = outcomes(WRONG_DOUBLE, ("return double(x=double(x))", "return double(x=double(x)) + 1"))
    assert got["q2.fourfold"][0] == "fail"


def test_a_right_answer_passes_whatever_is_wrong_before_it(outcomes):
    assert outcomes(WRONG_DOUBLE, ("return double(x=double(x))", "return 4 * x"))["q2.fourfold"][0] == "pass"


def test_the_earliest_question_that_is_needed_is_named_not_any_earlier_one(outcomes):
    got = outcomes(
        WRONG_DOUBLE,
        ("return double(x=double(x))", "return 5 * x"),
        ("f(x), fourfold", "fourfold(x) / 4 + 1, fourfold"),
    )
    assert got["q2.fourfold"][0] == "fail"
    assert got["q3.place"] == ("blocked", "cannot be checked until q2 passes: with a right fourfold this is right.")


@pytest.mark.parametrize(("double", "outcome"), [("2", "fail"), ("3", "blocked")])
def test_a_check_that_declares_what_it_needs_is_blocked_until_all_of_that_passes(outcomes, double, outcome):
    got = outcomes(("return 2 * x", f"return {double} * x"), ("f(x), fourfold(x)", "f(x), 7.0"))
    assert got["q3.needs"][0] == outcome


def test_looking_for_a_cause_that_ends_the_process_keeps_what_was_found(outcomes):
    die = "import os\n    os._exit(1) if double(1) == 2 else None\n    return 0"
    got = outcomes(WRONG_DOUBLE, ("return double(x=double(x))", die))
    assert got["q2.fourfold"][0] == "fail"
    assert got["q3.place"][0] == "pass"


def test_check_takes_one_question_or_several_as_needs():
    assert check("q3", points=1, needs="q1")(lambda: None).__autograder_check__.needs == ("q1",)
    assert check("q3", points=1, needs=("q1", "q2"))(lambda: None).__autograder_check__.needs == ("q1", "q2")
