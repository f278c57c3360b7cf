"""The view of one assignment for its class page: all values are worked out here, and the template decides nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.assignment.titles import title_of
from autograder.course import Course
from autograder.hand.given import HandWork
from autograder.marks import Mark
from autograder.records.result import Result
from autograder.reports.hand_view import HandView, hand_view
from autograder.reports.handed_in import HandedIn, Released, read_class, read_released
from autograder.reports.limits import Limit, limits_met
from autograder.reports.needs_a_person import Group, Reason, groups, reasons
from autograder.reports.similarity import Similarity, similar
from autograder.reports.summary import BINS, Spread, Summary, summarise
from autograder.reports.words import Waiting, waiting_grades
from autograder.text import file_name

_WIDTH = 420  # of the picture of scores, in the units of its view box
_CALM = frozenset({"answer", "missing"})  # kinds of reasons that are expected in every class


@dataclass(frozen=True, slots=True)
class StudentRow:
    """One student in the table. with_hand: the mark with points by hand.  tags: for the filter.

    reasons: why a person should look.
    """

    mark: Mark
    with_hand: Mark
    reasons: tuple[Reason, ...]
    tags: tuple[str, ...]

    @property
    def result(self) -> Result:
        """The result of the attempt that counts."""
        return self.mark.result


@dataclass(frozen=True, slots=True)
class AssignmentView:
    """All values that the page of an assignment shows. handed: None if there are no notebooks to read.

    title: for people.  waiting: grades for a person to give.  note: why the gradebook could not be read, or "".
    """

    name: str
    title: str
    summary: Summary
    rows: tuple[StudentRow, ...]
    limits: tuple[Limit, ...]
    released: Released
    handed: HandedIn | None
    waiting: tuple[Waiting, ...]
    hand: HandView
    similarity: Similarity | None
    submitted: Path
    note: str

    @property
    def page(self) -> str:
        """The file of its page."""
        return page_name(self.name)

    @property
    def reasons(self) -> list[Reason]:
        """The reasons of all students."""
        return [reason for row in self.rows for reason in row.reasons]

    @property
    def groups(self) -> tuple[Group, ...]:
        """The reasons by kind."""
        return groups(self.reasons)

    @property
    def urgent(self) -> int:
        """Submissions with a reason that is not expected."""
        return sum("look" in row.tags for row in self.rows)

    @property
    def timed(self) -> bool:
        """True if anybody has a due time."""
        return any(row.mark.due for row in self.rows)

    @property
    def repeated(self) -> bool:
        """True if anybody handed in more than once."""
        return any(row.mark.attempts > 1 for row in self.rows)

    @property
    def adjusted(self) -> bool:
        """True if a mark differs from its score."""
        return any(row.mark.score != row.result.score for row in self.rows)

    @property
    def dropped(self) -> bool:
        """True if the assignment is left out of a student's total."""
        return any(row.mark.dropped for row in self.rows)

    @property
    def positions(self) -> dict[str, float]:
        """The places of the quartiles of the graded submissions in the picture."""
        return {} if self.summary.graded is None else _positions(self.summary.graded, self.summary.max_score)

    @property
    def tenths(self) -> list[str]:
        """The label below each bin: the least points in it."""
        edges = [self.summary.max_score * i / BINS for i in range(BINS)]
        return [f"{edge:.3g}" for edge in edges]


def page_name(assignment: str) -> str:
    """The file's name: it differs from the name of every folder of students' pages."""
    return f"assignment-{file_name(assignment)}.html"


def view_of(
    course: Course, marks: Sequence[Mark], with_hand: Sequence[Mark], submitted: Path, hand: HandWork
) -> AssignmentView:
    """The view of one assignment, from its marks and, if they can be read, its notebooks.

    with_hand: the same marks with points by hand, in the same order.
    """
    results = [m.result for m in marks]
    name = results[0].assignment
    released = read_released(course, name)
    handed = read_class(course, released, submitted, name, [r.student for r in results if r.has_verdict])
    expected = [m.result for m in marks if not m.excused]
    waiting = waiting_grades(expected, released.asked, handed.answers if handed is not None else {}, hand)
    why: dict[str, list[Reason]] = {}
    for reason in reasons(results, waiting):
        why.setdefault(reason.result.student, []).append(reason)
    return AssignmentView(
        name=name,
        title=title_of(course, name),
        summary=summarise([m.counted for m in marks]),
        rows=tuple(
            _row(mark, other, tuple(why.get(mark.result.student, ())))
            for mark, other in zip(marks, with_hand, strict=True)
        ),
        limits=limits_met(results),
        released=released,
        handed=handed,
        waiting=waiting,
        hand=hand_view(released.cells, with_hand, waiting, hand),
        similarity=similar(handed.code, released.code) if handed is not None else None,
        submitted=submitted,
        note=hand.problem if released.asked else "",
    )


def _row(mark: Mark, with_hand: Mark, reasons: tuple[Reason, ...]) -> StudentRow:
    tags = {
        mark.result.status: True,
        "look": any(r.kind not in _CALM for r in reasons),
        "answer": any(r.kind == "answer" for r in reasons),
        "late": mark.days_late > 0,
        "several": mark.attempts > 1,
    }
    return StudentRow(mark, with_hand, reasons, tuple(tag for tag, holds in tags.items() if holds))


def _positions(spread: Spread, top: float) -> dict[str, float]:
    """Places in the picture. A score above the maximum, by a bonus, is shown at the edge."""
    named = {"low": spread.low, "q1": spread.q1, "median": spread.median, "q3": spread.q3, "high": spread.high}
    scale = _WIDTH / top if top else 0.0
    return {key: round(min(_WIDTH, score * scale), 1) for key, score in {**named, "mean": spread.mean}.items()}
