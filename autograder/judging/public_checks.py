"""Puts the public checks of a released notebook to a student's notebook, all of it in the sandbox.

The author's course knows its checks and runs them in the grader. A released notebook is a file that anybody can have
changed. So its checks are only text, which runs as a further cell of the student's notebook, as in Jupyter.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass

from autograder.assignment.assignment import Assignment
from autograder.assignment.source import released_check
from autograder.authoring.checks import Check
from autograder.errors import CrashError, RaisedError, StudentError
from autograder.intake.reader import Notebook
from autograder.judging.author_process import AuthorProcesses
from autograder.judging.cells import cells_to_run
from autograder.judging.clock import deadline_of
from autograder.judging.judge import not_written, verdict, without_answer
from autograder.judging.notebook_run import NotebookRun
from autograder.records.result import CellError, CheckResult
from autograder.sandbox.launcher import Zygote


@dataclass(frozen=True, slots=True)
class Checked:
    """The outcome of all public checks, and the cells that did not run to their end."""

    checks: tuple[CheckResult, ...]
    cell_errors: tuple[CellError, ...]


def put_public_checks(notebook: Notebook, released: Assignment, zygote: Zygote) -> Checked:
    """Run the notebook, then every check. released: see load_released. Raises SandboxError."""
    cells, deadline = cells_to_run(notebook, released), deadline_of(released)
    with (
        contextlib.closing(AuthorProcesses()) as nobody,
        NotebookRun(zygote, released, cells, notebook.modules, deadline, nobody) as run,
    ):
        run.start()
        texts = [released_check(cell.source) for cell in released.cells]
        results = tuple(_put(check, text, run) for check, text in zip(released.checks, texts, strict=True))
        return Checked(results, tuple(run.errors))


def _put(check: Check, text: str, run: NotebookRun) -> CheckResult:
    try:
        student = run.student()
        for name in check.parameters:
            student.shown(name)  # a name that is missing has a better message than NameError's
        if run.session is None:
            raise CrashError("ended its process")
        run.session.run_cell(text)
    except RaisedError as error:
        if stub := run.first_unwritten(check.parameters):
            return not_written(check, stub)
        if error.type_name == "AssertionError":
            return verdict(check, "fail", error.text or "this property does not hold.", "example")
        return without_answer(check, error, run.facts)
    except StudentError as error:
        result = without_answer(check, error, run.facts)
        if result.outcome in {"timeout", "crash"}:
            run.bury()
        return result
    return verdict(check, "pass")
