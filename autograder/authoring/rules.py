"""Rules: answers to concept questions that are functions. Nobody guesses a function by handing in again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.authoring.alike import alike

RULE_MARK = "__autograder_rule__"
DRAWS = 50  # of the cases, to test an author's rule

Cases = Callable[[np.random.Generator], Iterable[tuple[Any, ...]]]


@dataclass(frozen=True, slots=True)
class RightRule:
    """A right rule. function: takes the arguments of a case.  cases: draws about six tuples of arguments."""

    function: Callable[..., Any]
    cases: Cases


def rule(*, cases: Cases) -> Callable[[Callable[..., Any]], Any]:
    """Mark a function of hidden_checks.py as the right rule of a concept question.

    cases: a function of `rng` that returns about six tuples of arguments. They are drawn anew for each submission. Not
    all of them may have the same answer. assignment.toml names the function: `answers = { c3 = { rule = "area" } }`;
    the student's rule is `answers["c3"]` in the notebook. Numbers must agree up to 1e-5, and texts but for capital
    letters; a list is as good as a tuple.

    Example: `@rule(cases=lambda rng: rng.uniform(1.0, 2.0, (6, 2)))` above `def area(a, b): return a * b`.
    """

    def mark(function: Callable[..., Any]) -> Any:
        setattr(function, RULE_MARK, RightRule(function, cases))
        return function

    return mark


def rule_faults(right: RightRule) -> Iterator[str]:
    """One line for each way in which a body that does nothing would pass: "expected …, got …"."""
    for draw in range(DRAWS):
        cases = [tuple(case) for case in right.cases(np.random.default_rng(draw))]
        answers = [right.function(*case) for case in cases]
        if all(alike(answer, answers[0]) for answer in answers[1:]):
            yield "expected cases with different answers, got the same answer for all of a draw"
            return
        for i in range(min(map(len, cases))):
            if all(alike(case[i], answer) for case, answer in zip(cases, answers, strict=True)):
                yield f"expected answers that are no argument, got argument {i + 1} for all cases of a draw"
                return
