"""Our author's text as an nbgrader course: its source notebook, and the release that nbgrader makes of it.

nbgrader removes the solutions and hidden tests, locks the checks and writes the checksums that its own
autograde and formgrader rely on. It runs in a temporary course directory that holds only what may be
released, because it copies every other file of a source folder into the release.
"""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.authoring.assignment import Assignment, load_assignment
from autograder.authoring.checks import Check
from autograder.authoring.inprocess import Namespace
from autograder.authoring.seeds import generator
from autograder.authoring.source import SourceCell, released_check
from autograder.course import Course, find_course
from autograder.errors import CourseError, NotDefinedError

_KERNEL = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
_SECONDS = 300


def source_notebook(assignment: Assignment) -> Any:
    """Nbgrader's source: solutions in place, one graded cell a check with its points, hidden ones included."""
    hidden: dict[str, list[Check]] = {}
    for check in assignment.checks:
        if check.visibility == "hidden":
            hidden.setdefault(check.question, []).append(check)
    cells: list[Any] = []
    for i, cell in enumerate(assignment.cells):
        cells.append(_cell(cell))
        following = assignment.cells[i + 1 :]
        if cell.question and not any(c.question == cell.question for c in following):
            cells += [_hidden_cell(assignment.name, c) for c in hidden.pop(cell.question, [])]
    if hidden:
        raise CourseError(f'{assignment.name}: expected a cell with q="{next(iter(hidden))}" in notebook.py, got none.')
    return new_notebook(cells=cells, metadata=dict(_KERNEL))


def _cell(cell: SourceCell) -> Any:
    if cell.kind == "markdown":
        return new_markdown_cell(cell.source, id=cell.name)
    if cell.role == "solution":
        return new_code_cell(cell.source, id=cell.name, metadata=_metadata(cell.name, solution=True))
    if cell.role == "check":
        return new_code_cell(
            released_check(cell.source),
            id=cell.name,
            metadata=_metadata(cell.name, grade=True, locked=True, points=cell.points),
        )
    return new_code_cell(cell.source, id=cell.name)


def _hidden_cell(assignment: str, check: Check) -> Any:
    name = check.id.replace(".", "-").replace("_", "-")
    source = (
        f"# Checked after you hand in: {check.title} ({check.points:g} points)\n"
        "### BEGIN HIDDEN TESTS\n"
        "from autograder.interop.nbgrader import run_hidden_check\n"
        f"run_hidden_check({assignment!r}, {check.id!r}, globals())\n"
        "### END HIDDEN TESTS"
    )
    return new_code_cell(source, id=name, metadata=_metadata(name, grade=True, locked=True, points=check.points))


def _metadata(name: str, *, points: float | None = None, **kind: bool) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "grade": False,
        "grade_id": name,
        "locked": False,
        "schema_version": 3,
        "solution": False,
        "task": False,
        **kind,
    }
    return {"nbgrader": fields if points is None else {**fields, "points": points}}


def run_hidden_check(assignment: str, identity: str, names: dict[str, Any]) -> None:
    """What a hidden cell calls under nbgrader: the same check, in this process, on the notebook's globals.

    Only honest here: a hostile notebook can read or replace it. `autograder grade` is the mark of record.
    """
    loaded = _loaded(assignment)
    check = next(c for c in loaded.checks if c.id == identity)
    given = {
        "student": Namespace(names),
        "reference": loaded.reference,
        "rng": generator("nbgrader", identity),
    }
    try:
        check.function(*(given[p] for p in check.parameters))
    except NotDefinedError as error:
        raise AssertionError(str(error)) from None


@functools.lru_cache(maxsize=1)
def _loaded(assignment: str) -> Assignment:
    """Once a kernel, not once a cell."""
    return load_assignment(find_course(Path.cwd()).solutions / assignment)


def generate_release(assignment: Assignment) -> dict[str, bytes]:
    """Run `nbgrader generate_assignment` on the source; the released files by name. Raises CourseError."""
    with tempfile.TemporaryDirectory(prefix="release-") as folder:
        root = Path(folder)
        write_source(assignment, root / "source" / assignment.name)
        run_nbgrader(root, "generate_assignment", assignment.name, "--create")
        released = root / "release" / assignment.name
        return {p.relative_to(released).as_posix(): p.read_bytes() for p in sorted(released.rglob("*")) if p.is_file()}


def write_source(assignment: Assignment, folder: Path) -> None:
    """Nbgrader's source folder of one assignment: the notebook and the hand-out files, nothing else."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / f"{assignment.name}.ipynb").write_text(
        nbformat.writes(source_notebook(assignment)) + "\n", encoding="utf-8"
    )
    for name, file in assignment.handout_files.items():
        shutil.copyfile(file, folder / name)


def run_nbgrader(root: Path, *arguments: str) -> str:
    """Run the real command in `root`. Raises CourseError with the last error it printed."""
    with tempfile.TemporaryDirectory(prefix="nbgrader-") as home:
        done = subprocess.run(
            [sys.executable, "-m", "nbgrader", *arguments],
            cwd=root,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
            env={
                **os.environ,
                "PATH": f"{_tools(Path(home))}{os.pathsep}{os.environ.get('PATH', '')}",
                "HOME": home,
                "JUPYTER_CONFIG_DIR": home,
                "JUPYTER_PLATFORM_DIRS": "1",
                "PYTHONWARNINGS": "ignore",
            },
        )
    if done.returncode != 0:
        errors = (
            [line for line in done.stderr.splitlines() if "Error" in line] or done.stderr.splitlines() or ["no message"]
        )
        raise CourseError(f"nbgrader {arguments[0]}: expected it to succeed, got: {errors[-1].strip()[:300]}")
    return done.stdout + done.stderr


def _tools(folder: Path) -> Path:
    """A folder with `alembic`: nbgrader calls it by name, and a venv that is not activated is not on the PATH."""
    tool = folder / "alembic"
    tool.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m alembic "$@"\n', encoding="utf-8")
    tool.chmod(0o755)
    return folder


def course_source(course: Course) -> Path:
    """Where nbgrader's own course directory keeps its sources."""
    return course.work / "source"
