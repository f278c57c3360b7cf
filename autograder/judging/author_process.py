"""The author's solution in a process of its own. It answers when a notebook calls an earlier function.

Starting one takes as long as a whole submission's calls. So it stays for the next submissions if the author says in
assignment.toml that the solution's functions remember nothing (`stateless_solution = true`). Each answer then depends
on the arguments alone: neither the order of the submissions nor the choice of the grader process can matter. What a
process holds besides its functions is put back, or the process is replaced:

memory      kept values are dropped after each use; a process that ran out of memory is replaced
time        each use has the deadline of its submission, and at least the processor time of a new process
its end     a process that died, answered late or broke the protocol is replaced before the next use

A hostile notebook gains nothing from a process that stays: it can send plain values only, only the author's code runs,
and an answer can turn `fail` into `blocked`. The rules of causes.py keep a mark from rising by that.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from autograder.assignment.assignment import Assignment
from autograder.assignment.source import SourceCell, blank, functions_in, imported_names
from autograder.errors import AutograderError, MemoryLimitError, RaisedError
from autograder.sandbox.clocks import Deadline
from autograder.sandbox.connection import Limits
from autograder.sandbox.handles import RemoteFunction
from autograder.sandbox.launcher import Zygote
from autograder.sandbox.student_process import StudentProcess

MAX_USES = 200  # of one process; then a new one starts, in case a use left a trace after all


def defined(assignment: Assignment, question: str) -> list[str]:
    """The public names that a question's solution cells define, in order of the alphabet."""
    cells = (c for c in assignment.cells if c.role == "solution" and c.question == question)
    return sorted(name for cell in cells for name in cell.defines if not name.startswith("_"))


def asked_in_words(assignment: Assignment, question: str) -> str:
    """What a question asks for: "`f`", "`f` and `g`". Students do not know the helpers of the solution."""
    cells = (c for c in assignment.cells if c.role == "solution" and c.question == question)
    return " and ".join(f"`{name}`" for cell in cells for name in functions_in(blank(cell.source)))


def given_names(assignment: Assignment) -> list[str]:
    """The names that a notebook begins with (of set-up cells) or asks for, in order of the alphabet."""
    return _defined_by(assignment.cells, ("setup", "solution"))


def set_up_names(assignment: Assignment) -> list[str]:
    """Those that a notebook begins with: nobody is asked to write them."""
    return _defined_by(assignment.cells, ("setup",))


@functools.lru_cache(maxsize=32)
def _defined_by(cells: tuple[SourceCell, ...], roles: tuple[str, ...]) -> list[str]:
    code = [cell for cell in cells if cell.role in roles and cell.kind == "code"]
    return sorted({name for cell in code for name in cell.defines | imported_names(cell.source)})


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

    functions: by question and name.  called: questions of which a function was called since it was cleared.
    broken: the error, if the process cannot answer any more.
    """

    def __init__(self, session: StudentProcess, assignment: Assignment) -> None:
        self.session = session
        self.called: set[str] = set()
        self.broken: AutograderError | None = None
        self.out_of_memory = False
        self.uses = 0
        self.functions: Mapping[str, Mapping[str, RemoteFunction]] = {
            q.id: {
                name: _Watched(function, q.id, self)
                for name in defined(assignment, q.id)
                if isinstance(function := session.get(name), RemoteFunction)
            }
            for q in assignment.settings.questions
        }
        self._first = 1 + max((f.number for group in self.functions.values() for f in group.values()), default=-1)

    def forget(self) -> None:
        """Make the process drop everything that it kept but these functions. Raises StudentError."""
        self.session.forget(self._first)


class _Watched(RemoteFunction):
    """A function of the author that notes its calls, and the end of its process."""

    def __init__(self, function: RemoteFunction, question: str, answers: Answers, *, shows: bool = False) -> None:
        super().__init__(function.owner, function.number, function.description, shows=shows)
        self._question, self._answers = question, answers

    def showing(self) -> RemoteFunction:
        return _Watched(self, self._question, self._answers, shows=True)

    def _request(self, args: tuple[Any, ...], kwargs: dict[str, Any], op: str = "call", **how: Any) -> Any:
        self._answers.called.add(self._question)
        try:
            return super()._request(args, kwargs, op, **how)
        except RaisedError as error:
            self._answers.out_of_memory |= isinstance(error, MemoryLimitError)
            raise
        except AutograderError as error:
            self._answers.broken = error
            raise


class AuthorProcess:
    """One assignment's solution in one zygote, and its process while there is one."""

    def __init__(self, zygote: Zygote, assignment: Assignment, cells: tuple[str, ...], limits: Limits) -> None:
        self._zygote, self._assignment, self._cells, self._limits = zygote, assignment, cells, limits
        self._stays = assignment.settings.stateless_solution
        self._answers: Answers | None = None

    @contextlib.contextmanager
    def used(self, deadline: Deadline, *, forgives: bool) -> Iterator[Answers]:
        """Use the functions for one submission.

        deadline, forgives: as for StudentProcess. Raises StudentError if there is no process.
        """
        if self._answers is None or self._answers.session.line.has_ended():
            self.close()
            self._answers = self._started(deadline, forgives=forgives)
        answers = self._answers
        answers.session.serve(deadline, forgives=forgives)
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

    def _started(self, deadline: Deadline, *, forgives: bool) -> Answers:
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
        """Whether the next submission finds no trace of this one, and half of the processor time is left."""
        if answers.broken or answers.out_of_memory or answers.uses >= MAX_USES:
            return False
        if answers.session.line.clock.seconds() > self._limits.cpu:
            return False
        try:
            answers.forget()
        except AutograderError:  # the next use gets a new process
            return False
        return True
