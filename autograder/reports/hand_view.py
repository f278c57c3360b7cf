"""Points by hand on the class page: what was given, what waits, and the class with these points and without them."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from autograder.assignment.source import SourceCell
from autograder.hand.given import HandWork
from autograder.marks import Mark
from autograder.reports.words import Waiting


@dataclass(frozen=True, slots=True)
class HandCount:
    """A question that a person grades. points: the most an answer gets.  graded, waiting: answers."""

    question: str
    points: float
    graded: int
    waiting: int


@dataclass(frozen=True, slots=True)
class HandView:
    """One assignment's points by hand.

    mean: of everyone, with these points, before lateness.  given: whether a person gave or took any point.
    """

    questions: tuple[HandCount, ...] = ()
    mean: float = 0.0
    given: bool = False

    @property
    def possible(self) -> float:
        """The most points that the answers in words can get together."""
        return sum(q.points for q in self.questions)

    @property
    def waiting(self) -> int:
        """Answers in words that wait, all questions together."""
        return sum(q.waiting for q in self.questions)


def hand_view(
    cells: Iterable[SourceCell], marks: Sequence[Mark], waiting: Sequence[Waiting], hand: HandWork
) -> HandView:
    """The points by hand of one assignment. cells: as students got them.  marks: with points by hand; at least one."""
    given = [hand.of((mark.result.assignment, mark.result.student)) for mark in marks]
    counts = [
        HandCount(
            cell.question,
            cell.points,
            sum(cell.question in each and each[cell.question].points is not None for each in given),
            sum(grade.question == cell.question for grade in waiting),
        )
        for cell in cells
        if cell.role == "manual"
    ]
    return HandView(
        tuple(counts),
        statistics.fmean(mark.full for mark in marks),
        any(grade.points is not None for each in given for grade in each.values()),
    )
