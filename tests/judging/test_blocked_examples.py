"""A public check that hands over objects of the notebook waits for a question that it needs, as hidden checks do."""

from dataclasses import replace

import pytest
from result_builders import check
from three_questions import handed_in, written

from autograder.course import open_course
from autograder.grading.grade_class import grade
from autograder.grading.plan import GradingPlan
from autograder.intake.submissions import find_submissions
from autograder.judging.blocked_examples import block_examples
from autograder.judging.submission import needed_first

# `ONE` stays in the notebook's process: the author's `double`, in another one, gets a text that stands for it.
CLASS = "class One:\n    def __rmul__(self, number):\n        return number\n\nONE = One()"
SETUP = ("import numpy as np", f"import numpy as np\n\n{CLASS}")
EXAMPLE = '''
# %% q="q2" role="check" points=0 needs="q1"
def test_example(fourfold, ONE):
    """fourfold of one is 4"""
    assert fourfold(ONE) == 4, "four times"

# %% [markdown] q="q3"
'''
WAITS = "Your code is fine here, as the hidden checks show. This example also runs `double` (q1)."


@pytest.fixture
def assignment(tmp_path):
    """q1, q2 and q3, each of which calls the one before, and a public example of q2."""
    return written(tmp_path / "course", SETUP, ('\n# %% [markdown] q="q3"\n', EXAMPLE))


def example(assignment, needs=("q1",), public="fail", points=2.0, **others):
    """The example's result, for a hidden check of q1 that fails and one of q2 that carries its point."""
    checks = tuple(replace(c, needs=needs) if c.id == "q2.example" else c for c in assignment.checks)
    points = {"q2.example": points}
    checks = tuple(replace(c, points=points.get(c.id, c.points)) for c in checks)
    made = {
        "q1.double": check("q1.double", 0.0, 1.0),
        "q2.fourfold": check("q2.fourfold", 0.0, 1.0, "blocked", blocked_by="q1", carried=1.0),
        "q2.example": check("q2.example", 0.0, 2.0, public, visibility="public", message="its own words"),
    }
    results = {c.id: made.get(c.id, check(c.id, 1.0, 1.0)) for c in checks} | {r.id: r for r in others.values()}
    return block_examples(replace(assignment, checks=checks), results)["q2.example"]


def test_a_failed_example_carries_its_points_if_each_hidden_check_of_its_question_does(assignment):
    got = example(assignment)
    assert (got.outcome, got.points, got.carried, got.blocked_by, got.message) == ("blocked", 0, 2, "q1", WAITS)


def test_so_does_one_of_a_question_whose_hidden_checks_pass_by_themselves(assignment):
    assert example(assignment, hidden=check("q2.fourfold", 1.0, 1.0)).carried == 2


@pytest.mark.parametrize(
    ("why", "changed"),
    [
        ("it does not say what it needs", {"needs": ()}),
        ("what it needs is right", {"needed": check("q1.double", 1.0, 1.0)}),
        ("its question has a mistake of its own", {"hidden": check("q2.fourfold", 0.0, 1.0)}),
        ("it ended its process", {"public": "crash"}),
        ("nothing is written", {"public": "missing"}),
    ],
)
def test_a_failed_example_keeps_its_own_words_if(assignment, why, changed):
    got = example(assignment, **changed)
    assert (got.carried, got.message) == (0, "its own words"), why


def test_an_example_waits_without_points_if_a_hidden_check_of_its_question_does(assignment):
    """Nobody knows then whether its code is right."""
    got = example(assignment, hidden=check("q2.fourfold", 0.0, 1.0, "blocked", blocked_by="q1"))
    assert (got.outcome, got.carried, got.message) == ("blocked", 0, "This cannot be checked before q1 passes.")


def test_an_example_of_a_question_without_hidden_checks_carries_nothing(assignment):
    """Nothing then says that its code is right."""
    alone = replace(assignment, checks=tuple(c for c in assignment.checks if c.id != "q2.fourfold"))
    assert example(alone).carried == 0


def test_an_example_that_passes_stays_passed(assignment):
    assert example(assignment, passed=check("q2.example", 2.0, 2.0)).outcome == "pass"


def test_public_checks_are_put_before_hidden_ones_whatever_they_need(assignment):
    order = [c.id for c in needed_first(assignment.checks)]
    assert order[0] == "q2.example"
    assert order[-1] == "q3.needs"


@pytest.mark.parametrize(
    ("replaced", "outcome"),
    [
        ((), "pass"),
        ((("return 2 * x", "return 3 * x"),), "blocked"),
        ((("return 2 * x", "return 3 * x"), ("double(x=double(x))", "double(x=double(x)) + 1")), "fail"),
    ],
)
def test_in_a_graded_notebook_the_example_waits_for_the_function_that_it_runs(
    assignment, hand_in, tmp_path, replaced, outcome
):
    hand_in("ada", handed_in(assignment, *replaced), "a8_three")
    found = tuple(find_submissions(hand_in.root, ("a8_three",)))
    plan = GradingPlan(open_course(tmp_path / "course"), ("a8_three",), found, tmp_path / "results", tier="B")
    got = {c.id: c for c in next(iter(grade(plan))).checks}["q2.example"]
    assert got.outcome == outcome
    assert (got.message == WAITS) == (outcome == "blocked")
