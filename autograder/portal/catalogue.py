"""What the web process may know of the assignments: titles, points and hints, and nothing that gives an answer away.

The supervisor reads the author's folders and makes the catalogue. The web process gets it as JSON, because it cannot
open these folders itself.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from autograder.assignment.assignment import load_assignment
from autograder.course import Course
from autograder.portal.suites import suites_of
from autograder.reports.student_page import About, ByHand, about


class RubricLine(BaseModel):
    """A line by which a person grades an answer in words, as its author wrote it."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    text: str
    points: float


class CatalogueQuestion(BaseModel):
    """A question. points: the most that its checks, or a person, can give.  rubric: for the person."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: str
    title: str
    points: float
    bonus: bool = False
    hints: tuple[str, ...] = ()
    later: bool = False  # its hidden checks stay closed until the marks are published
    by_hand: bool = False
    rubric: tuple[RubricLine, ...] = ()


class CatalogueEntry(BaseModel):
    """An assignment. suite: what a grading of it depends on now, see `suites`."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str
    title: str
    suite: str
    submission_seconds: float
    questions: tuple[CatalogueQuestion, ...]

    @property
    def later(self) -> frozenset[str]:
        """The questions whose hidden checks stay closed until the marks are published."""
        return frozenset(q.id for q in self.questions if q.later)

    @property
    def max_score(self) -> float:
        """The most points of the checks, without bonus."""
        return sum(q.points for q in self.questions if not q.bonus and not q.by_hand)

    @property
    def about(self) -> About:
        """What a feedback page needs of it."""
        return About(
            self.title,
            {q.id: q.hints for q in self.questions if not q.by_hand},
            tuple(ByHand(q.id, q.title, q.points) for q in self.questions if q.by_hand),
            self.later,
        )


class Catalogue(BaseModel):
    """All assignments, in order."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    entries: tuple[CatalogueEntry, ...]

    def of(self, name: str) -> CatalogueEntry | None:
        """The assignment of this name, or None."""
        return next((entry for entry in self.entries if entry.name == name), None)

    @property
    def suites(self) -> dict[str, str]:
        """By assignment, what a grading depends on now."""
        return {entry.name: entry.suite for entry in self.entries}


def catalogue_of(course: Course) -> Catalogue:
    """The catalogue of a course. Raises CourseError if an assignment cannot be loaded."""
    suites = suites_of(course)
    return Catalogue(entries=tuple(_entry(course, name, suites[name]) for name in course.names()))


def _entry(course: Course, name: str, suite: str) -> CatalogueEntry:
    assignment = load_assignment(course.solutions / name)
    page = about(course, name)
    points: dict[str, float] = {}
    for check in assignment.checks:
        points[check.question] = points.get(check.question, 0.0) + check.points
    asked = tuple(
        CatalogueQuestion(
            id=q.id,
            title=q.title,
            points=round(points.get(q.id, 0.0), 6),
            bonus=q.bonus,
            hints=page.hints[q.id],
            later=q.id in page.later,
        )
        for q in assignment.settings.questions
    )
    by_person = tuple(
        CatalogueQuestion(
            id=q.id,
            title=q.title,
            points=q.points,
            by_hand=True,
            rubric=tuple(RubricLine(text=item.text, points=item.points) for item in assignment.rubric(q.id)),
        )
        for q in page.by_hand
    )
    seconds = assignment.settings.limits.submission_seconds
    return CatalogueEntry(
        name=name, title=assignment.title, suite=suite, submission_seconds=seconds, questions=asked + by_person
    )
