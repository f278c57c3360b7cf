"""Remembers how nbgrader entered an assignment in the gradebook, so that it is not asked to do the same again.

A record lies in work/nbgrader/. It has a hash over what the entry was made of, and one over the gradebook's cells: a
gradebook that somebody else has changed is entered again.
"""

from __future__ import annotations

import copy
import hashlib
import json
from importlib.metadata import version
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry
from pydantic import BaseModel, ConfigDict, ValidationError

from autograder.course import Course
from autograder.files import write_atomically


class EntryRecord(BaseModel):
    """made_of: SHA-256 of the notebook, nbgrader's settings and version.  cells: of the cells in the gradebook."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    made_of: str
    cells: str


def is_entered(course: Course, name: str, settings: Any, gradebook: Gradebook) -> bool:
    """Whether the gradebook has the cells of this assignment's source notebook. An unreadable record is none."""
    try:
        record = EntryRecord.model_validate_json(_file(course, name).read_bytes())
    except (OSError, ValidationError):
        return False
    return record == _entry(course, name, settings, gradebook)


def remember_entry(course: Course, name: str, settings: Any, gradebook: Gradebook) -> None:
    """Write the record of an assignment that was entered just now."""
    _file(course, name).parent.mkdir(parents=True, exist_ok=True)
    write_atomically(_file(course, name), _entry(course, name, settings, gradebook).model_dump_json(indent=1).encode())


def _file(course: Course, name: str) -> Path:
    return course.work / "nbgrader" / f"{name}.json"


def _entry(course: Course, name: str, settings: Any, gradebook: Gradebook) -> EntryRecord:
    notebook = course.work / "source" / name / f"{name}.ipynb"
    without_password = copy.deepcopy(settings)
    del without_password.CourseDirectory.db_url
    parts = [version("nbgrader"), str(sorted(without_password.items())), notebook.read_text(encoding="utf-8")]
    return EntryRecord(made_of=_hash(parts), cells=_hash(_cells(gradebook, name)))


def _cells(gradebook: Gradebook, name: str) -> list[Any]:
    """Each cell of the notebook with what nbgrader keeps of it."""
    try:
        notebook = gradebook.find_notebook(name, name)
    except MissingEntry:
        return []
    graded = [("grade", c.name, c.max_score, c.cell_type) for c in notebook.grade_cells]
    tasks = [("task", c.name, c.max_score, c.cell_type) for c in notebook.task_cells]
    solutions = [("solution", c.name) for c in notebook.solution_cells]
    sources = [("source", c.name, c.cell_type, c.locked, c.source, c.checksum) for c in notebook.source_cells]
    return sorted(map(list, [*graded, *tasks, *solutions, *sources]), key=lambda row: row[:2])


def _hash(parts: list[Any]) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
