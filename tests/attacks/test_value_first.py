"""Rows F: no points for a count, a form or a property without the right value.

Each notebook here is the author's solution with one thing spoiled: the numbers. Its answers have the right type, shape
and names, it calls what it is given as often as it should, and changes none of its arguments.
"""

import sys
from pathlib import Path

import numpy as np
import pytest

from autograder.assignment.assignment import load_assignment
from autograder.assignment.samples import solved_cells
from autograder.assignment.source import module_from
from autograder.authoring.inprocess import PlainStudent
from autograder.judging.judge import judge

SOLUTIONS = Path(__file__).resolve().parents[2] / "solutions"
NAMES = ("a1_gradient_ascent", "a2_mlp_backprop", "a3_forward_vs_reverse")
ANOTHER = np.random.default_rng(4)
# An answer's number or array → a wrong one of the same form.
NUMBERS = {
    "zeros": lambda leaf: 0 * leaf,
    "ones": lambda leaf: 0 * leaf + 1,
    "a constant": lambda leaf: 0 * leaf + 500,
    "NaN": lambda leaf: leaf * np.nan,
    "noise": lambda leaf: ANOTHER.standard_normal(np.shape(leaf)).astype(getattr(leaf, "dtype", float)),
    "whole numbers": lambda leaf: ANOTHER.integers(0, 3, np.shape(leaf)),
}
WORDS = {
    name: ("maximum", "minimum", "saddle", "degenerate", "forward", "reverse", "tie")[i]
    for i, name in enumerate(NUMBERS)
}


@pytest.fixture(scope="module", params=NAMES)
def suite(request):
    return load_assignment(SOLUTIONS / request.param)


@pytest.fixture
def solution(suite, monkeypatch):
    """What the author's notebook defines, in this process."""
    for name, text in suite.handouts.items():
        monkeypatch.setitem(sys.modules, name, module_from(name, text))
    names = {"__name__": "notebook"}
    left_out = {c.name for c in suite.cells if c.role in {"figure", "check", "otter"}}
    for kind, cell, source in solved_cells(suite):
        if kind == "code" and cell not in left_out:
            exec(compile(source, f"<{cell}>", "exec", dont_inherit=True), names)
    return names


def spoiled(answer, numbers, word):
    """The same structure with other numbers and words. None stays None."""
    match answer:
        case dict():
            return {key: spoiled(item, numbers, word) for key, item in answer.items()}
        case list() | tuple():
            return type(answer)(spoiled(item, numbers, word) for item in answer)
        case str():
            return word
        case None:
            return answer
        case int():
            return int(np.nan_to_num(numbers(float(answer))))
    return numbers(answer)  # arrays, also those that count, and numbers


def notebook(suite, solution, answer_of):
    """answer_of: (right answer, arguments) → the answer that the notebook gives. Concepts get no right answer."""
    asked = {name for c in suite.cells if c.role == "solution" for name in c.defines}

    def wrong(function):
        return lambda *args, **kwargs: answer_of(function(*args, **kwargs), args)

    names = {n: wrong(v) if n in asked and callable(v) else v for n, v in solution.items()}
    return PlainStudent(names | {"answers": dict.fromkeys(solution["answers"], "none of them")})


def passed(suite, student, seed="value first"):
    """{check: points} of those that pass."""
    results = [judge(check, student, suite.reference, seed) for check in suite.checks]
    return {r.id: r.points for r in results if r.points}


def test_the_right_numbers_get_all_points_but_those_of_the_concepts(suite, solution):
    best = sum(c.points for c in suite.checks if c.title.partition(" ")[0] != "Concept")
    assert sum(passed(suite, notebook(suite, solution, lambda answer, _: answer)).values()) == best


@pytest.mark.parametrize("kind", NUMBERS)
def test_k13_f18_an_answer_of_the_right_form_with_other_numbers_earns_nothing(suite, solution, kind):
    student = notebook(suite, solution, lambda answer, _: spoiled(answer, NUMBERS[kind], WORDS[kind]))
    assert passed(suite, student) == {}


@pytest.mark.parametrize("place", [0, -1])
def test_f18_an_argument_handed_back_earns_nothing(suite, solution, place):
    student = notebook(suite, solution, lambda _, args: args[place] if args else None)
    assert passed(suite, student) == {}


def test_k16_f18_the_answers_of_another_submission_in_their_order_earn_nothing(suite, solution):
    """Inputs, expected values and the order of the cases are drawn for each submission; public checks are public."""
    points = {}
    for check in suite.checks:
        if check.visibility == "hidden" and check.points:
            answers = []
            judge(
                check, notebook(suite, solution, lambda a, _, to=answers: to.append(a) or a), suite.reference, "first"
            )
            replayed = iter(answers)
            student = notebook(suite, solution, lambda _, __, of=replayed: next(of, None))
            points[check.id] = judge(check, student, suite.reference, "second").points
    earned = {name for name, earned in points.items() if earned}
    assert earned <= {"b2.chain"}  # A3 asks for any one chain, without an input


def test_f18_nothing_handed_back_earns_nothing(suite, solution):
    assert passed(suite, notebook(suite, solution, lambda *_: None)) == {}
