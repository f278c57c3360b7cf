"""What arrived: which questions of a notebook are answered, told from the text alone. Nothing runs, and nothing counts.

A question is answered if a cell of it is not as it was handed out. So a student sees at once that the wrong file, or
one that was never saved, came in.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.assignment.released_cells import cells_of_release
from autograder.assignment.source import SourceCell
from autograder.errors import MalformedError
from autograder.intake.answers import find_answers
from autograder.intake.reader import Cell, read_notebook
from autograder.portal.catalogue import CatalogueEntry
from autograder.text import plain

_BEGINS = re.compile(r"^(?:async +)?(?:def|class) +\w+|^[A-Za-z_]\w* *=", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Arrived:
    """What came in. answered, empty: questions.  problem: why the file cannot be read as a notebook, or ""."""

    answered: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()
    problem: str = ""

    @property
    def number(self) -> int:
        """Of all questions that were looked for."""
        return len(self.answered) + len(self.empty)


def arrived(notebook: Path, released: Path, entry: CatalogueEntry) -> Arrived:
    """What is in a notebook that was handed in. released: the notebook as students got it."""
    changed = released.stat().st_mtime_ns if released.exists() else 0
    return _arrived(notebook, released, changed, tuple(q.id for q in entry.questions))


@functools.lru_cache(maxsize=2000)
def _arrived(notebook: Path, released: Path, changed: int, questions: tuple[str, ...]) -> Arrived:  # noqa: ARG001 — a part of the cache's key
    try:
        cells = read_notebook(notebook).cells
    except MalformedError as error:
        return Arrived(problem=str(error))
    original = cells_of_release(released)
    written = {answer.name for answer in find_answers(cells, original) if answer.where != "nowhere"}
    answered: dict[str, bool] = {}
    for cell in original:
        question = _question_of(cell, questions)
        if question:
            is_written = cell.name in written if cell.role == "manual" else _is_changed(cell, cells)
            answered[question] = answered.get(question, False) or is_written
    return Arrived(
        tuple(q for q in questions if answered.get(q)), tuple(q for q in questions if answered.get(q) is False)
    )


def _question_of(cell: SourceCell, questions: Sequence[str]) -> str:
    """The question that a released cell is the answer of, or ""."""
    if cell.role == "manual":
        return cell.question if cell.question in questions else _begun_by(cell.name, questions)
    return _begun_by(cell.name, questions) if cell.name.endswith("-solution") else ""


def _begun_by(name: str, questions: Sequence[str]) -> str:
    return max((q for q in questions if name == q or name.startswith(f"{q}-")), key=len, default="")


def _is_changed(released: SourceCell, cells: Sequence[Cell]) -> bool:
    """Whether a cell holds something else than the released one. Without its id, a cell is known by its text."""
    text = plain(released.source)
    named = [cell for cell in cells if released.name in cell.names]
    if named:
        return any(cell.source.strip() and plain(cell.source) != text for cell in named)
    code = [cell.source for cell in cells if cell.kind == "code"]
    if any(plain(source) == text for source in code):
        return False
    begins = set(_BEGINS.findall(released.source))
    return any(begins.intersection(_BEGINS.findall(source)) for source in code)
