"""Finds the cause of a failed check. If the check passes with correct earlier functions, its outcome is `blocked`.

An example: `backward` is right, and `forward` is wrong. The checks of `backward` fail, because it calls `forward`. Here
they are put once more; this time the name `forward` stands for the author's function. They pass, so `forward` is the
cause.

The author's functions run in a second sandboxed process (author_process.py). A call goes from the student's process
through the grader to that process. So the solution never enters the student's process, and values from the student's
process never take part in the grader's own computations.

A blocked check is worth its points, so these rules keep a mark from rising by a trick:

* The author answers for earlier questions only. A function of the check's own question must be right by itself.
* A check must pass with new inputs, so a stored answer does not help. With the same inputs, and without the author, it
  must fail: otherwise it passes now by luck.
* A function of the author must be called. Otherwise the exchange is not the reason why the check passes now.
* Checks of the same question that passed before must pass again. So a question never gets more points than one program
  would get that has right earlier functions.
* A check that is about memory is not put again, with one exception: see causes_of_memory.py.
* It does not matter whether an earlier question fails. So it does not pay to break one.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from itertools import groupby
from typing import Any, NamedTuple, Self

from autograder.assignment.assignment import Assignment
from autograder.authoring.checks import Check
from autograder.errors import CrashError, StudentError
from autograder.judging.author_process import Answers, asked_in_words, defined
from autograder.judging.causes_of_memory import Memory
from autograder.judging.judge import judge, of_question, verdict
from autograder.records.result import CheckResult
from autograder.sandbox.handles import RemoteFunction
from autograder.sandbox.sandboxed_student import SandboxedStudent
from autograder.sandbox.student_process import StudentProcess

# Times the limit for a call: each crossing takes half a millisecond of processor time, part of it the grader's.
_PATIENCE = 3
_MAY_BE_BLOCKED = frozenset({"fail", "error", "missing", "blocked"})


def name_causes(
    assignment: Assignment,
    results: dict[str, CheckResult],
    process: StudentProcess,
    solution: Callable[[], contextlib.AbstractContextManager[Answers]],
    seed: str,
) -> dict[str, CheckResult]:
    """The same results, but `blocked` where an earlier question is the cause.

    No points change. A blocked check carries its points: the course's rules decide how they count.

    process: in which the notebook ran.  solution: gives the author's functions for the time of a `with`.
    """
    causes: dict[str, CheckResult] = {}
    with contextlib.suppress(StudentError):  # one of the processes has ended: the causes found before stay
        doubtful = _doubtful(assignment, results, process)
        if doubtful:
            with solution() as right, _Search(assignment, results, process, right, seed) as search:
                for question, checks in groupby(doubtful, key=lambda c: c.question):
                    for blocked in search.blocked_in(question, list(checks)):
                        causes[blocked.id] = blocked
    return results | causes


def _doubtful(assignment: Assignment, results: Mapping[str, CheckResult], process: StudentProcess) -> list[Check]:
    """Failed checks whose cause may be an earlier question, in the order of the questions.

    A check of a question of which nothing is written is not one of them: it carries nothing.
    """
    names_of = {q.id: names for q in assignment.settings.questions if (names := defined(assignment, q.id))}
    later = set(list(names_of)[1:])
    put = [c for c in assignment.checks if c.id in results]  # not those that run inside, which come last
    memory = Memory(assignment, results)
    doubtful = [c for c in put if c.question in later and _may_be_blocked(results[c.id], memory)]
    asked = {name for check in doubtful for name in names_of[check.question]}
    unwritten = process.unwritten(sorted(asked)) if asked else frozenset()
    return [check for check in doubtful if not unwritten.issuperset(names_of[check.question])]


def _may_be_blocked(result: CheckResult, memory: Memory) -> bool:
    in_part = result.points > 0  # it has earned points of its own, which being blocked would take away
    slow = result.diagnosis == "timeout"  # a check can say so itself; put again, it would end the process
    allowed = memory.allows(result, memory.questions) and not in_part and not slow
    return result.outcome in _MAY_BE_BLOCKED and allowed


class _Pass(NamedTuple):
    """A check that passed. called: the questions whose functions were called.  seed: of its inputs."""

    called: AbstractSet[str]
    seed: str


class _Search:
    """The search for causes in one submission: exchanges the student's functions for the author's, and tries again.

    Use it in a `with`, which ends the exchange.
    """

    def __init__(
        self,
        assignment: Assignment,
        results: Mapping[str, CheckResult],
        process: StudentProcess,
        right: Answers,
        seed: str,
    ) -> None:
        self._assignment, self._results, self._own, self._right = assignment, results, process, right
        self._seed, self._draws, self._memory = seed, 0, Memory(assignment, results)
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

    def blocked_in(self, question: str, doubtful: Sequence[Check]) -> Iterator[CheckResult]:
        """Those of a question's failed checks that pass with the author's earlier functions, as `blocked`."""
        best: dict[Check, _Pass] = {}
        chosen: list[str] = []
        for exchanged in self._exchanges(question) if self._right.functions[question] else ():
            unresolved = [c for c in doubtful if c not in best]
            if passing := self._passing(unresolved, exchanged):
                passing |= self._passing(list(best), exchanged)
            if _points(passing) > _points(best) and self._still_pass(question, exchanged):
                passing = {
                    c: p for c, p in passing.items() if self._was_not_put(c) or self._called(c, [], p.seed) is None
                }
                best, chosen = max((best, chosen), (passing, exchanged), key=lambda pair: _points(pair[0]))
        causes: dict[AbstractSet[str], str] = {}  # checks that call the same questions have the same cause
        for check, passed in best.items():
            if passed.called not in causes:
                causes[passed.called] = self._cause(check, passed, chosen)
            yield self._blocked(check, causes[passed.called])

    def _exchanges(self, question: str) -> list[list[str]]:
        """The questions whose functions are exchanged: first those that fail; then all, right or wrong.

        All of them are needed if forward and backward share a cache that the student designs. They are also tried if no
        earlier question fails: otherwise it would pay to break one of them.
        """
        every = [q.id for q in self._assignment.settings.questions]
        everything = [q for q in every[: every.index(question)] if self._right.functions[q]]
        failed = [q for q in everything if self._fails(q)]
        return [each for each in ([failed, everything] if failed != everything else [everything]) if each]

    def _fails(self, question: str) -> bool:
        return any(r.outcome != "pass" for r in of_question(self._assignment, question, self._results))

    def _passing(self, doubtful: Sequence[Check], exchanged: list[str]) -> dict[Check, _Pass]:
        """The checks that pass now, with new inputs.

        If no earlier question fails, a cause outside of the question is rare, and the first check decides for all.
        Checks that waited for a question share what they note, as if they were put for the first time.
        """
        passing: dict[Check, _Pass] = {}
        memo: dict[Any, Any] = {}
        for check in doubtful:
            seed = self._new_seed()
            called = self._called(check, exchanged, seed, memo if self._was_not_put(check) else None)
            if called and not self._memory.allows(self._results[check.id], called):
                continue
            if called or (called is not None and self._was_not_put(check)):
                passing[check] = _Pass(called, seed)
            elif not passing and not any(map(self._fails, exchanged)):
                break
        return passing

    def _was_not_put(self, check: Check) -> bool:
        """Whether a question that the check needs is wrong, so that nobody knows yet whether it passes by itself."""
        return bool(check.needs) and self._results[check.id].outcome == "blocked"

    def _still_pass(self, question: str, exchanged: list[str]) -> bool:
        """Whether the question's hidden checks that passed before pass now.

        A function that behaves in two ways gets the points of one of them, never of both. The inputs of a public check
        are known, and functions among them may stay in the student's process, where the author's cannot call them.
        """
        checks = (c for c in self._assignment.checks if c.question == question and c.visibility == "hidden")
        passed = (c for c in checks if self._results[c.id].outcome == "pass")
        return all(self._called(c, exchanged, self._new_seed()) is not None for c in passed)

    def _new_seed(self) -> str:
        """A seed of inputs that no call has seen: an answer that a function has stored is of no use."""
        self._draws += 1
        return f"{self._seed}, exchanged {self._draws}"

    def _cause(self, check: Check, passed: _Pass, exchanged: list[str]) -> str:
        """The first question that the check needs to pass, failed ones before right ones; if it needs no single one,
        the first of those that were called.
        """
        if self._was_not_put(check):
            return self._results[check.id].blocked_by
        failed = [q for q in exchanged if q in passed.called and self._fails(q)]
        order = [*failed, *(q for q in exchanged if q in passed.called and q not in failed)]
        if len(order) == 1 or (len(failed) == 1 and all(map(self._fails, exchanged))):
            return order[0]
        needed = (q for q in order if self._called(check, [e for e in exchanged if e != q], passed.seed) is None)
        return next(needed, order[0])

    def _called(
        self, check: Check, exchanged: list[str], seed: str, memo: dict[Any, Any] | None = None
    ) -> AbstractSet[str] | None:
        """The questions whose functions were called, if the check passes with the author's functions for `exchanged`.

        None if it does not pass. Raises StudentError if one of the processes has ended, SandboxError if it was killed
        from outside.  memo: see judge.
        """
        self._exchange(exchanged)
        self._right.called.clear()
        student, reference = SandboxedStudent(self._own), self._assignment.reference_of(check)
        outcome = judge(check, student, reference, seed, memo=memo).outcome
        if self._right.broken is not None:  # the student's process only got an exception, and went on
            raise self._right.broken
        if outcome in {"timeout", "crash"}:
            self._exchanged = []  # the process that would end the exchange is gone
            raise CrashError("ended its process while a cause was looked for")
        return frozenset(self._right.called) if outcome == "pass" else None

    def _exchange(self, questions: list[str]) -> None:
        if questions != self._exchanged:  # checks of one question have the same earlier questions
            self._own.exchange(_together(self._right.functions[q] for q in questions))
            self._exchanged = questions

    def _blocked(self, check: Check, cause: str) -> CheckResult:
        names = asked_in_words(self._assignment, cause)
        unseen = "" if self._fails(cause) else f" The checks of {cause} do not see the mistake."
        message = f"Your code is fine here: it passes with a correct {names} ({cause}).{unseen}"
        return verdict(check, "blocked", message, "blocked", blocked_by=cause, carried=check.points)


def _points(checks: Iterable[Check]) -> float:
    return sum(check.points for check in checks)


def _together(tables: Iterable[Mapping[str, RemoteFunction]]) -> dict[str, RemoteFunction]:
    return {name: function for table in tables for name, function in table.items()}
