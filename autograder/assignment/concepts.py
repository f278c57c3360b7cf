"""The checks of a concept question: one for each right answer in assignment.toml."""

from __future__ import annotations

import functools
from collections.abc import Mapping

import numpy as np

from autograder.authoring.checks import Check
from autograder.authoring.failing import SafeText, fail
from autograder.authoring.student import Student

TOLERANCE = 0.01  # a number within 1 % is right


def concept_checks(question: str, points: float, answers: Mapping[str, str | float]) -> list[Check]:
    """One hidden check for each answer, all with the same points. They read the notebook's dict `answers`."""
    return [
        Check(
            f"{question}.{key}",
            question,
            f"Concept {key}",
            points / len(answers),
            "hidden",
            functools.partial(_compare_answer, key=key, right=right),
            ("student",),
        )
        for key, right in answers.items()
    ]


def _compare_answer(student: Student, *, key: str, right: str | float) -> None:
    """Compare letters without case, and numbers within 1 %. There is no hint, because there are only a few letters."""
    answers = student.answers
    given = answers.get(key) if isinstance(answers, dict) else None
    if given is None:
        fail(SafeText("there is no answer yet"), "not_implemented", subject=SafeText(key))
    if isinstance(right, str):
        good = isinstance(given, str) and given.strip().lower() == right.lower()
    else:
        good = (
            isinstance(given, (int, float, np.integer, np.floating))
            and not isinstance(given, bool)
            and abs(float(given) - right) <= TOLERANCE * abs(right)
        )
    if not good:
        fail(SafeText("not this answer"), "concept", subject=SafeText(key))
