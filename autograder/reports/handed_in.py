"""Reads notebooks for the class page: students' own code, and answers that a person grades.

This is the only module of the reports that opens a submission. It runs nothing. `intake.reader` checks each file, and
a file that cannot be read is left out and named.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.assignment.handouts import handed_out
from autograder.course import Course
from autograder.errors import MalformedError
from autograder.intake.reader import Notebook, read_notebook
from autograder.intake.submissions import find_submissions
from autograder.text import plain

MAX_CODE = 200_000  # characters of one notebook that are compared


@dataclass(frozen=True, slots=True)
class Released:
    """The notebook as students got it.

    code: of all cells.  cells: each one, without stray spaces.  by_hand: by cell id, the text in the place of an answer
    that a person grades.
    """

    code: str = ""
    cells: frozenset[str] = frozenset()
    by_hand: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HandedIn:
    """One assignment's notebooks.

    code: each student's own cells.  answered: students with an answer that a person grades.
    skipped: students whose notebook could not be read.  cut: students whose code is longer than MAX_CODE.
    """

    released: Released
    code: dict[str, str]
    answered: frozenset[str]
    skipped: tuple[str, ...]
    cut: tuple[str, ...]


def read_class(course: Course, submitted: Path, assignment: str, students: Sequence[str]) -> HandedIn | None:
    """The notebooks of `students`; None where there is no such folder."""
    if not submitted.is_dir():
        return None
    released = _released(course.assignments / assignment / f"{assignment}.ipynb")
    wanted, code, answered, skipped, cut = set(students), {}, set(), [], []
    ours = handed_out(course, [assignment])
    for submission in find_submissions(submitted, [assignment], handed_out=ours):
        if submission.attempt or submission.student not in wanted or submission.notebook is None:
            continue
        try:
            notebook = read_notebook(submission.notebook, submission.modules)
        except MalformedError:
            skipped.append(submission.student)
            continue
        cells = [c.source for c in notebook.code if plain(c.source) not in released.cells]
        own_code = "\n".join([*cells, *notebook.modules.values()])
        code[submission.student] = own_code[:MAX_CODE]
        if len(own_code) > MAX_CODE:
            cut.append(submission.student)
        if _answered(notebook, released):
            answered.add(submission.student)
    return HandedIn(released, code, frozenset(answered), tuple(skipped), tuple(cut))


def _answered(notebook: Notebook, released: Released) -> bool:
    return any(
        c.id in released.by_hand and c.kind == "markdown" and c.source.strip() not in {"", released.by_hand[c.id]}
        for c in notebook.cells
    )


def _released(path: Path) -> Released:
    """The released notebook; empty if none can be read. Then released code counts as the students' own."""
    try:
        cells = json.loads(path.read_bytes())["cells"]
        code = [_source(c) for c in cells if c["cell_type"] == "code"]
        by_hand = {
            c["metadata"]["nbgrader"]["grade_id"]: _source(c).strip()
            for c in cells
            if c["cell_type"] == "markdown" and c["metadata"].get("nbgrader", {}).get("grade")
        }
    except (OSError, ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return Released()
    return Released("\n".join(code), frozenset(plain(c) for c in code), by_hand)


def _source(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])
