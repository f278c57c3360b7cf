"""Says which checks about memory may wait for an earlier question.

The author's answers are copies, which share no memory. So the exchange of causes.py can hide that a function changes
what it was given: such a check is not put again. It may be put if it calls a question that has the same mistake itself,
such as a path that holds one row again and again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from autograder.assignment.assignment import Assignment
from autograder.judging.judge import of_question
from autograder.records.result import CheckResult

_OF_MEMORY = frozenset({"state", "mutated", "aliased"})


@dataclass(frozen=True, slots=True)
class Memory:
    """The mistakes of memory of one submission."""

    assignment: Assignment
    results: Mapping[str, CheckResult]

    @property
    def questions(self) -> list[str]:
        """Every question."""
        return [question.id for question in self.assignment.settings.questions]

    def allows(self, result: CheckResult, called: Iterable[str]) -> bool:
        """Whether a check may wait for one of the questions that it calls."""
        return result.diagnosis not in _OF_MEMORY or any(
            other.outcome == "fail" and other.diagnosis == result.diagnosis and other.id != result.id
            for question in called
            for other in of_question(self.assignment, question, self.results)
        )
