"""Reads the answers in words from the notebooks that were handed in. It runs nothing, and trusts no text."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.assignment.assignment import Assignment
from autograder.assignment.samples import TEXT_STUB
from autograder.errors import MalformedError
from autograder.intake.reader import read_notebook
from autograder.intake.submissions import find_submissions

_HASH_CHARACTERS = 24


@dataclass(frozen=True, slots=True)
class Answer:
    """One student's answer to one question, as the student wrote it. text: hostile, never markup."""

    student: str
    question: str
    text: str

    @property
    def fingerprint(self) -> str:
        """The same for the same text. It begins with a letter, so no spreadsheet takes it for a number."""
        return f"h{hashlib.sha256(self.text.encode()).hexdigest()[:_HASH_CHARACTERS]}"


def read_answers(assignment: Assignment, submitted: Path, students: Collection[str] | None = None) -> Iterator[Answer]:
    """The answers of everyone's newest notebook; of these students alone if they are given.

    A cell that is empty or as it was released is no answer. A notebook that cannot be read has none.
    Raises AutograderError if there is no such folder.
    """
    cells = {cell.name: cell.question for cell in assignment.cells if cell.role == "manual"}
    for submission in find_submissions(submitted, [assignment.name]):
        wanted = students is None or submission.student in students
        if not wanted or submission.attempt or submission.notebook is None:
            continue
        try:
            notebook = read_notebook(submission.notebook)
        except MalformedError:
            continue
        for cell in notebook.cells:
            text = cell.source.strip()
            if cell.id in cells and text not in {"", TEXT_STUB}:
                yield Answer(submission.student, cells[cell.id], text)
