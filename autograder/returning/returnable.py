"""Which marks go back to students, each with the student's page. Pure: the command line reads and writes."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from autograder.marks import Mark
from autograder.text import points_text


@dataclass(frozen=True, slots=True)
class FeedbackPage:
    """One student's page of one assignment. title: of the assignment.  score: as the page says it."""

    mark: Mark
    title: str
    page: bytes
    score: str = ""

    @property
    def student(self) -> str:
        """The student's id."""
        return self.mark.result.student

    @property
    def assignment(self) -> str:
        """The assignment's name."""
        return self.mark.result.assignment

    @property
    def sha256(self) -> str:
        """Of the page."""
        return hashlib.sha256(self.page).hexdigest()


@dataclass(frozen=True, slots=True)
class Unreturned:
    """A student's page that cannot go back this way. reason: without a full stop."""

    student: str
    assignment: str
    reason: str


def returnable(marks: Iterable[Mark]) -> tuple[list[Mark], Counter[str]]:
    """The marks that go back, and how many do not, by reason."""
    going: list[Mark] = []
    left_out: Counter[str] = Counter()
    for mark in marks:
        if reason := _reason(mark):
            left_out[reason] += 1
        else:
            going.append(mark)
    return going, left_out


def _reason(mark: Mark) -> str:
    """Why a mark does not go back, or ""."""
    if mark.excused:
        return "excused"
    if mark.result.status == "missing":
        return "handed in nothing"
    return "" if mark.result.has_verdict else "not graded yet"


def score_text(mark: Mark, by_hand: float, possible_by_hand: float) -> str:
    """`88 of 100 points`, as the page says it, and what lateness leaves of it."""
    full, possible = max(0.0, mark.result.score + mark.carried + by_hand), mark.result.max_score + possible_by_hand
    text = f"{points_text(round(full, 6))} of {points_text(possible)} points"
    if mark.closed:
        return f"{text}; it came after the assignment was closed"
    return f"{text}; {mark.days_late} day{'s' * (mark.days_late > 1)} late" if mark.days_late else text
