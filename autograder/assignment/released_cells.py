"""The cells of an assignment as students get them, from the author's text or from the released notebook."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from autograder.assignment.assignment import Assignment
from autograder.assignment.samples import starter_cells
from autograder.assignment.source import SourceCell
from autograder.authoring.checks import Check


def released_cells(assignment: Assignment) -> tuple[SourceCell, ...]:
    """All cells, with the stubs in the place of the answers, in the order of nbgrader's release."""
    stubs = [
        replace(c, source=source) for c, (_, _, source) in zip(assignment.cells, starter_cells(assignment), strict=True)
    ]
    last = {cell.question: i for i, cell in enumerate(stubs) if cell.question}
    hidden = [check for check in assignment.checks if check.visibility != "public"]
    return tuple(
        each
        for i, cell in enumerate(stubs)
        for each in (cell, *(_hidden_cell(c) for c in hidden if last.get(c.question) == i))
    )


def _hidden_cell(check: Check) -> SourceCell:
    return SourceCell(grade_id(check.id), "code", "", hidden_stub(check), check.question)


def grade_id(check: str) -> str:
    """A check's name among nbgrader's cells, which have no dot or underscore. check: its id, such as "q2.f32"."""
    return check.replace(".", "-").replace("_", "-")


def hidden_stub(check: Check) -> str:
    """The one line of a hidden check that students see."""
    return f"# Checked after you hand in: {check.title} ({_points(check.points)})"


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
