"""One assignment as its class page shows it: everything worked out, nothing left for the template to decide."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.course import Course
from autograder.errors import AutograderError
from autograder.marks import Mark
from autograder.records.result import Result
from autograder.reports.handed_in import HandedIn, read_class
from autograder.reports.limits import Limit, limits_met
from autograder.reports.needs_a_person import Group, Reason, groups, reasons
from autograder.reports.similarity import Similarity, similar
from autograder.reports.summary import BINS, Spread, Summary, summarise

# (course, ids of cells for answers in words) → {(assignment, student) that a person has graded}
GradedByHand = Callable[[Course, Collection[str]], frozenset[tuple[str, str]]]
_WIDTH = 420  # of the picture of scores, in its own units
_CALM = frozenset({"answer", "missing"})  # kinds that are no surprise


@dataclass(frozen=True, slots=True)
class StudentRow:
    """One student in the table. tags: what the filter offers.  reasons: why a person should look."""

    mark: Mark
    reasons: tuple[Reason, ...]
    tags: tuple[str, ...]

    @property
    def result(self) -> Result:
        """Of the attempt that counts."""
        return self.mark.result


@dataclass(frozen=True, slots=True)
class AssignmentView:
    """All that the page of an assignment shows. handed: None where the notebooks are not at hand.

    note: what kept the gradebook from being read, or "".
    """

    name: str
    summary: Summary
    rows: tuple[StudentRow, ...]
    limits: tuple[Limit, ...]
    handed: HandedIn | None
    similarity: Similarity | None
    submitted: Path
    note: str

    @property
    def reasons(self) -> list[Reason]:
        """Of all students."""
        return [reason for row in self.rows for reason in row.reasons]

    @property
    def groups(self) -> tuple[Group, ...]:
        """The same by kind."""
        return groups(self.reasons)

    @property
    def urgent(self) -> int:
        """Submissions with a reason that is a surprise."""
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
        """True if anybody's score counts otherwise than it stands."""
        return any(row.mark.score != row.result.score for row in self.rows)

    @property
    def dropped(self) -> bool:
        """True if it is left out of somebody's total."""
        return any(row.mark.dropped for row in self.rows)

    @property
    def positions(self) -> dict[str, float]:
        """Where the graded submissions' quartiles stand in the picture."""
        return {} if self.summary.graded is None else _positions(self.summary.graded, self.summary.max_score)

    @property
    def tenths(self) -> list[str]:
        """What stands below each bin."""
        edges = [self.summary.max_score * i / BINS for i in range(BINS)]
        return [f"{edge:.3g}+" for edge in edges]


def view_of(course: Course, marks: Sequence[Mark], submitted: Path, graded_by_hand: GradedByHand) -> AssignmentView:
    """One assignment's class, out of its marks and, where they are at hand, its notebooks."""
    results = [m.result for m in marks]
    name = results[0].assignment
    handed = read_class(course, submitted, name, [r.student for r in results if r.status == "graded"])
    waiting, note = _waiting(course, name, handed, graded_by_hand)
    why: dict[str, list[Reason]] = {}
    for reason in reasons(results, waiting):
        why.setdefault(reason.result.student, []).append(reason)
    return AssignmentView(
        name=name,
        summary=summarise(results),
        rows=tuple(_row(mark, tuple(why.get(mark.result.student, ()))) for mark in marks),
        limits=limits_met(results),
        handed=handed,
        similarity=similar(handed.code, handed.released.code) if handed is not None else None,
        submitted=submitted,
        note=note,
    )


def _row(mark: Mark, own: tuple[Reason, ...]) -> StudentRow:
    tags = {
        mark.result.status: True,
        "look": any(r.kind not in _CALM for r in own),
        "answer": any(r.kind == "answer" for r in own),
        "late": mark.days_late > 0,
        "several": mark.attempts > 1,
    }
    return StudentRow(mark, own, tuple(tag for tag, holds in tags.items() if holds))


def _waiting(
    course: Course, name: str, handed: HandedIn | None, graded_by_hand: GradedByHand
) -> tuple[frozenset[tuple[str, str]], str]:
    """The students with an answer that nobody has graded; and why the gradebook could not be read, or ""."""
    answered = frozenset((name, student) for student in handed.answered) if handed is not None else frozenset()
    if handed is None or not answered:
        return answered, ""
    try:
        return answered - graded_by_hand(course, handed.released.by_hand), ""
    except AutograderError as error:
        return answered, str(error)


def _positions(spread: Spread, top: float) -> dict[str, float]:
    """A bonus may lie beyond the maximum: it is shown at the edge."""
    named = {"low": spread.low, "q1": spread.q1, "median": spread.median, "q3": spread.q3, "high": spread.high}
    scale = _WIDTH / top if top else 0.0
    return {key: round(min(_WIDTH, score * scale), 1) for key, score in {**named, "mean": spread.mean}.items()}
