"""The names that each assignment of a course asks students to define."""

from __future__ import annotations

import contextlib
from pathlib import Path

from autograder.assignment.source import read_source
from autograder.errors import CourseError


def asked_names(solutions: Path) -> dict[str, frozenset[str]]:
    """The public names of the solution cells, by assignment. solutions: the course's folder of that name.

    An assignment whose text cannot be read is left out: only a hint to another assignment depends on it.
    """
    asked: dict[str, frozenset[str]] = {}
    for path in sorted(solutions.glob("*/notebook.py")):
        with contextlib.suppress(CourseError):
            cells = [cell for cell in read_source(path) if cell.role == "solution"]
            names = {name for cell in cells for name in cell.defines if not name.startswith("_")}
            asked[path.parent.name] = frozenset(names)
    return asked
