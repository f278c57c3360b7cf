"""The author's solution, answering in a process of its own for what a student's notebook calls by an earlier name.

Starting one takes as long as a whole submission's calls. So it stays for the next submissions if the author says in
assignment.toml that the solution's functions remember nothing (`stateless_solution = true`). Each answer then depends
on the arguments alone: neither the order of the submissions nor the choice of the grader process can matter. What a
process holds besides its functions is put back, or the process is replaced:

memory      what a use left there is dropped at its end; a process that ran out of it is replaced
time        a use has the deadline of its submission, and at least the processor time that a fresh process has
its end     one that died, answered late or broke the protocol is replaced before the next use, at that one's expense

A hostile notebook gets no further with one that stays: plain values go in, the author's code alone runs there, and what
comes out can turn `fail` into `blocked`, no more. Causes move no points.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from autograder.assignment.assignment import Assignment
from autograder.errors import AutograderError, MemoryLimitError, RaisedError
from autograder.sandbox.connection import Limits
from autograder.sandbox.handles import RemoteFunction
from autograder.sandbox.launcher import Zygote
from autograder.sandbox.student_process import StudentProcess

MAX_USES = 200  # of one process: 0.1 ms a submission, and whatever we have not thought of ends there


def defined(assignment: Assignment, question: str) -> list[str]:
    """The public names that a question's solution cells define, in order of the alphabet."""
    own = (c.defines for c in assignment.cells if c.role == "solution" and c.question == question)
    return sorted(name for names in own for name in names if not name.startswith("_"))


class AuthorProcesses:
    """The authors' processes that belong to one zygote. Close it before the zygote."""

    def __init__(self) -> None:
        self._processes: dict[Hashable, AuthorProcess] = {}

    def of(self, zygote: Zygote, assignment: Assignment, limits: Limits) -> AuthorProcess:
        """The one for this assignment. Its process starts when it is used for the first time."""
        cells = tuple(c.source for c in assignment.cells if c.role in {"setup", "solution"})
        key = (assignment.name, cells, limits)  # everything that decides what such a process answers
        if key not in self._processes:
            self._processes[key] = AuthorProcess(zygote, assignment, cells, limits)
        return self._processes[key]

    def close(self) -> None:
        """End all of them."""
        for process in self._processes.values():
            process.close()
        self._processes.clear()


class Answers:
    """The author's functions, from one process.

    functions: by question and name.  called: questions of which one was called, until somebody clears it.
    broken: why the process can answer no more, if it cannot.
    """

    def __init__(self, session: StudentProcess, assignment: Assignment) -> None:
        self.session = session
        self.called: set[str] = set()
        self.broken: AutograderError | None = None
        self.out_of_memory = False
        self.seconds = 0.0  # of wall clock in calls; of processor time it is no more, as there is one thread
        self.uses = 0
        self.functions: Mapping[str, Mapping[str, RemoteFunction]] = {
            q.id: {
                name: _Watched(function, q.id, self)
                for name in defined(assignment, q.id)
                if isinstance(function := session.get(name), RemoteFunction)
            }
            for q in assignment.settings.questions
        }
        self._first = 1 + max((f.number for own in self.functions.values() for f in own.values()), default=-1)

    def forget(self) -> None:
        """Have the process drop all it kept but these functions. Raises StudentError."""
        self.session.forget(self._first)


class _Watched(RemoteFunction):
    """A function of the author's: that it was called, how long it took, and whether its process came to harm."""

    def __init__(self, function: RemoteFunction, question: str, answers: Answers, *, shows: bool = False) -> None:
        super().__init__(function.owner, function.number, function.description, shows=shows)
        self._question, self._answers = question, answers

    def showing(self) -> RemoteFunction:
        return _Watched(self, self._question, self._answers, shows=True)

    def _request(
        self, args: tuple[Any, ...], kwargs: dict[str, Any], *, keep: int | bool = False, shown: bool = False
    ) -> Any:
        began = time.monotonic()
        self._answers.called.add(self._question)
        try:
            return super()._request(args, kwargs, keep=keep, shown=shown)
        except RaisedError as error:
            self._answers.out_of_memory |= isinstance(error, MemoryLimitError)
            raise
        except AutograderError as error:
            self._answers.broken = error
            raise
        finally:
            self._answers.seconds += time.monotonic() - began


class AuthorProcess:
    """One assignment's solution in one zygote, and its process while there is one."""

    def __init__(self, zygote: Zygote, assignment: Assignment, cells: tuple[str, ...], limits: Limits) -> None:
        self._zygote, self._assignment, self._cells, self._limits = zygote, assignment, cells, limits
        self._stays = assignment.settings.stateless_solution
        self._answers: Answers | None = None

    @contextlib.contextmanager
    def used(self, deadline: float, *, forgives: bool) -> Iterator[Answers]:
        """For one submission. deadline, forgives: as for StudentProcess. Raises StudentError if there is no process."""
        if self._answers is None or self._answers.session.line.has_ended():
            self.close()
            self._answers = self._started(deadline, forgives=forgives)
        answers = self._answers
        answers.session.deadline, answers.session.line.forgives = deadline, forgives
        answers.uses += 1
        answers.called.clear()
        try:
            yield answers
        finally:
            if not self._stays or not self._is_as_new(answers):
                self.close()

    def close(self) -> None:
        """End its process."""
        if self._answers is not None:
            self._answers.session.close()
            self._answers = None

    def _started(self, deadline: float, *, forgives: bool) -> Answers:
        limits = replace(self._limits, cpu=2 * self._limits.cpu)  # see _is_as_new
        session = StudentProcess(self._zygote, limits, self._assignment.name, deadline, forgives=forgives)
        try:
            for source in self._cells:
                session.run_cell(source)
            return Answers(session, self._assignment)
        except BaseException:
            session.close()
            raise

    def _is_as_new(self, answers: Answers) -> bool:
        """Whether the next submission finds nothing of this one. Its half of the processor time is still there."""
        if answers.broken or answers.out_of_memory or answers.uses >= MAX_USES or answers.seconds > self._limits.cpu:
            return False
        try:
            answers.forget()
        except AutograderError:  # whatever it was, the next use gets another
            return False
        return True
