"""Concept answers that nobody guesses: a rule is called on drawn cases, an example is decided by the author."""

import math
from types import ModuleType

import numpy as np
import pytest

from autograder.assignment.concepts import concept_checks
from autograder.authoring import CheckFailed, rule
from autograder.authoring.alike import alike
from autograder.authoring.inprocess import PlainStudent
from autograder.errors import CourseError

HIDDEN = ModuleType("hidden_checks")
HIDDEN.__file__ = "hidden_checks.py"
HIDDEN.area = rule(cases=lambda rng: rng.uniform(1.0, 2.0, (6, 2)))(lambda a, b: a * b)
HIDDEN.is_falling = lambda heights: len(heights) == 3 and heights[0] > heights[1] > heights[2]
HIDDEN.unmarked = abs
ANSWERS = {"c1": "b", "c2": 0.75, "c3": {"rule": "area"}, "c4": {"example": "is_falling"}}


def outcome(answers, key):
    """ "" if the check of this key passes; its line if it says no."""
    check = next(c for c in concept_checks("q9", 8.0, ANSWERS, HIDDEN) if c.id == f"q9.{key}")
    given = {"student": PlainStudent({"answers": answers}), "rng": np.random.default_rng(1)}
    try:
        check.function(*(given[name] for name in check.parameters))
    except CheckFailed as failure:
        return failure.line(())
    return ""


def test_each_answer_has_the_same_points():
    assert [(c.id, c.points) for c in concept_checks("q9", 8.0, ANSWERS, HIDDEN)] == [
        ("q9.c1", 2.0), ("q9.c2", 2.0), ("q9.c3", 2.0), ("q9.c4", 2.0)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("key", "answer"),
    [("c1", " B"), ("c2", 0.745), ("c3", lambda a, b: b * a), ("c4", [3, 2, 1]), ("c4", np.array([9.0, 1.0, -4.0]))],
)
def test_a_right_answer_passes(key, answer):
    assert outcome({key: answer}, key) == ""


@pytest.mark.parametrize(
    ("key", "answer"),
    [
        ("c1", "a"),
        ("c2", 0.5),
        ("c3", lambda a, b: a + b),
        ("c3", lambda _a, _b: 2.25),
        ("c3", lambda a, _b: math.nan * a),
        ("c3", lambda _a, _b: object()),
        ("c4", [1, 2, 3]),
        ("c4", 7),
        ("c4", "abc"),
        ("c4", [math.nan] * 3),
    ],
)
def test_a_wrong_answer_fails_without_a_hint(key, answer):
    assert outcome({key: answer}, key) == f"{key}: not this answer."


def test_a_wrong_answer_does_not_end_the_questions():
    """A rule that was told so could say by an exception which of its answers were right: one more each hand-in."""
    asked = []
    assert outcome({"c3": lambda a, b: asked.append((a, b)) or 0.0}, "c3")
    assert len(asked) == 6


def test_no_number_is_like_infinity():
    assert not alike(0.0, math.inf)
    assert not alike(np.zeros(2), np.array([math.inf, 1.0]))


def test_a_value_in_the_place_of_a_rule_is_named():
    line = outcome({"c3": 6.0}, "c3")
    assert line == "c3: expected a function. Hint: define a function, and put its name there without ( )."


@pytest.mark.parametrize("answers", [{}, None, 5, {"c3": None}])
def test_an_answer_that_is_not_there_is_missing(answers):
    assert outcome(answers, "c3") == "c3: there is no answer yet."


def test_a_rule_gets_arguments_of_its_own():
    def changes_its_arguments(a, b):
        a *= b
        return a

    checks = concept_checks("q9", 1.0, {"c": {"rule": "matrix"}}, module_with_arrays())
    checks[0].function(PlainStudent({"answers": {"c": changes_its_arguments}}), np.random.default_rng(0))


def module_with_arrays():
    module = ModuleType("hidden_checks")
    module.matrix = rule(cases=lambda rng: [(rng.uniform(size=2), rng.uniform(size=2)) for _ in range(6)])(
        lambda a, b: a * b
    )
    return module


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"rule": "aera"}, "expected the function aera, which assignment.toml names, got none. Hint: area?"),
        ({"rule": "unmarked"}, "unmarked: expected @rule"),
    ],
)
def test_an_author_who_names_no_rule_reads_it_in_one_line(answer, expected):
    with pytest.raises(CourseError, match="expected") as caught:
        concept_checks("q9", 1.0, {"c1": answer}, HIDDEN)
    assert expected in str(caught.value)
