"""Whose fault is it? A failed check that passes once earlier questions are answered rightly is `blocked`.

The right answers come from the author's solution, in a sandbox of its own (solution.py). What student code calls by an
earlier name is asked of that process, through the grader: the solution never enters the student's process, and what a
student's process sends never reaches the grader's own arithmetic.

Each try costs as much as the check, so none is made whose outcome is known: a function that was not called may as well
be the student's own.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Self

from autograder.assignment.assignment import Assignment
from autograder.authoring.checks import Check
from autograder.errors import CrashError, StudentError
from autograder.judging.author_process import Answers, defined
from autograder.judging.judge import judge, verdict
from autograder.records.result import CheckResult, Outcome
from autograder.sandbox.handles import RemoteFunction
from autograder.sandbox.sandboxed_student import SandboxedStudent
from autograder.sandbox.student_process import StudentProcess

# Of the time for a call: half a millisecond for each crossing is ours, and on a busy machine that may be ten.
_PATIENCE = 3
_MAY_BE_BLOCKED = frozenset({"fail", "error", "missing"})


def name_causes(
    assignment: Assignment,
    results: dict[str, CheckResult],
    own: StudentProcess,
    solution: Callable[[], contextlib.AbstractContextManager[Answers]],
    seed: str,
) -> dict[str, CheckResult]:
    """The same results, with `blocked` and the cause where an earlier question is it. No points change.

    own: the process in which the notebook ran.  solution: the author's, for the time of a `with`.
    """
    failed = [c.question for c in assignment.checks if results[c.id].outcome != "pass"]
    order = [q.id for q in assignment.settings.questions if q.id in failed and defined(assignment, q.id)]
    found: dict[str, CheckResult] = {}
    with contextlib.suppress(StudentError):  # either process is gone: what was found out before stands
        doubtful = _doubtful(assignment, results, order, own)
        if doubtful:
            with solution() as right, _Search(assignment, own, right, seed) as search:
                for check in doubtful:
                    if (blocked := search.cause_of(check, order)) is not None:
                        found[check.id] = blocked
    return results | found


def _doubtful(
    assignment: Assignment, results: dict[str, CheckResult], order: list[str], own: StudentProcess
) -> list[Check]:
    """Failed checks that an earlier question may have to answer for.

    Not those of a question of which nothing is written: that is what is missing there, whatever came before.
    """
    of_question = {q: defined(assignment, q) for q in order[1:]}
    doubtful = [c for c in assignment.checks if c.question in of_question and results[c.id].outcome in _MAY_BE_BLOCKED]
    asked = {n for c in doubtful if results[c.id].outcome == "missing" for n in of_question[c.question]}
    stubs = own.unwritten(sorted(asked)) if asked else frozenset()
    return [c for c in doubtful if results[c.id].outcome != "missing" or not stubs.issuperset(of_question[c.question])]


class _Search:
    """One student's process and the solution's, and the exchange of functions between them, ended with the `with`."""

    def __init__(self, assignment: Assignment, own: StudentProcess, right: Answers, seed: str) -> None:
        self._assignment, self._own, self._right, self._seed = assignment, own, right, seed
        self._exchanged: list[str] = []  # questions whose names stand for the author's functions now
        self._limits = own.limits

    def __enter__(self) -> Self:
        self._own.limits = replace(self._limits, call=_PATIENCE * self._limits.call)
        return self

    def __exit__(self, *_: object) -> None:
        self._own.limits = self._limits
        if self._exchanged:
            with contextlib.suppress(StudentError):
                self._own.exchange({})

    def cause_of(self, check: Check, failed: list[str]) -> CheckResult | None:
        """`blocked`, by the earliest question without whose repair the check would not pass."""
        functions = self._right.functions
        earlier = [q for q in failed[: failed.index(check.question)] if functions[q]]
        if not earlier or not functions[check.question]:
            return None
        every = [q.id for q in self._assignment.settings.questions]
        everything = [q for q in every[: every.index(check.question)] if functions[q]]
        # Also all earlier ones, right or not: a forward and a backward share a cache of the student's making.
        for exchanged in (earlier, everything) if everything != earlier else (earlier,):
            outcome = self._outcome(check, exchanged)
            if outcome == "pass":
                return self._blocked(check, self._earliest(check, earlier, exchanged))
            if outcome == "missing":  # all that was missing earlier is there now: it is its own function
                return None
        return None

    def _earliest(self, check: Check, earlier: list[str], exchanged: list[str]) -> str:
        """Of `earlier`, the first without which the check does not pass; if it passes without any one, the first.

        With all of `exchanged` it has just passed. So it does without a question of which nothing was called.
        """
        called = [q for q in earlier if q in self._right.called]
        if called in ([], earlier[:1]):
            return earlier[0]
        needed = (q for q in called if self._outcome(check, [e for e in exchanged if e != q]) != "pass")
        return next(needed, earlier[0])

    def _outcome(self, check: Check, exchanged: list[str]) -> Outcome:
        """Raises StudentError if either process is gone, SandboxError if somebody else's doing ended one."""
        self._exchange(exchanged)
        self._right.called.clear()
        outcome = judge(check, SandboxedStudent(self._own), self._assignment.reference, self._seed).outcome
        if self._right.broken is not None:  # the student's process was told of an exception, and went on
            raise self._right.broken
        if outcome in {"timeout", "crash"}:
            self._exchanged = []  # nobody is there to be asked for the old ones
            raise CrashError("ended its process while a cause was looked for")
        return outcome

    def _exchange(self, questions: list[str]) -> None:
        if questions != self._exchanged:  # checks of one question have the same before them
            self._own.exchange(_together(self._right.functions[q] for q in questions))
            self._exchanged = questions

    def _blocked(self, check: Check, cause: str) -> CheckResult:
        names = " and ".join(f"`{name}`" for name in self._right.functions[cause])
        message = f"Your code is fine here: it passes with a correct {names} ({cause})."
        return verdict(check, "blocked", message, "blocked", blocked_by=cause)


def _together(tables: Iterable[Mapping[str, RemoteFunction]]) -> dict[str, RemoteFunction]:
    return {name: function for table in tables for name, function in table.items()}
