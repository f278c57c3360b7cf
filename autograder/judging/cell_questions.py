"""Says which question a cell of a student's notebook belongs to: for the figures that cells left, not for points."""

from __future__ import annotations

import functools
from collections.abc import Mapping

from autograder.assignment.assignment import Assignment
from autograder.assignment.source import SourceCell
from autograder.intake.reader import Notebook
from autograder.text import plain


def questions_of(notebook: Notebook, assignment: Assignment) -> dict[int, str]:
    """The question of each code cell, by its number; "" above the first one.

    A cell is known by its ids, or as a text that is still as released. Every other cell belongs to the question of the
    known cell above it.
    """
    known, texts = _known(assignment.cells)
    question, questions = "", list[str]()
    for cell in notebook.cells:
        names = (known[name] for name in cell.names if name in known)
        question = next(names, None) or texts.get(plain(cell.source), question)
        if cell.kind == "code":
            questions.append(question)
    return dict(enumerate(questions, 1))


@functools.lru_cache(maxsize=16)
def _known(cells: tuple[SourceCell, ...]) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """The question of each released cell, by its name, and of each released text. Prose introduces what follows."""
    questions, question = list[str](), ""
    for cell in reversed(cells):
        question = cell.question or question
        questions.append(question)
    pairs = list(zip(cells, reversed(questions), strict=True))
    texts = {plain(cell.source): question for cell, question in pairs if cell.kind == "markdown"}
    return {cell.name: question for cell, question in pairs}, texts
