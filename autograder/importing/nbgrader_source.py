"""Reads nbgrader's source notebooks: source/ASSIGNMENT/*.ipynb, with the marks of its "Create Assignment" toolbar.

A cell's metadata say what it is: a solution, a test (grade), both (a person grades it), a task, or only locked. The
marks are those of schema versions 1 to 3.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from autograder.errors import CourseError
from autograder.importing.notebook_file import RawCell, RawNotebook, read_raw
from autograder.importing.parts import LeftOut, SourceNotebook, SourcePart, separated
from autograder.importing.python_text import plain_python, with_marks, without_region

_HEADER, _FOOTER = "header.ipynb", "footer.ipynb"
_MOST_FILES = 2000


def assignment_folders(folder: Path) -> list[Path]:
    """The folders of assignments in `folder`: itself, those of a `source` folder, or of a course with one.

    Raises CourseError if there is no notebook.
    """
    if not folder.is_dir():
        raise CourseError(f"{folder}: expected a folder of nbgrader's, such as source/ps1, got none.")
    source = folder / "source" if (folder / "source").is_dir() else folder
    notebooks = [] if source != folder else [p for p in _notebooks(folder) if p.name not in {_HEADER, _FOOTER}]
    folders = [folder] if notebooks else sorted(p for p in source.iterdir() if p.is_dir() and _notebooks(p))
    if not folders:
        raise CourseError(f"{folder}: expected notebooks (*.ipynb) of an assignment there, got none.")
    return folders


def read_assignment(folder: Path) -> list[SourceNotebook]:
    """The notebooks of source/ASSIGNMENT, each with the files beside it. Raises CourseError."""
    before, after = (_around(folder.parent / name) for name in (_HEADER, _FOOTER))
    files = _files(folder)
    return [
        _notebook(path.stem, [*before, *_cells(raw), *after], files | dict(raw.files))
        for path in _notebooks(folder)
        for raw in [read_raw(path)]
    ]


def _notebooks(folder: Path) -> list[Path]:
    return sorted(p for p in folder.glob("*.ipynb") if not p.name.startswith("."))


def _around(path: Path) -> list[tuple[str, RawCell]]:
    """The cells of nbgrader's header or footer, which it puts around every notebook; none without such a file."""
    return _cells(read_raw(path)) if path.is_file() else []


def _cells(raw: RawNotebook) -> list[tuple[str, RawCell]]:
    return [(f"{raw.place}, cell {number}", cell) for number, cell in enumerate(raw.cells, 1)]


def _files(folder: Path) -> dict[str, bytes]:
    """Every other file of the folder: nbgrader hands all of them out. Raises CourseError."""
    paths = [p for p in sorted(folder.rglob("*")) if p.is_file() and not _is_made_by_use(p.relative_to(folder))]
    if len(paths) > _MOST_FILES:
        raise CourseError(f"{folder}: expected at most {_MOST_FILES} files beside the notebooks, got {len(paths)}.")
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in paths if p.suffix != ".ipynb"}


def _is_made_by_use(path: Path) -> bool:
    return any(part.startswith(".") or part == "__pycache__" for part in path.parts)


def _notebook(name: str, cells: list[tuple[str, RawCell]], files: dict[str, bytes]) -> SourceNotebook:
    parts, left_out = separated(item for place, cell in cells for item in _parts(place, cell))
    return SourceNotebook(name, parts, files, left_out)


def _parts(place: str, cell: RawCell) -> Iterator[SourcePart | LeftOut]:
    mark = cell.metadata.get("nbgrader")
    mark = mark if isinstance(mark, dict) else {}
    name = str(mark.get("grade_id") or "")
    where = f"{place} ({name})" if name else place
    if cell.kind == "markdown":
        yield from _of_text(cell.source, name, mark, where)
    elif cell.kind == "code" and cell.source.strip():
        source, dropped = plain_python(cell.source, where)
        yield from (LeftOut("magic", where, line) for line in dropped)
        if source.strip():
            yield from _of_code(source, name, mark, where)


def _of_text(source: str, name: str, mark: dict[str, Any], where: str) -> Iterator[SourcePart | LeftOut]:
    points = _points(mark, where)
    if mark.get("task"):
        yield SourcePart("prose", source)
        yield SourcePart("by_hand", "*Your work on this task.*", name, points=points)
    elif mark.get("grade") and points > 0:
        yield SourcePart("by_hand", source.strip() or "*No answer of the author's.*", name, points=points)
    else:
        if mark.get("grade"):
            yield LeftOut("no_points", where)
        yield SourcePart("prose", source)


def _of_code(source: str, name: str, mark: dict[str, Any], where: str) -> Iterator[SourcePart | LeftOut]:
    points = _points(mark, where)
    if mark.get("solution"):
        yield SourcePart("answer", with_marks(source, where), name)
        if mark.get("grade") and points > 0:
            yield SourcePart(
                "by_hand", f"*A person reads the code of {name or 'the cell above'}.*", name, points=points
            )
            yield LeftOut("code_by_hand", where)
    elif mark.get("grade"):
        every, outside = without_region(source, "HIDDEN TESTS", where)
        if points > 0:
            yield SourcePart("test", every, name, points=points, public=outside)
        else:
            yield LeftOut("no_points", where)
            yield SourcePart("given", outside)
    else:
        yield SourcePart("given", without_region(source, "HIDDEN TESTS", where)[1])


def _points(mark: dict[str, Any], where: str) -> float:
    points = mark.get("points") or 0
    if not isinstance(points, (int, float)) or not 0 <= points < 1e6:
        raise CourseError(f"{where}: expected points as a number, got {points!r}.")
    return float(points)
