"""Answers in words that wait for a person: which ones, where each was found, and its text, safe to show.

The rule is the gradebook's: whoever handed in waits, also with an empty answer, until a person gives points.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from autograder.intake.answers import Answer
from autograder.records.hand_grades import HandGrades
from autograder.records.result import Result
from autograder.text import one_line

MAX_SHOWN = 4000  # characters of one answer on the page; formgrader shows all of it
_PLACES = {
    "cell": "",
    "changed": "in other cells than its own",
    "elsewhere": "not below its question, perhaps elsewhere in the notebook",
    "nowhere": "nothing is written",
}
_UNREAD = "the notebook is not here, or cannot be read"
_CORRECTED = "its score has changed since a person corrected it"


@dataclass(frozen=True, slots=True)
class Part:
    """A cell, or lines of one. code: it stands in a code cell.  pictures: names of the files attached to it."""

    lines: tuple[str, ...]
    code: bool
    pictures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """One grade that waits for a person. cell: its name in the gradebook.  note: what is special about it, or "".

    parts: the answer's text; none if nothing is written, or if it is no answer in words.
    """

    assignment: str
    student: str
    cell: str
    note: str
    parts: tuple[Part, ...] = ()
    cut: bool = False

    @property
    def detail(self) -> str:
        """The cell and the note, for a list of reasons."""
        return f"{self.cell}: {self.note}" if self.note else self.cell


def waiting_grades(
    results: Sequence[Result], asked: Sequence[str], answers: dict[str, tuple[Answer, ...]], hand: HandGrades
) -> tuple[Waiting, ...]:
    """All grades that wait, of one assignment's results.

    asked: the cells that a person grades.  answers: by student, of the notebooks that could be read.
    """
    handed_in = [r for r in results if r.has_verdict and r.status != "missing"]
    return tuple(each for result in handed_in for each in _of_one(result, asked, answers, hand))


def _of_one(
    result: Result, asked: Sequence[str], answers: dict[str, tuple[Answer, ...]], hand: HandGrades
) -> Iterator[Waiting]:
    student = result.assignment, result.student
    by_name = {answer.name: answer for answer in answers.get(result.student, ())}
    for cell in asked:
        if (*student, cell) not in hand.points:
            yield _answer(student, cell, by_name.get(cell))
    others = {cell for *of, cell in hand.waiting if tuple(of) == student} - set(asked)
    yield from (Waiting(*student, cell, _CORRECTED) for cell in sorted(others))


def _answer(student: tuple[str, str], cell: str, answer: Answer | None) -> Waiting:
    if answer is None:
        return Waiting(*student, cell, _UNREAD)
    left, parts = MAX_SHOWN, []
    for each in answer.cells:
        lines = tuple(_safe(line) for line in each.source[:left].splitlines())
        parts.append(Part(lines, each.kind == "code", tuple(map(one_line, each.pictures))))
        left = max(0, left - len(each.source))
    cut = sum(len(each.source) for each in answer.cells) > MAX_SHOWN
    return Waiting(*student, cell, _PLACES[answer.where], tuple(parts), cut)


def _safe(line: str) -> str:
    """A line with its indentation, which one_line would remove."""
    return " " * min(40, len(line) - len(line.lstrip(" "))) + one_line(line, MAX_SHOWN)
