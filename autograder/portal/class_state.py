"""The state of a class, from rows alone: who handed in, what waits, and which mark each student has now.

No result file is opened. A row of a grading has the sums, and light results made of them are enough for `marks_of`.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path

from sqlalchemy import Text, and_, cast, func, or_, select
from sqlalchemy.orm import Session

from autograder.course import Course
from autograder.marks import Mark, marks_of
from autograder.portal.catalogue import CatalogueEntry
from autograder.portal.class_numbers import ClassNumbers, numbers_of
from autograder.portal.hand_marks import given_by_hand
from autograder.portal.jobs import MOST_TRIES
from autograder.portal.portal import Portal
from autograder.portal.schema import GradingRow, JobRow, PersonRow, SubmissionRow
from autograder.portal.student_exceptions import granted_in
from autograder.records.result import CheckResult, QuestionResult, Result, Sandbox, Status
from autograder.roster.read import read_roster
from autograder.roster.roster import Roster

_CARRIED = "carried"  # the question of a light result that has all carried points of its row
_NO_SANDBOX = Sandbox(tier="none")  # given to each light result: pydantic would copy its default a thousand times


@dataclass(frozen=True, slots=True)
class Attempt:
    """A submission, and the grading that counts for it. result: light, or None while it waits.

    file: the SHA-256 of the whole result, or "".  flags: kinds that ask for a person.
    """

    id: str
    assignment: str
    student: str
    received: datetime
    adopted: bool
    suite: str
    file: str
    result: Result | None
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClassMarks:
    """The marks of a class, and the attempts that they come from. attempts: by student, the oldest first."""

    entry: CatalogueEntry
    marks: Mapping[str, Mark]
    attempts: Mapping[str, Sequence[Attempt]]
    by_hand: Mapping[str, float]

    def counting(self, student: str) -> Attempt | None:
        """The attempt whose result counts."""
        mark = self.marks.get(student)
        graded = [a for a in self.attempts.get(student, ()) if a.result]
        received = mark.result.received if mark else ""
        return next((a for a in reversed(graded) if a.received.isoformat() == received), None)

    @property
    def students(self) -> list[str]:
        """Everyone with a mark or a submission."""
        return sorted({*self.marks, *self.attempts})


@dataclass(frozen=True, slots=True)
class ClassRow:
    """One student's line in the class. waits: the newest submission is not graded yet."""

    student: str
    name: str
    mark: Mark | None
    received: datetime | None
    attempts: int
    waits: bool
    flags: tuple[str, ...]

    @property
    def status(self) -> str:
        """In a word."""
        return "waiting" if self.waits else self.mark.result.status if self.mark else "missing"

    @property
    def score(self) -> float | None:
        """The mark; None if nothing is graded."""
        return self.mark.score if self.mark and self.mark.result.status != "missing" else None


@dataclass(frozen=True, slots=True)
class ClassState:
    """One assignment's class now. numbers: of everyone who is not excused; None if that is nobody."""

    entry: CatalogueEntry
    rows: tuple[ClassRow, ...]
    waiting: int
    oldest: datetime | None
    given_up: int
    numbers: ClassNumbers | None

    @property
    def handed_in(self) -> int:
        """How many students handed in."""
        return sum(row.attempts > 0 for row in self.rows)

    @property
    def graded(self) -> int:
        """How many students have a graded submission, and no newer one that waits."""
        return sum(row.status == "graded" for row in self.rows)


def class_state(session: Session, portal: Portal, entry: CatalogueEntry, now: datetime) -> ClassState:
    """The class in one assignment."""
    class_ = class_marks(session, portal, entry, now)
    names = {row.id: row.name for row in session.execute(select(PersonRow.id, PersonRow.name))}
    rows = tuple(_row(class_, student, names.get(student, "")) for student in class_.students)
    jobs = select(func.count(), func.min(JobRow.queued)).join(SubmissionRow, SubmissionRow.id == JobRow.submission_id)
    here = jobs.where(SubmissionRow.assignment == entry.name)
    waiting, oldest = session.execute(here.where(or_(JobRow.tries < MOST_TRIES, JobRow.owner.is_not(None)))).one()
    given_up, _ = session.execute(here.where(JobRow.tries >= MOST_TRIES, JobRow.owner.is_(None))).one()
    counted = [row.mark.result for row in rows if row.mark and not row.mark.excused]
    return ClassState(entry, rows, waiting, oldest, given_up, numbers_of(counted) if counted else None)


def _row(class_: ClassMarks, student: str, name: str) -> ClassRow:
    attempts, mark = class_.attempts.get(student, ()), class_.marks.get(student)
    newest = attempts[-1] if attempts else None
    counting = class_.counting(student)
    return ClassRow(
        student,
        name or (mark.name if mark else ""),
        mark,
        newest.received if newest else None,
        len(attempts),
        newest is not None and newest.result is None,
        counting.flags if counting else (),
    )


def class_marks(
    session: Session, portal: Portal, entry: CatalogueEntry, now: datetime, *, suite: str = "", student: str = ""
) -> ClassMarks:
    """Everyone's mark in one assignment. student: this one's only.

    suite: take this suite's gradings where there are any, as if they counted.
    """
    rules = granted_in(session).added_to(portal.course.policy)
    # Free late days are of the whole course: what was due first takes them.
    entries = portal.catalogue.entries if rules.late_day_budget else (entry,)
    active = select(PersonRow.id).where(PersonRow.role == "student", PersonRow.active)
    everyone = list(session.scalars(active.where(PersonRow.id == student) if student else active))
    results: list[Result] = []
    by_hand: dict[tuple[str, str], float] = {}
    attempts: dict[str, list[Attempt]] = {}
    for each in entries:
        found = attempts_of(session, each, suite if each == entry else "", student)
        results += _results(each, found, everyone)
        by_hand |= {(each.name, student): points for student, points in points_by_hand(session, each).items()}
        if each == entry:
            attempts = found
    marks = marks_of(results, rules, by_hand, roster=course_roster(portal.course), now=now)
    return ClassMarks(
        entry,
        {mark.result.student: mark for mark in marks if mark.result.assignment == entry.name},
        attempts,
        {student: points for (name, student), points in by_hand.items() if name == entry.name},
    )


def points_by_hand(session: Session, entry: CatalogueEntry) -> dict[str, float]:
    """By student: what people gave for answers in words, and added after a request."""
    given = given_by_hand(session, entry)
    sums = {student: round(sum(g.points or 0.0 for g in each.values()), 6) for student, each in given.items()}
    return {student: points for student, points in sums.items() if points}


def attempts_of(
    session: Session, entry: CatalogueEntry, suite: str = "", student: str = ""
) -> dict[str, list[Attempt]]:
    """The submissions to an assignment by student, the oldest first. student: this one's only."""
    wanted = or_(GradingRow.counts, GradingRow.suite == suite)
    columns = (SubmissionRow.id, SubmissionRow.student, SubmissionRow.received, SubmissionRow.adopted)
    grading = (
        GradingRow.suite,
        GradingRow.result,
        GradingRow.status,
        GradingRow.score,
        GradingRow.max_score,
        GradingRow.carried,
        cast(GradingRow.questions, Text),  # read only where it is not known yet, see `_light_results`
        GradingRow.flags,
    )
    rows = (
        select(*columns, *grading)
        .outerjoin(GradingRow, and_(GradingRow.submission_id == SubmissionRow.id, wanted))
        .where(SubmissionRow.assignment == entry.name)
        .order_by(SubmissionRow.received, SubmissionRow.id)
    )
    if student:
        rows = rows.where(SubmissionRow.student == student)
    found: dict[str, dict[str, Attempt]] = {}
    light = _light_results(entry)
    for id_, who, received, adopted, of_suite, file, *sums, flags in session.execute(rows):
        known = found.setdefault(who, {})
        if id_ in known and of_suite != suite:
            continue  # the wanted suite's grading is there already
        result = light(who, received, *sums) if file else None
        known[id_] = Attempt(
            id_, entry.name, who, received, adopted, of_suite or "", file or "", result, tuple(flags or ())
        )
    return {who: list(each.values()) for who, each in found.items()}


@functools.lru_cache(maxsize=100)
def _light_results(entry: CatalogueEntry) -> Callable[..., Result]:
    """Makes results with their sums only, each of them once: a class page shows the same ones again and again."""
    asked = {q.id: (q.title, q.bonus) for q in entry.questions}

    @functools.lru_cache(maxsize=20_000)
    def light(
        student: str, received: datetime, status: Status, score: float, max_score: float, carried: float, questions: str
    ) -> Result:
        """Nothing is validated: the row was made from a result that was. questions: the row's, as JSON."""
        parts = [_part(id_, *asked.get(id_, (id_, False)), points, most) for id_, points, most in json.loads(questions)]
        if carried:
            parts.append(_carried(carried))
        return Result.model_construct(
            assignment=entry.name, student=student, status=status, score=score, max_score=max_score,
            questions=tuple(parts), received=received.isoformat(), sandbox=_NO_SANDBOX,
        )  # fmt: skip

    return light


@functools.lru_cache(maxsize=10_000)
def _part(id_: str, title: str, bonus: bool, score: float, max_score: float) -> QuestionResult:
    """A question of a light result. All students with the same points share it: most have all of them or none."""
    return QuestionResult.model_construct(id=id_, title=title, bonus=bonus, score=score, max_score=max_score, checks=())


@functools.lru_cache(maxsize=1000)
def _carried(points: float) -> QuestionResult:
    check = CheckResult.model_construct(
        id=_CARRIED, title="", visibility="hidden", outcome="blocked", points=0.0, max_points=points,
        blocked_by=_CARRIED, carried=points,
    )  # fmt: skip
    return QuestionResult.model_construct(id=_CARRIED, title="", bonus=True, score=0.0, max_score=0.0, checks=(check,))


def _results(
    entry: CatalogueEntry, attempts: Mapping[str, Sequence[Attempt]], everyone: Iterable[str]
) -> Iterable[Result]:
    """The results as `marks_of` takes them: the newest graded one is attempt 0; who handed in nothing is missing."""
    for each in attempts.values():
        graded = [a.result for a in each if a.result]
        for number, result in enumerate(graded[:-1], start=1):
            yield result.model_copy(update={"attempt": number})
        yield from graded[-1:]
    for student in set(everyone) - set(attempts):
        yield Result.model_construct(
            assignment=entry.name,
            student=student,
            status="missing",
            score=0.0,
            max_score=entry.max_score,
            sandbox=_NO_SANDBOX,
        )


def course_roster(course: Course) -> Roster | None:
    """The roster of the course, if there is a file. Raises AutograderError if it cannot be read."""
    path = course.root / course.roster_file
    return _roster(path, course.zone) if path.is_file() else None


@functools.lru_cache(maxsize=1)
def _roster(path: Path, zone: tzinfo | None) -> Roster:
    """Read once a process, as course.toml is: the web process may not open a file that took its place later."""
    return read_roster(path, zone)
