"""Predictions: a student says what a figure will show, before the figure shows it.

A prediction is one sentence of text and one line of code, `guess = None  # how many times dearer?`. The next figure
draws the guess beside the truth, and works without one. Nobody grades or stores a guess. It is worth something only
while the answer cannot be read above the figure: `require_no_spoiler` searches there.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

from autograder.assignment.source import SourceCell
from autograder.errors import CourseError


def require_predictions(name: str, cells: Sequence[SourceCell]) -> None:
    """Raise CourseError for a prediction that is not one line, or that no later figure draws."""
    for place, cell in _predictions(cells):
        guess = _guess(cell.source)
        if cell.kind != "code" or not guess:
            raise CourseError(
                f"{name}, {cell.name}: expected one line for a prediction, got {cell.source[:60]!r}. "
                "Hint: guess = None  # what will the figure show? Then run the next cell."
            )
        figure = next((c for c in cells[place:] if c.role == "figure"), None)
        if figure is None or not re.search(rf"\b{guess}\b", figure.source):
            raise CourseError(
                f"{name}, {cell.name}: expected the next figure to draw {guess!r}, "
                f"got {figure.name if figure else 'no figure'}. Hint: hand it to the function that draws."
            )


def require_no_spoiler(name: str, released: Sequence[SourceCell]) -> None:
    """Raise CourseError if the answer of a prediction stands above the output of its figure.

    released: the cells as students get them, so that an author's solution is not searched.
    """
    for place, cell in _predictions(released):
        above = (*released[:place], *_to_the_figure(released[place:]))
        for word in cell.spoilers:
            if spoiling := next((c for c in above if _says(word, c.source)), None):
                raise CourseError(
                    f"{name}, {cell.name}: expected the answer below its figure only, got {word!r} in the cell "
                    f"{spoiling.name}. Hint: say it after the figure, or take the word out of spoilers."
                )


def _predictions(cells: Sequence[SourceCell]) -> list[tuple[int, SourceCell]]:
    return [(place, cell) for place, cell in enumerate(cells) if cell.role == "predict"]


def _to_the_figure(cells: Sequence[SourceCell]) -> Sequence[SourceCell]:
    """The cells up to the first figure, and the figure: its code stands above its output, too."""
    end = next((place for place, cell in enumerate(cells, 1) if cell.role == "figure"), len(cells))
    return cells[:end]


def _guess(source: str) -> str:
    """The name in the one line `guess = None`; "" if the cell holds something else."""
    match ast.parse(source).body:
        case [ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=None))]:
            return name
    return ""


def _says(word: str, text: str) -> bool:
    """Whether a text has the word by itself: 313 is in neither 0.3133 nor 1313 nor x313."""
    words = r"\s+".join(map(re.escape, word.split()))
    before, after = r"(?<!\w)(?<!\d\.)", r"(?!\w|\.\d)"
    return re.search(f"{before if word[0].isalnum() else ''}{words}{after}", text, re.IGNORECASE) is not None
