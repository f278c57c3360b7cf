"""The checks of a concept question: one for each right answer in assignment.toml.

A letter can be guessed by handing in again. A rule cannot: the student's answer is a function, which is called on cases
that are drawn for each submission. An example cannot, either: a function of the author's decides whether it is right.
"""

from __future__ import annotations

import copy
import functools
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

import numpy as np

from autograder.assignment.settings import Answer
from autograder.authoring.alike import alike
from autograder.authoring.checks import Check, CheckFunction
from autograder.authoring.failing import SafeText, fail
from autograder.authoring.rules import RULE_MARK, RightRule
from autograder.authoring.student import Student
from autograder.errors import CourseError
from autograder.text import nearest

TOLERANCE = 0.01  # a number within 1 % is right


def concept_checks(question: str, points: float, answers: Mapping[str, Answer], hidden: ModuleType) -> list[Check]:
    """One hidden check for each answer, all with the same points. They read the notebook's dict `answers`.

    hidden: hidden_checks.py, which has the rules, and the functions that decide about examples. Raises CourseError.
    """
    return [
        Check(
            f"{question}.{key}",
            question,
            f"Concept {key}",
            points / len(answers),
            "hidden",
            _comparing(key, right, hidden),
            ("student", "rng") if isinstance(right, dict) and "rule" in right else ("student",),
        )
        for key, right in answers.items()
    ]


def rules_of(answers: Mapping[str, Answer], hidden: ModuleType) -> dict[str, RightRule]:
    """The rules among the answers, by key. hidden: see concept_checks."""
    named = {key: right["rule"] for key, right in answers.items() if isinstance(right, dict) and "rule" in right}
    return {key: getattr(_function(name, hidden), RULE_MARK) for key, name in named.items()}


def _comparing(key: str, right: Answer, hidden: ModuleType) -> CheckFunction:
    if not isinstance(right, dict):
        return functools.partial(_compare_answer, key=key, right=right)
    ((kind, name),) = right.items()
    function = _function(name, hidden)
    if kind == "example":
        return functools.partial(_verify_example, key=key, is_right=function)
    if not hasattr(function, RULE_MARK):
        raise CourseError(f"{hidden.__file__}, {name}: expected @rule(cases=…) above it, got none.")
    return functools.partial(_compare_rule, key=key, right=getattr(function, RULE_MARK))


def _function(name: str, hidden: ModuleType) -> Any:
    function = getattr(hidden, name, None)
    if not callable(function):
        near = nearest(name, [n for n, value in vars(hidden).items() if callable(value)])
        raise CourseError(
            f"{hidden.__file__}: expected the function {name}, which assignment.toml names, got none.{near}"
        )
    return function


def _given(student: Student, key: str) -> Any:
    """The student's answer. Raises CheckFailed if there is none."""
    answers = student.answers
    given = answers.get(key) if isinstance(answers, dict) else None
    if given is None:
        fail(SafeText("there is no answer yet"), "not_implemented", subject=SafeText(key))
    return given


def _refuse_unless(good: bool, key: str) -> None:
    """There is no hint: it would tell how to guess."""
    if not good:
        fail(SafeText("not this answer"), "concept", subject=SafeText(key))


def _compare_answer(student: Student, *, key: str, right: str | float) -> None:
    """Compare letters without case, and numbers within 1 %."""
    given = _given(student, key)
    if isinstance(right, str):
        good = isinstance(given, str) and given.strip().lower() == right.lower()
    else:
        good = (
            isinstance(given, (int, float, np.integer, np.floating))
            and not isinstance(given, bool)
            and abs(float(given) - right) <= TOLERANCE * abs(right)
        )
    _refuse_unless(good, key)


def _compare_rule(student: Student, rng: np.random.Generator, *, key: str, right: RightRule) -> None:
    """Call the student's rule on drawn cases: all of them, then compare.

    A rule that is not asked again after a wrong answer would know which answers were right, and could say so by an
    exception: then it would be guessed piece by piece, by handing in again.
    """
    given = _given(student, key)
    if not callable(given):
        hint = "define a function, and put its name there without ( )"
        fail(SafeText("expected a function"), "type", subject=SafeText(key), hint=SafeText(hint))
    cases = [tuple(case) for case in right.cases(rng)]
    expected = [right.function(*case) for case in copy.deepcopy(cases)]
    _refuse_unless(alike([given(*case) for case in cases], expected), key)


def _verify_example(student: Student, *, key: str, is_right: Callable[[Any], object]) -> None:
    """Let the author's function decide. It may stumble over a value that nobody foresaw: that is no right example."""
    given: Any = _given(student, key)
    try:
        verdict = bool(is_right(given))
    except Exception:  # noqa: BLE001 — the value can be anything
        verdict = False
    _refuse_unless(verdict, key)
