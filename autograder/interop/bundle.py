"""A course folder small enough to travel: what one assignment's hidden checks need, and nothing of students."""

from __future__ import annotations

import importlib.util
import json
import shutil
from pathlib import Path, PurePosixPath

from autograder.authoring.assignment import Assignment
from autograder.course import FILE

_LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.pyc", ".*", "samples", "equivalent_mutants.toml", "_course")


def write_course(assignment: Assignment, root: Path) -> list[str]:
    """Write course.toml, solutions/NAME, the hand-outs and the packages it imports into `root`.

    Returns the names of all but the hand-outs, which are the notebook's files and not the grader's.
    """
    (root / FILE).write_text(f"title = {json.dumps(assignment.title, ensure_ascii=False)}\n", encoding="utf-8")
    shutil.copytree(assignment.folder, root / "solutions" / assignment.name, ignore=_LEFT_OUT)
    for name, file in assignment.handout_files.items():
        shutil.copyfile(file, root / name)
    packages = _packages(assignment)
    for package in packages:
        shutil.copytree(_folder(package), root / package, ignore=_LEFT_OUT)
    return [FILE, "solutions", *packages]


def _packages(assignment: Assignment) -> list[str]:
    """Ours, the reference's, and those that hand-outs are taken from."""
    handouts = [PurePosixPath(name).parts for name in assignment.settings.handout]
    named = {assignment.settings.reference.partition(".")[0], *(parts[0] for parts in handouts if len(parts) > 1)}
    return ["autograder", *sorted(named - {"", "autograder"})]


def _folder(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:  # load_assignment imported it a moment ago
        raise ModuleNotFoundError(package)
    return Path(spec.origin).parent
