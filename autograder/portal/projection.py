"""What the portal has → work/submitted and work/results, as `collect` and `grade` write them.

Afterwards all commands find the class as if `collect` had brought it: `report`, `export`, `diff` and `verify` work as
ever, and `grade` has nothing to do. A notebook keeps the time of its receipt. A result gets its attempt's number,
because there the newest is 0 and each one before it has its own number. Nothing is graded here.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError
from sqlalchemy import select

from autograder.assignment.assignment import Assignment, load_assignment
from autograder.assignment.handouts import handed_out
from autograder.course import Course
from autograder.errors import FileError, MalformedError
from autograder.files import claimed, locked, make_folder, read_bytes
from autograder.granted import PLACE, write_granted
from autograder.intake.placing import Arrival, place, place_earlier
from autograder.intake.reader import NOTEBOOK
from autograder.intake.received import Received, Trust, read_record
from autograder.intake.submissions import Submission, find_submissions
from autograder.judging.not_judged import unread
from autograder.judging.submission import as_it_came
from autograder.portal.database import Database
from autograder.portal.folders import PortalFolders
from autograder.portal.schema import GradingRow, SubmissionRow
from autograder.portal.student_exceptions import granted_in
from autograder.records.grades import Key, key_of
from autograder.records.history import files_of, sha256
from autograder.records.result import Result
from autograder.records.store import RESULT, result_path
from autograder.records.writer import ResultWriter
from autograder.roster.class_roster import class_roster
from autograder.roster.roster import is_folder_name

_Arrived = tuple[str, str, str]  # assignment, student, time of receipt as results have it


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What a sync did. ungraded: notebooks whose result is still to come.  problems: what was left out, in words."""

    notebooks: int
    results: int
    ungraded: int
    problems: tuple[str, ...]


def sync(course: Course, database: Database, places: PortalFolders, secret: bytes, now: datetime) -> SyncReport:
    """Write what is new. A second sync changes nothing. Raises AutograderError if another run has the folders."""
    with database.read() as session:
        rows = session.scalars(select(SubmissionRow).order_by(SubmissionRow.received, SubmissionRow.id)).all()
        counting = {g.submission_id: g.result for g in session.scalars(select(GradingRow).where(GradingRow.counts))}
        granted = granted_in(session)
    names = course.names()
    rows = [row for row in rows if row.assignment in names]
    write_granted(course.work / PLACE, granted)
    there = _Submitted(course, Trust(secret, course.trust_timestamps), places, now)
    problems: list[str] = []
    placed = there.place_all(rows, problems)
    found = there.submissions()
    load = functools.cache(lambda name: load_assignment(course.solutions / name))
    kept = _Results(load, places, {_arrived(row): counting.get(row.id, "") for row in rows})
    written, ungraded = _write_results(course, found, kept, problems)
    return SyncReport(placed, written, ungraded, tuple(problems))


def _arrived(row: SubmissionRow) -> _Arrived:
    return row.assignment, row.student, row.received.isoformat()


@dataclass(frozen=True, slots=True)
class _Submitted:
    """work/submitted, as it is filled."""

    course: Course
    trust: Trust
    places: PortalFolders
    now: datetime

    @property
    def root(self) -> Path:
        return self.course.work / "submitted"

    def submissions(self) -> list[Submission]:
        """All that `autograder grade` would find there now."""
        names = [n for n in self.course.names() if self.course.policy.of(n).state_at(self.now) != "draft"]
        given, roster = handed_out(self.course, names), class_roster(self.course)
        return find_submissions(self.root, names, trust=self.trust, handed_out=given, roster=roster)

    def place_all(self, rows: Sequence[SubmissionRow], problems: list[str]) -> int:
        """Place each notebook that is not there yet. rows: the oldest first.  problems: what is wrong is added."""
        make_folder(self.root)
        with locked(self.root):
            known = find_submissions(self.root, self.course.names(), trust=self.trust)
            there = {(s.assignment, s.student, s.received) for s in known if s.received}
            placed = 0
            for row in rows:
                if _arrived(row) not in there:
                    try:
                        self._place(row)
                        placed += 1
                    except MalformedError as error:
                        problems.append(f"{row.student}, {row.assignment}, {row.id}: {error.advice}.")
            return placed

    def _place(self, row: SubmissionRow) -> None:
        """Raises MalformedError for what must not be placed."""
        if not is_folder_name(row.student):
            raise MalformedError("expected an id that can name a folder, got another", hint="use the roster's ids")
        data = read_bytes(self.places.notebook_of(row.assignment, row.student, row.received, row.id), NOTEBOOK)
        if sha256(data) != row.sha256:
            raise MalformedError("expected the bytes that were handed in, got others", hint="restore a backup")
        arrival = Arrival(data, self._record(row))
        current = read_record(self.root / row.student / row.assignment)
        if current and current.clock == "host" and current.received_at > row.received:
            place_earlier(self.root, arrival, self.trust)  # its row was made late, from its file
        else:
            place(self.root, arrival, self.trust)

    def _record(self, row: SubmissionRow) -> Received:
        return Received(
            student=row.student,
            assignment=row.assignment,
            kind="portal",
            source="autograder serve",
            file=f"{row.assignment}.ipynb",
            notebook_sha256=row.sha256,
            received_at=row.received,
            clock="host",
            collected_at=self.now,
        )


@dataclass(frozen=True, slots=True)
class _Results:
    """The results that the portal has. hashes: of the one that counts, or "" if a notebook is not graded yet.

    load: gives an assignment by its name.
    """

    load: Callable[[str], Assignment]
    places: PortalFolders
    hashes: Mapping[_Arrived, str]

    def of(self, submission: Submission) -> Result | None:
        """The result of a submission with its number; None if the portal has none. Raises MalformedError."""
        if submission.notebook is None and not submission.malformed and not submission.unreadable:
            return as_it_came(unread(submission, self.load(submission.assignment), submission.problem), submission)
        kept = self.hashes.get((submission.assignment, submission.student, submission.received))
        if not kept:
            return None
        result = self._read(kept)
        if (result.assignment, result.student, result.received) != (
            submission.assignment,
            submission.student,
            submission.received,
        ):
            raise MalformedError("expected the result of this notebook, got another's", hint="restore a backup")
        return result.model_copy(update={"attempt": submission.attempt})

    def _read(self, kept: str) -> Result:
        try:
            data = read_bytes(self.places.result_of(kept), RESULT)
            if sha256(data) == kept:
                return Result.from_json(data)
        except (FileError, ValidationError):
            pass
        raise MalformedError("expected the result that was graded, got none or other bytes", hint="restore a backup")


def _write_results(course: Course, found: Sequence[Submission], kept: _Results, problems: list[str]) -> tuple[int, int]:
    """Write the results that are not in work/results yet; how many these were, and how many are still to come."""
    folder, written, ungraded = course.work / "results", 0, 0
    files = [*(result_path(folder, *key_of(s)) for s in found), *files_of(folder)]
    with claimed(folder, files):
        writer = ResultWriter(folder)
        is_of = {key: old.result.received for key in writer.keys if (old := writer.take(key))}
        for submission in found:
            try:
                result = kept.of(submission)
            except MalformedError as error:
                problems.append(f"{submission.student}, {submission.assignment}: {error.advice}.")
                continue
            if result is None:
                ungraded += submission.notebook is not None
                _remove_if_replaced(writer, is_of, submission)
            elif not writer.holds(result):
                writer.write(result)
                written += 1
        writer.finish()
    return written, ungraded


def _remove_if_replaced(writer: ResultWriter, is_of: Mapping[Key, str], submission: Submission) -> None:
    """Remove the result of an older notebook that has another number now. The history keeps it."""
    key = key_of(submission)
    if key in is_of and is_of[key] != submission.received:
        writer.remove(key)
