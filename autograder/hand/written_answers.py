"""Reads the answers in words from the notebooks that were handed in. It runs nothing, and trusts no text.

`intake/answers.py` says where in a notebook an answer stands; the class page and the gradebook ask the same module.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.assignment.assignment import Assignment
from autograder.assignment.released_cells import asked_by_hand, released_cells
from autograder.errors import MalformedError
from autograder.intake.answers import Answer, find_answers
from autograder.intake.reader import Cell, read_notebook
from autograder.intake.submissions import Submission, find_submissions

_HASH_CHARACTERS = 24
UNREAD = "the notebook cannot be read"


@dataclass(frozen=True, slots=True)
class WrittenAnswer:
    """One student's answer to one question. text: as the student wrote it, hostile, never markup; "" if none is there.

    note: where it was found, or "".
    """

    student: str
    question: str
    text: str
    note: str = ""

    @property
    def fingerprint(self) -> str:
        """The same for the same text. It begins with a letter, so no spreadsheet takes it for a number."""
        return f"h{hashlib.sha256(self.text.encode()).hexdigest()[:_HASH_CHARACTERS]}"


def read_answers(
    assignment: Assignment, submitted: Path, students: Collection[str] | None = None
) -> Iterator[WrittenAnswer]:
    """The answers in everyone's newest notebook; of these students alone if they are given.

    All who handed in are there, also those who wrote nothing: a person decides about them, too.
    Raises AutograderError if there is no such folder.
    """
    released = released_cells(assignment)
    questions = asked_by_hand(released)
    for submission in find_submissions(submitted, [assignment.name]):
        wanted = students is None or submission.student in students
        if not wanted or submission.attempt or not (submission.notebook or submission.malformed):
            continue
        cells = _cells(submission)
        for answer in find_answers(cells or (), released):
            note = UNREAD if cells is None else answer.note
            yield WrittenAnswer(submission.student, questions[answer.name], answer_text(answer), note)


def _cells(submission: Submission) -> tuple[Cell, ...] | None:
    """None if no notebook can be read."""
    try:
        return read_notebook(submission.notebook).cells if submission.notebook else None
    except MalformedError:
        return None


def answer_text(answer: Answer) -> str:
    """All parts of an answer. A picture is named: the page does not show it."""
    parts = []
    for cell in answer.cells:
        pictures = [f"[attached: {name}; open the notebook to see it]" for name in cell.pictures]
        parts.append("\n".join(filter(None, [cell.source.strip(), *pictures])))
    return "\n\n".join(parts)
