"""Makes the cells in which a student runs `grader.check("q1")`.

Every released notebook has them. They earn no points: otter runs the public checks of the cells above. Without
otter-grader (in our sandbox, in Colab, in a plain Jupyter) they do nothing and say so.
"""

from __future__ import annotations

from collections.abc import Iterable

from autograder.assignment.source import SourceCell

# Any exception: otter.Notebook raises its own if the file was renamed, and another one in Colab.
_SETUP = """\
# grader.check("q1") runs all public checks of a question at once. It needs otter-grader; nothing else here does.
try:
    import otter

    grader = otter.Notebook("{notebook}.ipynb")
except Exception as problem:

    class grader:
        reason = f"{{type(problem).__name__}}: {{problem}}"

        @classmethod
        def check(cls, question):
            return f"{{question}}: otter cannot be used here ({{cls.reason}}). The cells above check the same."
"""


def with_self_checks(cells: tuple[SourceCell, ...], notebook: str) -> tuple[SourceCell, ...]:
    """Add the set-up before the author's own, and a `grader.check` below the last public check of each question."""
    last = {c.question: c for c in cells if c.role == "check"}
    first = next((c for c in cells if c.role == "setup"), cells[0] if cells else None)
    made: list[SourceCell] = []
    for cell in cells:
        if cell is first and last:
            made.append(SourceCell("otter", "code", "otter", setup(notebook)))
        made.append(cell)
        if cell is last.get(cell.question):
            question = cell.question
            made.append(SourceCell(f"{question}-otter", "code", "otter", self_check(question), question))
    return tuple(made)


def self_check_sources(notebook: str, questions: Iterable[str]) -> frozenset[str]:
    """The sources of all cells that `with_self_checks` may make."""
    return frozenset({setup(notebook), *map(self_check, questions)})


def setup(notebook: str) -> str:
    """The cell that makes `grader`."""
    return _SETUP.format(notebook=notebook).rstrip()


def self_check(question: str) -> str:
    """The cell below a question's public checks."""
    return f'grader.check("{question}")'
