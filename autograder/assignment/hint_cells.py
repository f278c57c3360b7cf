"""Makes the folded hints below each question of the notebook, from `hints` in assignment.toml.

Each hint is inside the one before, so that a student opens them one after the other. They are HTML that works without a
script. Jupyter, VS Code, Colab and GitHub fold it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence

from autograder.assignment.settings import Question
from autograder.assignment.source import SourceCell

_CODE = re.compile(r"`([^`]+)`")
_MARKDOWN = str.maketrans({sign: f"&#{ord(sign)};" for sign in "$\\*_[]~"})  # a hint is plain text, not Markdown or TeX


def with_hints(cells: Sequence[SourceCell], questions: Iterable[Question]) -> tuple[SourceCell, ...]:
    """Add a cell with the hints of each question below the question's last cell."""
    hints = {question.id: question.hints for question in questions if question.hints}
    last = {cell.question: place for place, cell in enumerate(cells) if cell.question}
    made: list[SourceCell] = []
    for place, cell in enumerate(cells):
        made.append(cell)
        if last.get(cell.question) == place and cell.question in hints:
            text = folded(hints[cell.question])
            made.append(SourceCell(hints_id(cell.question), "markdown", "hints", text, cell.question))
    return tuple(made)


def hints_id(question: str) -> str:
    """The name of the cell with a question's hints."""
    return f"{question}-hints"


def folded(hints: Sequence[str]) -> str:
    """The hints as HTML, each inside the one before."""
    opened = [
        f"<details><summary>{_summary(number, len(hints))}</summary>\n<p>{_shown(hint)}</p>"
        for number, hint in enumerate(hints, 1)
    ]
    return "\n".join([*opened, "</details>" * len(hints)])


def _summary(number: int, of: int) -> str:
    if number == 1:
        return f"Stuck? Hint 1 of {of}. Opening it costs nothing, and nobody is told."
    return f"Still stuck? Hint {number} of {of}"


def _shown(hint: str) -> str:
    """One line of HTML: a blank line would end the block of HTML for a reader of Markdown. Code stays code."""
    text = html.escape(" ".join(hint.split()), quote=False).translate(_MARKDOWN)
    return _CODE.sub(r"<code>\1</code>", text)
