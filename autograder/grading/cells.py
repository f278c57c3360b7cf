"""Which of a notebook's cells matter, and what about them an instructor may want to look at.

All code cells run in order, except public checks, otter's cells and figures that stand as they were
released; those cannot define an answer, and the checks are put by the grader anyway. A student's own cells,
edited released cells and helpers all run. Whether a cell succeeds never earns or costs points by itself.
"""

from __future__ import annotations

from autograder.authoring.assignment import Assignment
from autograder.authoring.self_checks import self_check_sources
from autograder.authoring.source import released_check
from autograder.intake.reader import Notebook


def cells_to_run(notebook: Notebook, assignment: Assignment) -> tuple[tuple[int, str], ...]:
    """(number, source) of the code cells that can matter; numbers count all code cells from 1."""
    released = {_plain(c.source) for c in assignment.cells if c.role == "figure"}
    released |= {_plain(released_check(c.source)) for c in assignment.cells if c.role == "check"}
    released |= {_plain(s) for s in self_check_sources(assignment.name, (q.id for q in assignment.settings.questions))}
    return tuple(
        (i, c.source) for i, c in enumerate(notebook.code, 1) if c.source.strip() and _plain(c.source) not in released
    )


def _plain(source: str) -> str:
    return "\n".join(line.rstrip() for line in source.strip().splitlines())


def flags(notebook: Notebook, assignment: Assignment) -> tuple[str, ...]:
    """What an instructor may want to look at; none of it changes a score."""
    present = {_plain(c.source) for c in notebook.code}
    checks = [c for c in assignment.cells if c.role == "check"]
    changed = [c.name for c in checks if _plain(released_check(c.source)) not in present]
    flags = [f"public checks changed or removed: {', '.join(changed)}"] if changed else []
    return (*flags, *(["cell ids stripped by an editor"] if not any(c.id for c in notebook.cells) else []))
