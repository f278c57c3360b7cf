"""Chooses the cells of a notebook that run.

All code cells run in order, except public checks, otter's cells, figures and posters that are still as they were
released. These cannot define an answer, and the grader puts the checks anyway. A student's own cells and edited cells
all run. A cell that succeeds earns no points, and a cell that fails costs none.
"""

from __future__ import annotations

import functools

from autograder.assignment.assignment import Assignment
from autograder.assignment.cell_marks import PICTURES
from autograder.assignment.self_checks import self_check_sources
from autograder.assignment.source import SourceCell, released_check
from autograder.intake.reader import Notebook
from autograder.text import plain


def cells_to_run(notebook: Notebook, assignment: Assignment) -> tuple[tuple[int, str], ...]:
    """(number, source) of the code cells that can matter; numbers count all code cells from 1."""
    left_out = _left_out(assignment.name, assignment.cells, tuple(q.id for q in assignment.settings.questions))
    return tuple(
        (i, c.source) for i, c in enumerate(notebook.code, 1) if c.source.strip() and plain(c.source) not in left_out
    )


@functools.lru_cache(maxsize=16)
def _left_out(name: str, cells: tuple[SourceCell, ...], questions: tuple[str, ...]) -> frozenset[str]:
    """The released texts of the cells that do not run: the same for every submission of an assignment."""
    pictures = (c.source for c in cells if c.role in PICTURES)
    checks = (released_check(c.source) for c in cells if c.role == "check")
    return frozenset(map(plain, (*pictures, *checks, *self_check_sources(name, questions))))


def has_code(source: str) -> bool:
    """Whether a cell holds more than comments. Half of the cells of a released notebook are comments only.

    A NUL character makes even a comment an error, so such a cell must run.
    """
    return "\0" in source or any(line.strip() and not line.lstrip().startswith("#") for line in source.splitlines())
