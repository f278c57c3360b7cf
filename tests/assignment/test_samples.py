"""A sample replaces every function it defines, and no other."""

import pytest

from autograder.assignment.assignment import load_assignment
from autograder.assignment.samples import Sample, solved_cells

NOTEBOOK = """# %% q="q1" role="solution"
def f():
    # BEGIN SOLUTION
    return 1
    # END SOLUTION


def g():
    # BEGIN SOLUTION
    return 2
    # END SOLUTION


# %% q="q2" role="solution"
def h():
    # BEGIN SOLUTION
    return 3
    # END SOLUTION
"""
TOML = """title = "T"
[[questions]]
id = "q1"
title = "f"
points = 1
[[questions]]
id = "q2"
title = "h"
points = 1
"""
CHECKS = '''from autograder.authoring import check


@check("q1", points=1)
def test_q1_value(student):
    """f"""


@check("q2", points=1)
def test_q2_value(student):
    """h"""
'''


@pytest.fixture
def assignment(tmp_path):
    for name, text in (("notebook.py", NOTEBOOK), ("assignment.toml", TOML), ("hidden_checks.py", CHECKS)):
        (tmp_path / name).write_text(text)
    return load_assignment(tmp_path)


def run(assignment, *sources):
    samples = [Sample(f"s{i}", "right", "", source) for i, source in enumerate(sources)]
    names = {}
    for kind, _, source in solved_cells(assignment, *samples):
        if kind == "code":
            exec(source, names)
    return [names[name]() for name in "fgh"]


def test_without_a_sample_the_solution_stands(assignment):
    assert run(assignment) == [1, 2, 3]


def test_one_of_two_functions_of_a_cell_is_replaced(assignment):
    assert run(assignment, "def g():\n    return 20") == [1, 20, 3]


def test_functions_of_two_cells_are_replaced(assignment):
    assert run(assignment, "def f():\n    return 10\n\n\ndef h():\n    return 30") == [10, 2, 30]


def test_two_samples_stand_side_by_side_and_the_first_counts(assignment):
    assert run(assignment, "def f():\n    return 10", "def h():\n    return 30") == [10, 2, 30]
    assert run(assignment, "def f():\n    return 10", "def f():\n    return 11") == [10, 2, 3]


def test_two_questions_may_have_a_property_of_one_name(assignment):
    assert [c.id for c in assignment.checks] == ["q1.value", "q2.value"]
