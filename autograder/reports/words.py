"""Answers in words that wait for a person: which ones, where each was found, and its text, safe to show.

Each student who handed in waits, also with an empty answer, until a person gives points in formgrader or in a sheet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from autograder.hand.given import HandWork, Place, waiting
from autograder.intake.answers import Answer
from autograder.records.result import Result
from autograder.text import one_line

MAX_SHOWN = 4000  # characters of one answer on the page; formgrader shows all of it
_UNREAD = "the notebook is not here, or cannot be read"
_CHANGED = "it was changed after a person graded it"
_CORRECTED = "its score has changed since a person corrected it"


@dataclass(frozen=True, slots=True)
class Part:
    """A cell, or lines of one. code: it stands in a code cell.  pictures: names of the files attached to it."""

    lines: tuple[str, ...]
    code: bool
    pictures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """One grade that waits for a person. note: what is special about it, or "".

    parts: the answer's text; none if nothing is written, or if it is no answer in words.
    """

    assignment: str
    student: str
    question: str
    note: str
    parts: tuple[Part, ...] = ()
    cut: bool = False

    @property
    def detail(self) -> str:
        """The question and the note, for a list of reasons."""
        return f"{self.question}: {self.note}" if self.note else self.question


def waiting_grades(
    results: Sequence[Result], asked: Mapping[str, str], answers: Mapping[str, Sequence[Answer]], hand: HandWork
) -> tuple[Waiting, ...]:
    """All grades that wait, of one assignment's results.

    asked: {name of a cell that a person grades: its question}.  answers: by student, of the notebooks that were read.
    """
    handed_in = [r for r in results if r.has_verdict and r.status != "missing"]
    return tuple(each for result in handed_in for each in _of_one(result, asked, answers, hand))


def _of_one(
    result: Result, asked: Mapping[str, str], answers: Mapping[str, Sequence[Answer]], hand: HandWork
) -> Iterator[Waiting]:
    place = result.assignment, result.student
    given, in_words = hand.of(place), tuple(asked.values())
    by_question = {asked[answer.name]: answer for answer in answers.get(result.student, ())}
    for question in waiting(given, in_words):
        if question not in in_words:
            yield Waiting(*place, question, _CORRECTED)
        else:
            graded = question in given and given[question].points is not None
            yield _answer(place, question, by_question.get(question), graded=graded)


def _answer(place: Place, question: str, answer: Answer | None, *, graded: bool) -> Waiting:
    notes = [_UNREAD if answer is None else answer.note, _CHANGED if graded else ""]
    note, cells = "; ".join(filter(None, notes)), answer.cells if answer else ()
    left, parts = MAX_SHOWN, []
    for each in cells:
        lines = tuple(_safe(line) for line in each.source[:left].splitlines())
        parts.append(Part(lines, each.kind == "code", tuple(map(one_line, each.pictures))))
        left = max(0, left - len(each.source))
    cut = sum(len(each.source) for each in cells) > MAX_SHOWN
    return Waiting(*place, question, note, tuple(parts), cut)


def _safe(line: str) -> str:
    """A line with its indentation, which one_line would remove."""
    return " " * min(40, len(line) - len(line.lstrip(" "))) + one_line(line, MAX_SHOWN)
