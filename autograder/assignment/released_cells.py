"""The cells of an assignment as students get them, from the author's text or from the released notebook."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from autograder.assignment.assignment import Assignment
from autograder.assignment.samples import starter_cells
from autograder.assignment.source import SourceCell
from autograder.authoring.checks import Check, Visibility
from autograder.text import named


def released_cells(assignment: Assignment) -> tuple[SourceCell, ...]:
    """All cells, with the stubs in the place of the answers, in the order of nbgrader's release."""
    stubs = [
        replace(c, source=source) for c, (_, _, source) in zip(assignment.cells, starter_cells(assignment), strict=True)
    ]
    last = {cell.question: i for i, cell in enumerate(stubs) if cell.question}
    return tuple(
        each
        for i, cell in enumerate(stubs)
        for each in (cell, *(_hidden_cell(assignment, cell.question) if last.get(cell.question) == i else ()))
    )


def _hidden_cell(assignment: Assignment, question: str) -> tuple[SourceCell, ...]:
    """The cell that stands for a question's hidden checks; none if there is no hidden check."""
    checks = hidden_checks(assignment, question)
    return (SourceCell(hidden_id(question), "code", "", hidden_stub(checks), question),) if checks else ()


def hidden_checks(assignment: Assignment, question: str) -> tuple[Check, ...]:
    """The checks of a question that students do not see."""
    return tuple(c for c in assignment.checks if c.question == question and c.visibility != "public")


def hidden_id(question: str) -> str:
    """The name of the one cell that nbgrader grades for all hidden checks of a question."""
    return f"{question}-after-you-hand-in"


def grade_id(check: str) -> str:
    """A public check's name among nbgrader's cells, which have no dot or underscore. check: its id, like "q2.f32"."""
    return check.replace(".", "-").replace("_", "-")


def cell_of(question: str, check: str, visibility: Visibility) -> str:
    """The cell of nbgrader that has the points of a check."""
    return grade_id(check) if visibility == "public" else hidden_id(question)


def hidden_stub(checks: Sequence[Check]) -> str:
    """The text that students see in the place of a question's hidden checks: comments."""
    lines = [f"# * {named(check.title, check.id)}: {_points(check.points)}" for check in checks]
    return "\n".join([f"# Checked after you hand in, {_points(sum(check.points for check in checks))}:", *lines])


def _points(points: float) -> str:
    return "1 point" if points == 1 else f"{points:g} points"


def cells_of_release(path: Path) -> tuple[SourceCell, ...]:
    """The cells of a released notebook; none if there is none that can be read."""
    try:
        raw = json.loads(path.read_bytes())["cells"]
        return tuple(_cell(cell) for cell in raw)
    except (OSError, ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return ()


def _cell(raw: dict[str, Any]) -> SourceCell:
    mark = raw["metadata"].get("nbgrader", {})
    code = raw["cell_type"] == "code"
    by_hand = bool(mark.get("grade")) and not code
    name = str(mark.get("grade_id") or raw.get("id", ""))
    return SourceCell(
        name=name,
        kind="code" if code else "markdown",
        role="manual" if by_hand else "",
        source="".join(raw["source"]),
        question=name if by_hand else "",
        points=float(mark.get("points", 0)),
    )


def asked_by_hand(cells: Iterable[SourceCell]) -> dict[str, str]:
    """{name of a cell that a person grades: its question}."""
    return {cell.name: cell.question for cell in cells if cell.role == "manual"}
