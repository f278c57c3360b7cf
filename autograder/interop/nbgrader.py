"""The author's text as an nbgrader course: nbgrader's source notebook, and the release that nbgrader makes from it.

nbgrader removes the solutions and hidden tests, locks the checks and writes the checksums that its own
autograde and formgrader rely on. It runs in a temporary course directory that holds only what may be
released, because it copies every other file of a source folder into the release.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.assignment.assignment import Assignment
from autograder.assignment.released_cells import hidden_checks, hidden_id, hidden_stub
from autograder.assignment.source import SourceCell, released_check
from autograder.authoring.checks import Check
from autograder.course import Course
from autograder.errors import CourseError
from autograder.interop.tools import run_tool

_KERNEL = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
_NOTHING: Mapping[str, Any] = {}
_OTTER_IGNORES = {"tags": ["otter_ignore"]}  # otter puts the same checks itself, after all cells


def source_notebook(assignment: Assignment, metadata: Mapping[str, Any] = _NOTHING) -> Any:
    """Nbgrader's source notebook, with solutions. A public check is a graded cell; a question's hidden ones are one.

    metadata: the notebook's own, to be released with it: otter's public tests.
    """
    cells: list[Any] = []
    last = {cell.question: i for i, cell in enumerate(assignment.cells) if cell.question}
    for i, cell in enumerate(assignment.cells):
        cells.append(_cell(cell))
        if last.get(cell.question) == i and (checks := hidden_checks(assignment, cell.question)):
            cells.append(_hidden_cell(assignment.name, cell.question, checks))
    for check in assignment.checks:
        if check.question not in last:
            raise CourseError(f'{assignment.name}: expected a cell with q="{check.question}" in notebook.py, got none.')
    return new_notebook(cells=cells, metadata={**_KERNEL, **metadata, **_needs(assignment)})


def _needs(assignment: Assignment) -> dict[str, Any]:
    """The packages and files that `autograder check` gives the notebook; see assignment/released.py."""
    needs = {"packages": list(assignment.settings.packages), "files": sorted(assignment.handout_files)}
    return {"autograder": needs} if needs["packages"] or assignment.equipment.files else {}


def _cell(cell: SourceCell) -> Any:
    match cell.role:
        case "manual":
            return new_markdown_cell(
                cell.source,
                id=cell.name,
                metadata=cell_metadata(cell.name, grade=True, solution=True, points=cell.points),
            )
        case "solution":
            return new_code_cell(cell.source, id=cell.name, metadata=cell_metadata(cell.name, solution=True))
        case "check":
            return _locked_cell(cell.name, released_check(cell.source), cell.points)
        case "otter":
            return new_code_cell(
                cell.source, id=cell.name, metadata={"deletable": False, "editable": False, **_OTTER_IGNORES}
            )
    if cell.kind == "markdown":
        return new_markdown_cell(cell.source, id=cell.name)
    return new_code_cell(cell.source, id=cell.name)


def _locked_cell(name: str, source: str, points: float) -> Any:
    metadata = cell_metadata(name, grade=True, locked=True, points=points)
    return new_code_cell(source, id=name, metadata={**metadata, **_OTTER_IGNORES})


def _hidden_cell(assignment: str, question: str, checks: Sequence[Check]) -> Any:
    """The graded cell of a question's hidden checks. It ends in a number, which nbgrader reads as its points."""
    source = (
        f"{hidden_stub(checks)}\n"
        "### BEGIN HIDDEN TESTS\n"
        "from autograder.interop.hidden import run_hidden_checks\n"
        f"run_hidden_checks({assignment!r}, {question!r}, globals())\n"
        "### END HIDDEN TESTS"
    )
    cell = _locked_cell(hidden_id(question), source, sum(check.points for check in checks))
    cell.metadata.tags = [*cell.metadata.tags, "hide-input"]  # Jupyter Book folds it
    cell.metadata.jupyter = {"source_hidden": True}  # JupyterLab folds it
    return cell


def cell_metadata(name: str, *, points: float | None = None, **kind: bool) -> dict[str, Any]:
    """What nbgrader knows a cell by. kind: grade, solution, locked."""
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


def generate_release(assignment: Assignment, metadata: Mapping[str, Any] = _NOTHING) -> dict[str, bytes]:
    """Run `nbgrader generate_assignment` on the source; the released files by name. Raises CourseError."""
    with tempfile.TemporaryDirectory(prefix="release-") as folder:
        root = Path(folder)
        write_notebook(assignment, root / "source" / assignment.name, metadata)
        run_tool(root, "nbgrader", "generate_assignment", assignment.name, "--no-db")  # nobody reads its database
        released = root / "release" / assignment.name
        notebooks = {p.name: p.read_bytes() for p in sorted(released.glob("*.ipynb"))}
    return notebooks | {name: file.read_bytes() for name, file in assignment.handout_files.items()}


def write_source(assignment: Assignment, folder: Path, metadata: Mapping[str, Any] = _NOTHING) -> None:
    """Nbgrader's source folder of one assignment: the notebook and the hand-out files, nothing else."""
    write_notebook(assignment, folder, metadata)
    for name, file in assignment.handout_files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, folder / name)


def write_notebook(assignment: Assignment, folder: Path, metadata: Mapping[str, Any] = _NOTHING) -> None:
    """Nbgrader's source notebook alone, in a new folder. Nbgrader's limits for files are not ours."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / f"{assignment.name}.ipynb").write_text(
        nbformat.writes(source_notebook(assignment, metadata)) + "\n", encoding="utf-8"
    )


def course_source(course: Course) -> Path:
    """Where nbgrader's own course directory keeps its sources."""
    return course.work / "source"
