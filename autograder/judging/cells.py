"""Which of a notebook's cells run.

All code cells run in order, except public checks, otter's cells and figures that stand as they were
released; those cannot define an answer, and the checks are put by the grader anyway. A student's own cells,
edited released cells and helpers all run. Whether a cell succeeds never earns or costs points by itself.
"""

from __future__ import annotations

import functools

from autograder.assignment.assignment import Assignment
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
    """What an assignment's cells that do not run read as they are released: the same for every submission."""
    figures = (c.source for c in cells if c.role == "figure")
    checks = (released_check(c.source) for c in cells if c.role == "check")
    return frozenset(map(plain, (*figures, *checks, *self_check_sources(name, questions))))


def has_code(source: str) -> bool:
    """Whether there is more than comments: half of a released notebook's cells name what is checked after handing in.

    A character 0 makes even a comment an error.
    """
    return "\0" in source or any(line.strip() and not line.lstrip().startswith("#") for line in source.splitlines())
