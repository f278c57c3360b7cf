"""Reads the answers in words from the notebooks that were handed in. It runs nothing, and trusts no text."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.assignment.assignment import Assignment
from autograder.assignment.released_cells import released_cells
from autograder.errors import MalformedError
from autograder.intake.answers import find_answers
from autograder.intake.reader import read_notebook
from autograder.intake.submissions import find_submissions

_HASH_CHARACTERS = 24


@dataclass(frozen=True, slots=True)
class AnswerText:
    """One student's answer to one question, as the student wrote it. text: hostile, never markup."""

    student: str
    question: str
    text: str

    @property
    def fingerprint(self) -> str:
        """The same for the same text. It begins with a letter, so no spreadsheet takes it for a number."""
        return f"h{hashlib.sha256(self.text.encode()).hexdigest()[:_HASH_CHARACTERS]}"


def read_answers(
    assignment: Assignment, submitted: Path, students: Collection[str] | None = None
) -> Iterator[AnswerText]:
    """The answers of everyone's newest notebook; of these students alone if they are given.

    An answer is looked for as in formgrader and on the class page, see intake/answers.py. Where nothing is written
    there is none, and none in a notebook that cannot be read. Raises AutograderError if there is no such folder.
    """
    released = released_cells(assignment)
    questions = {cell.name: cell.question for cell in released}
    for submission in find_submissions(submitted, [assignment.name]):
        wanted = students is None or submission.student in students
        if not wanted or submission.attempt or submission.notebook is None:
            continue
        try:
            notebook = read_notebook(submission.notebook)
        except MalformedError:
            continue
        for answer in find_answers(notebook.cells, released):
            text = "\n\n".join(cell.source.strip() for cell in answer.cells)
            if text:
                yield AnswerText(submission.student, questions[answer.name], text)
