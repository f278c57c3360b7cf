"""Runs the author's solution in the sandbox, and puts every check to it, before students get anything.

A public check that fails, a misspelt function, a package or a file that a notebook cannot have: nobody would see them
before the first student does. The first fault is one line that names the cell or the check.
"""

from __future__ import annotations

import math
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import numpy as np

from autograder.assignment.assignment import Assignment
from autograder.assignment.author_code import author_code
from autograder.assignment.cell_marks import PICTURES
from autograder.assignment.source import SourceCell, released_check
from autograder.authoring.checks import Check
from autograder.authoring.failing import PartOfThePoints
from autograder.authoring.rules import rule_faults
from autograder.authoring.slip_faults import FEW, slip_faults
from autograder.equipment import Equipment
from autograder.errors import (
    CourseError,
    CrashError,
    MemoryLimitError,
    RaisedError,
    SandboxError,
    StudentError,
    TimeLimitError,
)
from autograder.judging.clock import deadline_of
from autograder.judging.judge import arguments_of
from autograder.judging.notebook_run import limits_of
from autograder.judging.submission import needed_first
from autograder.release.build import require_known_imports
from autograder.sandbox.launcher import Zygote
from autograder.sandbox.prestart import Prestart
from autograder.sandbox.sandboxed_student import SandboxedStudent
from autograder.sandbox.student_process import StudentProcess
from autograder.sandbox.tiers import open_sandbox

SEED = "release"  # always the same inputs: whether other inputs change the points is the audit's question
_RIGHT = "your own solution to pass"
# Limits of the sandbox that Jupyter does not have, by the name of the exception that a cell or a call then raises.
_HINTS = {
    "ModuleNotFoundError": "a notebook has the packages of assignment.toml, and the hand-outs",
    "ImportError": "a notebook has the packages of assignment.toml, and the hand-outs",
    "FileNotFoundError": "a notebook can read its hand-outs and nothing else",
    "PermissionError": "a notebook can read its hand-outs, and has no network and no other programs",
    "OSError": "a notebook can read its hand-outs, and has no network and no other programs",
}


@contextmanager
def sandboxes_for(
    assignments: Sequence[Assignment], prestart: Prestart | None = None
) -> Iterator[Callable[[Assignment], Zygote]]:
    """A function that opens the sandbox of one of these assignments, and raises SandboxError where there is none.

    Assignments with the same packages and files share one.  prestart: a zygote that has started.
    """
    zygotes: dict[Equipment, Zygote] = {}

    def sandbox_of(assignment: Assignment) -> Zygote:
        if sys.platform != "linux":
            raise SandboxError("sandbox: expected Linux, whose kernel has it, got another system.")
        equipment = assignment.equipment
        if equipment not in zygotes:
            handouts = {each.name: each.handouts for each in assignments if each.equipment == equipment}
            zygotes[equipment] = open_sandbox(handouts, equipment=equipment, prestart=prestart)
        return zygotes[equipment]

    try:
        yield sandbox_of
    finally:
        for zygote in zygotes.values():
            zygote.close()


def try_out(assignment: Assignment, zygote: Zygote) -> None:
    """Run posters without a solution, then the solution's cells with all checks, then the figures.

    Raises CourseError for the first fault.
    """
    require_known_imports(assignment)
    require_not_free(assignment, FEW)
    limits, deadline = limits_of(assignment.settings.limits), deadline_of(assignment)
    if any(cell.role == "poster" for cell in assignment.cells):
        with StudentProcess(zygote, limits, assignment.name, deadline_of(assignment)) as session:
            _run(session, assignment, [c for c in assignment.cells if c.role in {"setup", "poster"}])
    with StudentProcess(zygote, limits, assignment.name, deadline) as session:
        _run(session, assignment, [c for c in assignment.cells if c.role not in {*PICTURES, "check", "otter"}])
        student = SandboxedStudent(session)
        for check in needed_first(c for c in assignment.checks if c.visibility != "inside"):
            _put(check, assignment, student)
        for cell in (c for c in assignment.cells if c.role == "check"):
            with _answering(f"{assignment.name}, {cell.name}, in the notebook", _RIGHT):
                session.run_cell(released_check(cell.source))
        for check in (c for c in assignment.checks if c.visibility == "inside"):
            _put(check, assignment, student)
    with StudentProcess(zygote, limits, assignment.name, deadline_of(assignment)) as session:
        _run(session, assignment, [c for c in assignment.cells if c.role not in {"check", "otter"}])


def require_not_free(assignment: Assignment, draws: int) -> None:
    """No slip and no rule gives points to a body that does nothing. draws: for each slip. Raises CourseError."""
    for group in assignment.slips:
        where, file = f"{assignment.name}, slips of {group.question}", group.make.__code__.co_filename
        with assignment.in_folder(), author_code(where, file), np.errstate(all="ignore"):
            fault = next(slip_faults(group, assignment.reference, assignment.checks, draws), "")
        if fault:
            raise CourseError(f"{where}: {fault}.")
    for identity, right in assignment.rules.items():
        where, file = f"{assignment.name}, the rule of {identity}", right.function.__code__.co_filename
        with assignment.in_folder(), author_code(where, file):
            fault = next(rule_faults(right), "")
        if fault:
            raise CourseError(f"{where}: {fault}.")


def _run(session: StudentProcess, assignment: Assignment, cells: Sequence[SourceCell]) -> None:
    for number, cell in enumerate((cell for cell in cells if cell.kind == "code"), 1):
        with _answering(f"{assignment.name}, cell {cell.name}", "it to run in the sandbox"):
            session.run_cell(cell.source)
        session.ran.append((number, cell.question))


def _put(check: Check, assignment: Assignment, student: SandboxedStudent) -> None:
    where = f"{assignment.name}, {check.id}"
    file = getattr(getattr(check.function, "__code__", None), "co_filename", "")
    with (
        assignment.in_folder(),
        author_code(where, file, seconds=_seconds_of(assignment), expected=_RIGHT),
        _answering(where, _RIGHT, check.points),
        np.errstate(all="ignore"),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        check.function(*arguments_of(check, student, assignment.reference_of(check), SEED))


def _seconds_of(assignment: Assignment) -> float:
    """The time that a check may take: as long as all of a submission."""
    return assignment.settings.limits.submission_seconds


@contextmanager
def _answering(where: str, expected: str, points: float = math.inf) -> Iterator[None]:
    """Raise CourseError if a check says no or gives fewer points, or if the solution gives no answer."""
    try:
        yield
    except PartOfThePoints as part:
        if part.points >= points:
            return
        raise CourseError(f"{where}: expected {expected}, got {part.points:g} points of it.") from None
    except RaisedError as error:
        got = f"{error.type_name}: {error.said}" if error.said else error.type_name
        raise CourseError(f"{where}: expected {expected}, got {got.removesuffix('.')}.{_hint(error)}") from None
    except (StudentError, AssertionError) as error:
        said = str(error) or "an assertion that does not hold"
        raise CourseError(f"{where}: expected {expected}, got: {said.removesuffix('.')}.{_hint(error)}") from None


def _hint(error: Exception) -> str:
    match error:
        case MemoryLimitError():
            hint = "memory_mb in [limits] of assignment.toml"
        case TimeLimitError():
            hint = "cell_seconds, call_seconds and submission_seconds in [limits] of assignment.toml"
        case CrashError():
            hint = "endless recursion or too much memory ends a process"
        case RaisedError():
            hint = _HINTS.get(error.type_name, "")
        case _:
            hint = ""
    return f" Hint: {hint}." if hint else ""
