"""A notebook under way: the process that holds its state, and the next one if that process ends."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Self

from autograder.assignment.assignment import Assignment
from autograder.assignment.settings import LimitSettings
from autograder.errors import CrashError, RaisedError, StudentError, TimeLimitError
from autograder.judging.author_process import Answers, AuthorProcesses, given_names, set_up_names
from autograder.judging.cells import has_code
from autograder.judging.facts import broken_cell, facts_of
from autograder.records.result import CellError
from autograder.sandbox.clocks import Deadline
from autograder.sandbox.connection import Limits
from autograder.sandbox.launcher import Zygote
from autograder.sandbox.sandboxed_student import SandboxedStudent
from autograder.sandbox.student_process import StudentProcess
from autograder.text import one_line

MAX_DEATHS = 8  # processes one submission may use up


def limits_of(settings: LimitSettings) -> Limits:
    """The sandbox's limits, from those of assignment.toml."""
    return Limits(
        memory=settings.memory_mb << 20,
        cell=settings.cell_seconds,
        call=settings.call_seconds,
        submission=settings.submission_seconds,
        cpu=settings.cpu_seconds or int(settings.submission_seconds) + 5,
        output=settings.output_kb << 10,
        wall_factor=settings.wall_factor,
    )


class NotebookRun:
    """A notebook under way: the process that holds its state, and the next one if that process ends.

    cells: (number, source).  modules: texts of the student's own modules, by name.  deadline: of its submission.
    authors: for the author's solution.  forgives: as for StudentProcess.  questions: of the cells, by number.
    """

    def __init__(
        self,
        zygote: Zygote,
        assignment: Assignment,
        cells: tuple[tuple[int, str], ...],
        modules: Mapping[str, str],
        deadline: Deadline,
        authors: AuthorProcesses,
        *,
        forgives: bool = True,
        questions: Mapping[int, str] = MappingProxyType({}),
    ) -> None:
        self.errors: list[CellError] = []
        self.dropped = 0  # characters of output
        self._zygote, self._assignment, self._authors, self._forgives = zygote, assignment, authors, forgives
        self._modules, self._questions = modules, questions
        self._limits = limits_of(assignment.settings.limits)
        self._cells = tuple((number, source) for number, source in cells if has_code(source))
        self.facts = facts_of(cells, set_up_names(assignment))
        self._stubs: dict[str, bool] = {}
        self._deadly: dict[int, str] = {}  # cells that end every process, and how
        self.deadline = deadline
        self.session: StudentProcess | None = None
        self.memo: dict[Any, Any] = {}  # what its checks share
        self._deaths = 0

    def start(self) -> None:
        """Start a process and run the cells in it, if there is none."""
        while self.session is None and self._deaths < MAX_DEATHS and not self.deadline.has_passed():
            self.errors.clear()
            self.facts.broken.clear()
            try:
                self.session = self._process()
            except StudentError as error:  # no time is left
                self.errors.append(CellError(cell=0, error=one_line(str(error)), kind="ended"))
                continue
            self._run_cells(self.session)

    def _run_cells(self, session: StudentProcess) -> None:
        ran: list[int] = []
        for number, source in self._cells:
            if number in self._deadly:
                self.errors.append(CellError(cell=number, error=f"left out: {self._deadly[number]}", kind="left_out"))
                self.facts.broken.append(broken_cell(number, source))
                continue
            ran.append(number)
            session.ran.append((number, self._questions.get(number, "")))
            try:
                session.run_cell(source)
            except RaisedError as error:
                text = one_line(f"{error.type_name}: {error.text}")
                self.errors.append(CellError(cell=number, error=text, type=error.type_name))
                self.facts.broken.append(broken_cell(number, source, error))
            except (TimeLimitError, CrashError) as error:
                self._deadly[number] = one_line(str(error))
                self.bury()
                return
        self._restore_names(session, ran)

    def _restore_names(self, session: StudentProcess, ran: list[int]) -> None:
        """Judge the functions that were overwritten by mistake, and say which cell did it. ran: the cells that ran."""
        places = dict(enumerate(ran, 1))
        try:
            overwritten = session.restore(given_names(self._assignment))
        except StudentError:
            self.bury()
            return
        for name, defined, by in overwritten:
            if by in places and (defined in places or not defined):
                meant = f"the one of cell {places[defined]}" if defined else "Python's own"
                text = f"overwrote `{name}`; {meant} was graded. Hint: use another name for the result"
                self.errors.append(CellError(cell=places[by], error=text, kind="overwrote"))

    def student(self) -> SandboxedStudent:
        """The `student` for checks. Raises TimeLimitError or CrashError if there is no process."""
        self.start()
        if self.session is None:
            raise self.deadline.error() or CrashError("the notebook ended its process again and again")
        return SandboxedStudent(self.session)

    def solution(self) -> contextlib.AbstractContextManager[Answers]:
        """The author's solution, in a process of its own. Entering it raises StudentError if there is no process."""
        process = self._authors.of(self._zygote, self._assignment, self._limits)
        return process.used(self.deadline, forgives=self._forgives)

    def again(self, deadline: Deadline) -> NotebookRun:
        """The same notebook, without the cells that end every process."""
        given = self._zygote, self._assignment, self._cells, self._modules, deadline, self._authors
        run = NotebookRun(*given, forgives=self._forgives, questions=self._questions)
        run._deadly |= self._deadly
        return run

    def _process(self) -> StudentProcess:
        given = self._zygote, self._limits, self._assignment.name, self.deadline
        return StudentProcess(*given, forgives=self._forgives, modules=self._modules)

    def first_unwritten(self, names: Iterable[str]) -> str:
        """The first of these functions that has no code of its own; "" if all have some. Each is looked at once."""
        names = list(names)
        unknown = [name for name in names if name not in self._stubs]
        try:
            stubs = self.session.unwritten(unknown) if unknown and self.session is not None else frozenset()
        except StudentError:
            self.bury()
            stubs = frozenset()
        self._stubs |= {name: name in stubs for name in unknown}
        return next((name for name in names if self._stubs[name]), "")

    def count_dropped(self) -> None:
        """Ask the process how much output it dropped."""
        with contextlib.suppress(StudentError):
            self.dropped = 0 if self.session is None else self.session.dropped()

    def bury(self, *, counted: bool = True) -> None:
        """Kill the process. The next check gets a new one."""
        self._deaths += counted
        if self.session is not None:
            self.session.close()
            self.session = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.session is not None:
            self.session.close()
