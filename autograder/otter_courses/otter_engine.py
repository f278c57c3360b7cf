"""Grades one submission after the other with one autograder.zip, as `otter run` does, in our sandbox.

A submission has a process of its own, as it has a Jupyter kernel in otter. The teacher's test files are loaded once, in
another process of the same kind: a test file is a program, too.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from autograder.errors import CourseError, CrashError, MalformedError, RaisedError, TimeLimitError
from autograder.otter_courses.check_desk import CheckDesk
from autograder.otter_courses.otter_archive import OtterArchive
from autograder.otter_courses.otter_result import OtterResult, OtterStatus, question_of
from autograder.otter_courses.otter_settings import OtterSettings
from autograder.otter_courses.otter_test import BrokenTest, OtterTest, OtterTests, test_of
from autograder.otter_courses.otter_work import Files, OtterSubmission, OtterWork, read_otter_work
from autograder.records.result import CellError, Sandbox
from autograder.sandbox.clocks import Deadline
from autograder.sandbox.connection import Limits
from autograder.sandbox.launcher import Zygote
from autograder.sandbox.private_folder import PIECE, no_folder, with_room
from autograder.sandbox.student_process import StudentProcess
from autograder.sandbox.worker.landlock import landlock_abi
from autograder.sandbox.worker.sharing import Callback
from autograder.text import one_line

LIMITS = Limits(memory=4 << 30, cell=60.0, call=60.0, submission=300.0, cpu=305, output=1 << 16)
MAX_ERRORS = 50  # of cells that are kept


@dataclass(frozen=True, slots=True)
class OtterCourse:
    """An archive whose tests are loaded, and the limits of a submission."""

    archive: OtterArchive
    tests: OtterTests
    limits: Limits


def load_course(archive: OtterArchive, zygote: Zygote, limits: Limits = LIMITS) -> OtterCourse:
    """Load the tests of an archive, in a process of their own. Raises CourseError if that process ends."""
    try:
        with _process(zygote, limits, _laid_out({}, archive)) as process:
            described = process.request("otter_tests", limits.cell, sources=dict(archive.tests))
    except (CrashError, TimeLimitError, RaisedError) as error:
        raise CourseError(f"tests: expected test files that can be loaded, got: {error}.") from None
    described = described if isinstance(described, dict) else {}
    tests = {path: test_of(path, source, described.get(path)) for path, source in archive.tests.items()}
    return OtterCourse(archive, tests, limits)


def grade_otter_submission(submission: OtterSubmission, course: OtterCourse, zygote: Zygote) -> OtterResult:
    """Grade one submission. Raises SandboxError if no process can be made; everything else is in the result."""
    began = time.monotonic()
    try:
        work = read_otter_work(submission, course.archive.files)
        _require_assignment(work, course.archive.settings)
    except MalformedError as error:
        return OtterResult(name=submission.name, status="refused", reason=one_line(error.advice))
    result = _Grading(submission, course, work).run(zygote)
    sandbox = Sandbox(tier=zygote.tier, landlock=landlock_abi(), namespaces=zygote.namespaces)
    return result.model_copy(update={"sandbox": sandbox, "seconds": round(time.monotonic() - began, 3)})


def _require_assignment(work: OtterWork, settings: OtterSettings) -> None:
    wanted = settings.assignment_name
    if wanted and work.is_notebook and work.assignment_name != wanted:
        got = one_line(repr(work.assignment_name), 80) if work.assignment_name else "a notebook without a name"
        raise MalformedError(f"expected a notebook of the assignment {wanted!r}, got {got}")


def _laid_out(students: Files, archive: OtterArchive) -> dict[str, bytes]:
    """The files of the process's folder, as otter puts them together. Of a test there is only an empty file.

    The teacher's files stand above the student's; a folder at the top is one or the other.
    """
    folders = {name.partition("/")[0] for name in students if "/" in name}
    teachers = {n: data for n, data in archive.files.items() if "/" not in n or n.partition("/")[0] not in folders}
    files = {"__init__.py": b"", **students, **teachers}
    return {n: data for n, data in files.items() if n.partition("/")[0] != "tests"} | dict.fromkeys(archive.tests, b"")


@contextlib.contextmanager
def _process(zygote: Zygote, limits: Limits, files: Files) -> Iterator[StudentProcess]:
    """A process that has begun a notebook with these files beside it. Raises SandboxError.

    In a sandbox without a folder modules are held in memory, and there can be no other files.
    """
    deadline = Deadline(limits.submission, limits.wall_factor)
    modules = {} if zygote.namespaces else _modules(files)
    limits = with_room(limits, {name: len(data) for name, data in files.items()})
    with StudentProcess(zygote, limits, "", deadline, modules=modules) as process:
        process.start("submission" if zygote.namespaces else "", {})
        for path, data in files.items() if zygote.namespaces else ():
            for start in range(0, max(1, len(data)), PIECE):
                process.write(path, data[start : start + PIECE])
        yield process


def _modules(files: Files) -> dict[str, str]:
    """The texts of modules, by name. Raises SandboxError if there are files that a notebook might open."""
    others = {n: data for n, data in files.items() if not n.endswith(".ipynb") and data}
    for name in others:
        if "/" in name or not name.endswith(".py"):
            raise no_folder(name)
    return {name.removesuffix(".py"): data.decode("utf-8", "replace") for name, data in others.items()}


def seeded(cells: tuple[str, ...], settings: OtterSettings) -> Iterator[str]:
    """The cells, each with otter's line that sets the seed on top."""
    if settings.seed is None:
        yield from cells
        return
    line = f"{settings.seed_variable} = {settings.seed}"
    if settings.seed_variable is None:
        line = f"__import__('numpy').random.seed({settings.seed})\n__import__('random').seed({settings.seed})"
    for cell in cells:
        yield cell if cell.startswith("%%") else f"{line}\n{cell}"


class _Grading:
    """One submission under way."""

    def __init__(self, submission: OtterSubmission, course: OtterCourse, work: OtterWork) -> None:
        self.name, self.course, self.work = submission.name, course, work
        self.desk = CheckDesk(course.tests)
        self.errors: list[CellError] = []
        self.broken_test = ""
        self._first_run = 0  # of the cell or test that runs now

    def run(self, zygote: Zygote) -> OtterResult:
        """Run the cells, then the tests that have not run."""
        limits = self.course.limits
        files = _laid_out(self.work.files, self.course.archive)
        try:
            with _process(zygote, limits, files) as process:
                process.request("otter", limits.call, ask=Callback(self.desk), folder=zygote.namespaces)
                process.keep_callbacks()
                self._run_cells(process)
                problem = self._run_the_rest(process)
        except (CrashError, TimeLimitError) as error:
            self.desk.end_open_runs(self._first_run)
            return self._result("stopped", str(error))
        except RaisedError as error:  # before any student code ran: a file could not be written, for example
            return self._result("error", f"{error.type_name}: {error.text}")
        return self._result("broken" if problem else "graded", problem)

    def _run_cells(self, process: StudentProcess) -> None:
        for number, source in enumerate(seeded(self.work.cells, self.course.archive.settings), 1):
            if not source.strip():
                continue
            self._first_run = len(self.desk.runs)
            try:
                answer, interrupted = process.run(source, self.course.limits.cell)
            except RaisedError as error:  # for example, its outputs are too large to hand over
                self._note(number, error.type_name, error.text)
                continue
            if interrupted is not None:
                self.desk.end_open_runs(self._first_run)
                self._note(number, "TimeLimit", str(interrupted))
            self._note_errors(number, answer)

    def _run_the_rest(self, process: StudentProcess) -> str:
        """Run the tests that no cell has run. Returns why otter would give no result, or ""."""
        for path in sorted(path for path in self.course.tests if path.count("/") == 1):
            if self.desk.has_run(path):
                continue
            test = self.course.tests[path]
            if isinstance(test, BrokenTest):
                self.broken_test = path
                return test.problem
            self._first_run = len(self.desk.runs)
            try:
                ran, interrupted = process.interruptible("otter_test", self.course.limits.cell, path=f"./{path}")
            except RaisedError as error:
                return f"{error.type_name}: {error.text}"
            if interrupted is None and ran is not True:
                return "KeyboardInterrupt"
            self.desk.end_open_runs(self._first_run)
            if not self.desk.has_run(path):
                self.desk.fail(test)
        try:
            process.request("otter_end", self.course.limits.call)
        except RaisedError as error:
            return f"{error.type_name}: {error.text}"
        return ""

    def _note(self, cell: int, kind: str, text: str) -> None:
        if len(self.errors) < MAX_ERRORS:
            self.errors.append(CellError(cell=cell, error=one_line(f"{kind}: {text}", 300), type=one_line(kind, 80)))

    def _note_errors(self, cell: int, answer: Any) -> None:
        """Note the exception of a cell, for the teacher. The answer is unchecked."""
        match answer:
            case [_, [*outputs]]:
                for output in outputs:
                    match output:
                        case {"output_type": "error", "ename": str(kind), "evalue": str(text)}:
                            self._note(cell, kind, text)

    def _result(self, status: OtterStatus, reason: str) -> OtterResult:
        if status == "stopped":
            self._fail_the_rest()
        runs = self.desk.results().values() if status in {"graded", "stopped"} else ()
        return OtterResult(
            name=self.name,
            status=status,
            reason=one_line(reason),
            broken_test=self.broken_test,
            questions=tuple(question_of(run) for run in runs),
            cell_errors=tuple(self.errors),
            remarks=self.work.remarks,
        )

    def _fail_the_rest(self) -> None:
        for path in sorted(self.course.tests):
            test = self.course.tests[path]
            if isinstance(test, OtterTest) and path.count("/") == 1 and not self.desk.has_run(path):
                self.desk.fail(test)
