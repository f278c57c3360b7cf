"""A question that a person grades, with its rubric and the author's own answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from autograder.assignment.assignment import Assignment
from autograder.assignment.settings import RubricItem


@dataclass(frozen=True, slots=True)
class HandQuestion:
    """points: the most that an answer can get.  text: what students are asked.  model: the author's own answer.

    anonymous: whether the person who grades sees numbers in place of students.
    """

    assignment: str
    id: str
    points: float
    rubric: tuple[RubricItem, ...]
    text: str = ""
    model: str = ""
    anonymous: bool = False


def hand_questions(assignment: Assignment, *, anonymous: bool = False) -> Mapping[str, HandQuestion]:
    """The questions of an assignment that a person grades, by id, in the notebook's order."""
    return {
        cell.question: HandQuestion(
            assignment.name,
            cell.question,
            cell.points,
            assignment.rubric(cell.question),
            _asked(assignment, cell.question),
            cell.source.strip(),
            anonymous,
        )
        for cell in assignment.cells
        if cell.role == "manual"
    }


def _asked(assignment: Assignment, question: str) -> str:
    """The text of the question's other markdown cells."""
    cells = (c for c in assignment.cells if c.question == question and c.kind == "markdown" and c.role != "manual")
    return "\n\n".join(cell.source.strip() for cell in cells)
