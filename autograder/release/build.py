"""solutions/NAME → assignments/NAME: built whole in memory, compared or written only if nothing leaks."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from autograder.assignment.assignment import Assignment, is_as_loaded, load_assignment
from autograder.assignment.equipping import require_listed
from autograder.assignment.handouts import module_names
from autograder.assignment.predictions import require_no_spoiler
from autograder.assignment.released_cells import released_cells
from autograder.course import Course
from autograder.errors import AutograderError
from autograder.release.leaks import require_no_leak
from autograder.release.unchanged import MADE_BY_USE, remember

READING, OTTER, NBGRADER, SEARCH, WRITING, COMPARING = (
    "reading solutions/",
    "otter makes the public tests",
    "nbgrader takes the answers out",
    "searching for answers",
    "writing",
    "comparing with assignments/",
)
STAGES = 5  # of a release, and of a comparison


def _quiet(_: str) -> None:
    """Nobody wants to know which stage runs."""


def build(assignment: Assignment, stage: Callable[[str], None] = _quiet) -> dict[str, bytes]:
    """The files students get, by name. Raises LeakError or CourseError, and writes nothing."""
    from autograder.interop import otter

    stage(OTTER)
    return student_files(assignment, otter.assign(assignment).metadata, stage)


def require_known_imports(assignment: Assignment) -> None:
    """Raise CourseError if the notebook imports a package that assignment.toml does not name."""
    require_listed(assignment.name, assignment.equipment, assignment.cells, module_names(assignment.handout_files))


def student_files(
    assignment: Assignment, metadata: Mapping[str, Any], stage: Callable[[str], None] = _quiet
) -> dict[str, bytes]:
    from autograder.interop import nbgrader

    require_known_imports(assignment)
    stage(NBGRADER)
    files = {name: _normal(name, data) for name, data in nbgrader.generate_release(assignment, metadata).items()}
    stage(SEARCH)
    require_no_leak(assignment, files)
    require_no_spoiler(assignment.name, released_cells(assignment))
    return files


def _normal(name: str, data: bytes) -> bytes:
    """The same notebook gives the same bytes: sorted keys, no outputs."""
    if not name.endswith(".ipynb"):
        return data
    notebook = json.loads(data)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell.update(outputs=[], execution_count=None)
    return (json.dumps(notebook, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


def is_fresh(course: Course, name: str, stage: Callable[[str], None] = _quiet) -> bool:
    """Whether assignments/NAME holds exactly the files that a release would write now."""
    stage(READING)
    folder, assignment = course.assignments / name, load_assignment(course.solutions / name)
    made = build(assignment, stage)
    stage(COMPARING)
    present = {
        p.relative_to(folder).as_posix(): p.read_bytes()
        for p in folder.rglob("*")
        if p.is_file() and not MADE_BY_USE & set(p.parts)
    }
    return present == made


def release(
    course: Course,
    name: str,
    stage: Callable[[str], None] = _quiet,
    *,
    tried: bool = False,
    loaded: Mapping[str, Assignment] = MappingProxyType({}),
) -> list[Path]:
    """Write assignments/NAME and, under work/, nbgrader's source and otter's autograder.zip.

    stage: called with the words of each of the STAGES when it begins.  tried: the solution has passed its checks, so
    nothing need be done again while nothing changes.  loaded: assignments that need not be read again, by name.
    Returns the files that students get.
    """
    from autograder.interop import nbgrader, otter

    stage(READING)
    assignment = loaded.get(name) or load_assignment(course.solutions / name)
    stage(OTTER)
    assigned = otter.assign(assignment)
    files = student_files(assignment, assigned.metadata, stage)
    stage(WRITING)
    nbgrader.write_source(assignment, nbgrader.course_source(course) / name, assigned.metadata)
    _replace_folder(otter.course_archive(course, name).parent, {"autograder.zip": assigned.archive})
    written = _replace_folder(course.assignments / name, files)
    if tried and is_as_loaded(assignment):  # else the author has saved meanwhile
        remember(course, name, *parts_of(assignment))
    return written


def parts_of(assignment: Assignment) -> tuple[list[Path], list[Path]]:
    """The folders that a release depends on beside this package, and the files that lie elsewhere."""
    from autograder.interop.otter import package_folder, packages_of

    packages = [package_folder(name) for name in packages_of(assignment) if name != "autograder"]
    return [assignment.folder, *packages], list(assignment.handout_files.values())


def _replace_folder(folder: Path, files: dict[str, bytes]) -> list[Path]:
    """Write beside the folder, then swap: after an interruption the old or the new release is there, whole."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}-"))
        fresh.chmod(0o755)
        for name, data in files.items():
            (fresh / name).parent.mkdir(parents=True, exist_ok=True)
            (fresh / name).write_bytes(data)
        shutil.rmtree(folder, ignore_errors=True)
        fresh.rename(folder)
    except OSError as error:
        raise AutograderError(f"{folder}: expected to write it, got {error.strerror}.") from None
    return [folder / name for name in sorted(files)]
