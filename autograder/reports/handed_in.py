"""Reads notebooks for the class page: students' own code, and answers that a person grades.

This is the only module of the reports that opens a submission. It runs nothing. `intake.reader` checks each file, and
a file that cannot be read is left out and named.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.assignment.assignment import load_assignment
from autograder.assignment.handouts import handed_out
from autograder.assignment.released_cells import asked_by_hand, cells_of_release, released_cells
from autograder.assignment.source import SourceCell
from autograder.course import Course
from autograder.errors import CourseError, MalformedError
from autograder.intake.answers import Answer, find_answers
from autograder.intake.reader import read_notebook
from autograder.intake.submissions import find_submissions
from autograder.text import plain

MAX_CODE = 200_000  # characters of one notebook that are compared


@dataclass(frozen=True, slots=True)
class Released:
    """The notebook as students got it.

    code: of all cells.  texts: each code cell, without stray spaces.  cells: by which answers in words are found.
    """

    code: str = ""
    texts: frozenset[str] = frozenset()
    cells: tuple[SourceCell, ...] = ()

    @property
    def asked(self) -> dict[str, str]:
        """{name of a cell that a person grades: its question}."""
        return asked_by_hand(self.cells)


@dataclass(frozen=True, slots=True)
class HandedIn:
    """One assignment's notebooks.

    code: each student's own cells.  answers: each student's answers in words.
    skipped: students whose notebook could not be read.  cut: students whose code is longer than MAX_CODE.
    """

    released: Released
    code: dict[str, str]
    answers: dict[str, tuple[Answer, ...]]
    skipped: tuple[str, ...]
    cut: tuple[str, ...]


def read_class(
    course: Course, released: Released, submitted: Path, assignment: str, students: Sequence[str]
) -> HandedIn | None:
    """The notebooks of `students`; None where there is no such folder."""
    if not submitted.is_dir():
        return None
    wanted, code, skipped, cut = set(students), dict[str, str](), [], []
    answers: dict[str, tuple[Answer, ...]] = {}
    ours = handed_out(course, [assignment])
    for submission in find_submissions(submitted, [assignment], handed_out=ours):
        if submission.attempt or submission.student not in wanted or submission.notebook is None:
            continue
        try:
            notebook = read_notebook(submission.notebook, submission.modules)
        except MalformedError:
            skipped.append(submission.student)
            continue
        cells = [c.source for c in notebook.code if plain(c.source) not in released.texts]
        own_code = "\n".join([*cells, *notebook.modules.values()])
        code[submission.student] = own_code[:MAX_CODE]
        if len(own_code) > MAX_CODE:
            cut.append(submission.student)
        answers[submission.student] = find_answers(notebook.cells, released.cells)
    return HandedIn(released, code, answers, tuple(skipped), tuple(cut))


def read_released(course: Course, assignment: str) -> Released:
    """What students got; empty if nothing can be read. Then released code counts as the students' own.

    Cells are the author's, as in the gradebook; the released notebook's where the author's text is not at hand.
    """
    handed_out = cells_of_release(course.assignments / assignment / f"{assignment}.ipynb")
    code = [c.source for c in handed_out if c.kind == "code"]
    return Released("\n".join(code), frozenset(plain(c) for c in code), _written(course, assignment) or handed_out)


def _written(course: Course, assignment: str) -> tuple[SourceCell, ...]:
    folder = course.solutions / assignment
    try:
        return released_cells(load_assignment(folder)) if folder.is_dir() else ()
    except CourseError:  # the author is repairing it
        return ()
