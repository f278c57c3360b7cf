"""Finds the cause of a failed check. If the check passes with correct earlier functions, its outcome is `blocked`.

An example: `backward` is right, and `forward` is wrong. The checks of `backward` fail, because it calls `forward`. Here
they are put once more; this time the name `forward` stands for the author's function. They pass, so `forward` is the
cause.

The author's functions run in a second sandboxed process (author_process.py). A call goes from the student's process
through the grader to that process. So the solution never enters the student's process, and values from the student's
process never take part in the grader's own computations.

Each try costs as much as the check. No try is made if its outcome is known: a function that was not called makes no
difference.
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

# Times the limit for a call: each crossing takes half a millisecond of processor time, part of it the grader's.
_PATIENCE = 3
_MAY_BE_BLOCKED = frozenset({"fail", "error", "missing"})


def name_causes(
    assignment: Assignment,
    results: dict[str, CheckResult],
    process: StudentProcess,
    solution: Callable[[], contextlib.AbstractContextManager[Answers]],
    seed: str,
) -> dict[str, CheckResult]:
    """The same results, but `blocked` where an earlier question is the cause.

    No points change. A blocked check carries its points: the course's rules decide how they count.

    own: the process in which the notebook ran.  solution: gives the author's functions for the time of a `with`.
    """
    failed = [c.question for c in assignment.checks if results[c.id].outcome != "pass"]
    order = [q.id for q in assignment.settings.questions if q.id in failed and defined(assignment, q.id)]
    causes: dict[str, CheckResult] = {}
    with contextlib.suppress(StudentError):  # one of the processes has ended: the causes found before stay
        doubtful = _doubtful(assignment, results, order, process)
        if doubtful:
            with solution() as right, _Search(assignment, process, right, seed) as search:
                for check in doubtful:
                    if (blocked := search.cause_of(check, order)) is not None:
                        causes[check.id] = blocked
    return results | causes


def _doubtful(
    assignment: Assignment, results: dict[str, CheckResult], order: list[str], process: StudentProcess
) -> list[Check]:
    """Failed checks whose cause may be an earlier question.

    A check of a question of which nothing is written is not one of them: it fails whatever the earlier answers are.
    """
    of_question = {q: defined(assignment, q) for q in order[1:]}
    doubtful = [c for c in assignment.checks if c.question in of_question and results[c.id].outcome in _MAY_BE_BLOCKED]
    asked = {n for c in doubtful if results[c.id].outcome == "missing" for n in of_question[c.question]}
    stubs = process.unwritten(sorted(asked)) if asked else frozenset()
    return [c for c in doubtful if results[c.id].outcome != "missing" or not stubs.issuperset(of_question[c.question])]


class _Search:
    """The search for causes in one submission: exchanges the student's functions for the author's, and tries again.

    Use it in a `with`, which ends the exchange.
    """

    def __init__(self, assignment: Assignment, process: StudentProcess, right: Answers, seed: str) -> None:
        self._assignment, self._own, self._right, self._seed = assignment, process, right, seed
        self._exchanged: list[str] = []  # questions whose names stand for the author's functions now
        self._limits = process.limits

    def __enter__(self) -> Self:
        self._own.limits = replace(self._limits, call=_PATIENCE * self._limits.call)
        return self

    def __exit__(self, *_: object) -> None:
        self._own.limits = self._limits
        if self._exchanged:
            with contextlib.suppress(StudentError):
                self._own.exchange({})

    def cause_of(self, check: Check, failed: list[str]) -> CheckResult | None:
        """The check's result as `blocked`, with the earliest question to mend; None if there is no cause."""
        functions = self._right.functions
        earlier = [q for q in failed[: failed.index(check.question)] if functions[q]]
        if not earlier or not functions[check.question]:
            return None
        every = [q.id for q in self._assignment.settings.questions]
        everything = [q for q in every[: every.index(check.question)] if functions[q]]
        # Then with all earlier questions, right or wrong: forward and backward share a cache that the student designs.
        for exchanged in (earlier, everything) if everything != earlier else (earlier,):
            outcome = self._outcome(check, exchanged)
            if outcome == "pass":
                return self._blocked(check, self._earliest(check, earlier, exchanged))
            if outcome == "missing":  # every earlier function is there now, so its own function is missing
                return None
        return None

    def _earliest(self, check: Check, earlier: list[str], exchanged: list[str]) -> str:
        """The first question of `earlier` that the check needs to pass; if it needs no single one, the first.

        The check has just passed with all of `exchanged`. It does not need a question whose functions were not called.
        """
        called = [q for q in earlier if q in self._right.called]
        if called in ([], earlier[:1]):
            return earlier[0]
        needed = (q for q in called if self._outcome(check, [e for e in exchanged if e != q]) != "pass")
        return next(needed, earlier[0])

    def _outcome(self, check: Check, exchanged: list[str]) -> Outcome:
        """The outcome with the author's functions for these questions.

        Raises StudentError if one of the processes has ended, SandboxError if it was killed from outside.
        """
        self._exchange(exchanged)
        self._right.called.clear()
        outcome = judge(check, SandboxedStudent(self._own), self._assignment.reference, self._seed).outcome
        if self._right.broken is not None:  # the student's process only got an exception, and went on
            raise self._right.broken
        if outcome in {"timeout", "crash"}:
            self._exchanged = []  # the process that would end the exchange is gone
            raise CrashError("ended its process while a cause was looked for")
        return outcome

    def _exchange(self, questions: list[str]) -> None:
        if questions != self._exchanged:  # checks of one question have the same earlier questions
            self._own.exchange(_together(self._right.functions[q] for q in questions))
            self._exchanged = questions

    def _blocked(self, check: Check, cause: str) -> CheckResult:
        names = " and ".join(f"`{name}`" for name in self._right.functions[cause])
        message = f"Your code is fine here: it passes with a correct {names} ({cause})."
        return verdict(check, "blocked", message, "blocked", blocked_by=cause, carried=check.points)


def _together(tables: Iterable[Mapping[str, RemoteFunction]]) -> dict[str, RemoteFunction]:
    return {name: function for table in tables for name, function in table.items()}
