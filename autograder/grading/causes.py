"""Whose fault is it? A failed check that passes once earlier questions are answered rightly is `blocked`.

The right answers come from the author's solution, in a sandbox of its own. What student code calls by an earlier
name is asked of that process, through the grader: the solution never enters the student's process, and what a
student's process sends never reaches the grader's own arithmetic.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from autograder.authoring.assignment import Assignment
from autograder.authoring.checks import Check
from autograder.errors import StudentError
from autograder.grading.judge import judge, verdict
from autograder.grading.results import CheckResult, Outcome
from autograder.sandbox.client import Session, Student
from autograder.sandbox.handles import RemoteFunction

_MAY_BE_BLOCKED = frozenset({"fail", "error", "missing"})


def name_causes(
    assignment: Assignment,
    results: dict[str, CheckResult],
    own: Session,
    solution: Callable[[], Session],
    seed: str,
) -> dict[str, CheckResult]:
    """The same results, with `blocked` and the cause where an earlier question is it. No points change.

    own: the process in which the notebook ran.  solution: makes another, in which the author's solution ran.
    """
    failed = [c.question for c in assignment.checks if results[c.id].outcome != "pass"]
    order = [q.id for q in assignment.settings.questions if q.id in failed]
    doubtful = [
        c for c in assignment.checks if results[c.id].outcome in _MAY_BE_BLOCKED and order.index(c.question) > 0
    ]
    if not doubtful:
        return results
    try:
        with solution() as right:
            search = _Search(assignment, own, right, seed)
            return results | {c.id: r for c in doubtful if (r := search.cause_of(c, order)) is not None}
    except StudentError:  # either process is gone: what was found out before stands
        return results


class _Search:
    """One student's process and the solution's, and the exchange of functions between them."""

    def __init__(self, assignment: Assignment, own: Session, right: Session, seed: str) -> None:
        self._assignment, self._own, self._seed = assignment, own, seed
        self._functions = {
            q.id: {n: f for n in _defined(assignment, q.id) if isinstance(f := right.get(n), RemoteFunction)}
            for q in assignment.settings.questions
        }

    def cause_of(self, check: Check, failed: list[str]) -> CheckResult | None:
        """`blocked`, by the earliest question without whose repair the check would not pass."""
        every = [q.id for q in self._assignment.settings.questions]
        earlier = [q for q in failed[: failed.index(check.question)] if self._functions[q]]
        if not earlier or not self._functions[check.question]:
            return None
        # Also all earlier ones, right or not: a forward and a backward share a cache of the student's making.
        for exchanged in (earlier, every[: every.index(check.question)]):
            outcome = self._outcome(check, exchanged)
            if outcome == "pass":
                needed = (q for q in earlier if self._outcome(check, [e for e in exchanged if e != q]) != "pass")
                return self._blocked(check, next(needed, earlier[0]))
            if outcome == "missing":  # all that was missing earlier is there now: it is its own function
                return None
        return None

    def _outcome(self, check: Check, exchanged: Iterable[str]) -> Outcome:
        functions: dict[str, RemoteFunction] = {}
        for question in exchanged:
            functions |= self._functions[question]
        self._own.exchange(functions)
        try:
            return judge(check, Student(self._own), self._assignment.reference, self._seed).outcome
        finally:
            self._own.exchange({})

    def _blocked(self, check: Check, cause: str) -> CheckResult:
        names = " and ".join(self._functions[cause])
        told = f"cannot be checked until {cause} passes: with a right {names} this is right."
        return verdict(check, "blocked", told, "blocked")


def _defined(assignment: Assignment, question: str) -> list[str]:
    """The public names that a question's solution cells define, in order of the alphabet."""
    own = (c.defines for c in assignment.cells if c.role == "solution" and c.question == question)
    return sorted(name for names in own for name in names if not name.startswith("_"))
