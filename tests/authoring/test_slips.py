"""Which slips and rules an author may have: none that a body without thought gives."""

import datetime as dt
import types

import numpy as np
import pandas as pd
import pytest
from bundled import SOME_ASSIGNMENTS, bundled_suite

from autograder.authoring import Slip, rule, slips
from autograder.authoring.alike import alike
from autograder.authoring.checks import Check
from autograder.authoring.rules import RULE_MARK, rule_faults
from autograder.authoring.slip_faults import slip_faults
from autograder.authoring.slips import SLIPS_MARK
from autograder.course import bundled_course

REFERENCE = types.SimpleNamespace(twice=lambda x: 2 * x)
CORE = Check("q1.value", "q1", "", 5.0, "hidden", lambda: None, (), core=True)


def faults(*variants, checks=(CORE,), function="twice"):
    """The faults of slips with these variants."""

    @slips("q1", probe=lambda student, reference, rng: student.twice(rng.uniform(1.0, 2.0, 3)))
    def make(reference):
        for i, variant in enumerate(variants):
            yield Slip(f"slip_{i}", function, variant, "value", "wrong.")

    return list(slip_faults(getattr(make, SLIPS_MARK), REFERENCE, checks))


def test_slips_that_differ_from_each_other_and_from_the_right_answer_are_fit():
    assert faults(lambda x: 3 * x, lambda x: -2 * x) == []


@pytest.mark.parametrize(
    ("variant", "fault"),
    [
        (lambda x: 2 * x, "to differ from the right answer"),
        (lambda x: 0 * x, "an answer that is not zero"),
        (lambda _: np.full(3, 7.0), "another answer for each draw"),
        (lambda x: x, "more than return one of its arguments, got argument 1"),
    ],
)
def test_a_slip_that_pays_for_nothing_is_named(variant, fault):
    assert any(fault in line for line in faults(variant))


def test_two_slips_with_one_answer_are_named():
    assert faults(lambda x: 3 * x, lambda x: x + x + x) == [
        "expected slip_1 to differ from slip_0 on every draw of the probe, got the same"
    ]


def test_slips_need_a_core_check_with_points():
    named = "expected a core check with points for twice, got none"
    assert faults(lambda x: 3 * x, checks=()) == [named]
    for core, points in (("thrice", 5.0), (True, 0.0), (False, 5.0)):
        other = Check("q1.value", "q1", "", points, "hidden", lambda: None, (), core=core)
        assert faults(lambda x: 3 * x, checks=(other,)) == [named]


@pytest.mark.parametrize(("name", "kind"), [("a slip", "value"), ("", "value"), ("slip", "wrong")])
def test_a_slip_has_a_plain_name_and_a_known_kind(name, kind):
    with pytest.raises(ValueError, match="expected"):
        Slip(name, "twice", abs, kind, "wrong.")


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (3, 3.0),
        (np.float32(0.1), 0.1),
        ([1, 2], (1.0, 2.0)),
        (" Forward ", "forward"),
        (["W1", "b1"], {"b1", "W1"}),
        ({"a": np.ones(2)}, {"a": [1.0, 1.0]} | {"a": np.ones(2)}),
        (True, np.bool_(True)),
        (None, None),
        (1 + 2j, 1 + 2j),
        (dt.date(2026, 1, 2), dt.date(2026, 1, 2)),
        (pd.DataFrame({"a": [1.0]}), pd.DataFrame({"a": [1.0 + 1e-9]})),
    ],
)
def test_an_answer_of_the_same_content_is_alike(answer, expected):
    assert alike(answer, expected)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (True, 1.0),
        (1.0, True),
        ("3", 3.0),
        (3.001, 3.0),
        (np.nan, 3.0),
        (np.ones((1, 2)), np.ones(2)),
        (np.array(["a", "b"]), np.ones(2)),
        (np.array([None, 1.0]), np.ones(2)),
        ([1, 2, 3], (1, 2)),
        ({"a": 1, "b": 2}, {"a": 1}),
        ([[1], [2]], {1, 2}),
        (0, None),
        (object(), 3.0),
        (pd.DataFrame({"a": [1.0]}), pd.DataFrame({"a": [2.0]})),
        (5, pd.DataFrame({"a": [2.0]})),
        (object(), dt.date(2026, 1, 2)),
    ],
)
def test_another_answer_is_not_alike(answer, expected):
    assert not alike(answer, expected)


def rule_of(function, cases):
    return getattr(rule(cases=cases)(function), RULE_MARK)


def test_a_rule_whose_cases_differ_is_fit():
    assert list(rule_faults(rule_of(lambda a, b: a * b, lambda rng: rng.uniform(1.0, 2.0, (6, 2))))) == []


@pytest.mark.parametrize(
    ("function", "fault"),
    [(lambda _a, _b: "forward", "got the same answer"), (lambda _a, b: b, "got argument 2")],
)
def test_a_rule_that_a_constant_or_an_argument_passes_is_named(function, fault):
    (line,) = rule_faults(rule_of(function, lambda rng: rng.uniform(1.0, 2.0, (6, 2))))
    assert fault in line


# --- The course -----------------------------------------------------------------------------------

COURSE = bundled_course()
LEAST_SHARE = 0.4  # of a question's points, for its core checks and its public ones
OF_ANOTHER_FUNCTION = {("a4_autodiff_engine", "q8"): 1}  # points for a function that no slip of the question is about


@pytest.mark.parametrize("name", SOME_ASSIGNMENTS)
def test_the_slips_and_rules_of_the_course_are_fit(name):
    loaded = bundled_suite(name)
    with np.errstate(all="ignore"):
        assert [f for group in loaded.slips for f in slip_faults(group, loaded.reference, loaded.checks)] == []
    assert [f for right in loaded.rules.values() for f in rule_faults(right)] == []


@pytest.mark.parametrize("name", COURSE.names())
def test_a_slip_costs_two_fifths_of_its_question_or_is_seen_by_public_checks(name):
    loaded = bundled_suite(name)
    for question in {group.question for group in loaded.slips}:
        checks = [c for c in loaded.checks if c.question == question]
        seen = sum(c.points for c in checks if c.core or c.visibility == "public")
        about = sum(c.points for c in checks) - OF_ANOTHER_FUNCTION.get((name, question), 0)
        assert seen >= LEAST_SHARE * about, question
