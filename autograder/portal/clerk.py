"""The clerk: keeps files, rows and jobs together after a program ended at a bad moment, or a database was lost.

A file without a row is adopted: it is a submission, with the time in its name, and a person is told. A submission
without a grading for today's checks and without a job gets a job. Nothing is removed: for each file there may be a
receipt. A file that cannot be read stays where it is, and stops no other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from autograder.errors import FileError
from autograder.files import read_bytes
from autograder.intake.reader import NOTEBOOK
from autograder.portal.database import Database
from autograder.portal.folders import KeptNotebook, PortalFolders
from autograder.portal.handing_in import Delivery, add_submission
from autograder.portal.jobs import REGRADE
from autograder.portal.schema import GradingRow, JobRow, PersonRow, SubmissionRow
from autograder.text import file_name

COMING_IN = timedelta(minutes=2)  # a younger file may have its row in a moment


def adopt(
    database: Database, places: PortalFolders, suites: Mapping[str, str], now: datetime, age: timedelta = COMING_IN
) -> int:
    """Give each file without a row its row, if it is older than `age`. Returns how many.

    suites: of the assignments, see `suites`; files of other assignments stay as they are.
    """
    with database.read() as session:
        known = set(session.scalars(select(SubmissionRow.id)))
    orphans = [f for f in places.all_handed_in() if f.id not in known and f.assignment in suites]
    orphans = sorted((f for f in orphans if f.received <= now - age), key=lambda f: f.received)
    return sum(_adopt(database, file, suites[file.assignment]) for file in orphans)


def _adopt(database: Database, file: KeptNotebook, suite: str) -> bool:
    try:
        data = read_bytes(file.path, NOTEBOOK)
    except FileError:
        return False
    with database.write(lasting=True) as session:
        if session.get(SubmissionRow, file.id):
            return False  # it got its row meanwhile
        arrival = Delivery(
            file.assignment, _person_of(session, file.student), file.received, f"file-{file.id}", file.id
        )
        add_submission(session, arrival, len(data), hashlib.sha256(data).hexdigest(), suite, adopted=True)
        return True


def _person_of(session: Session, folder: str) -> str:
    """The id of the student whose folder this is. Somebody unknown becomes a person who cannot sign in."""
    for id_ in session.scalars(select(PersonRow.id)):
        if file_name(id_) == folder:
            return id_
    session.add(PersonRow(id=folder, role="student", active=False))
    session.flush()
    return folder


def queue_missing(database: Database, suites: Mapping[str, str], now: datetime) -> int:
    """Give each submission without a grading for today's checks a job, if it has none. Returns how many."""
    with database.write() as session:
        made = 0
        for assignment, suite in suites.items():
            graded = select(GradingRow.submission_id).where(GradingRow.suite == suite)
            queued = select(JobRow.submission_id).where(JobRow.suite == suite)
            lacking = select(SubmissionRow.id).where(
                SubmissionRow.assignment == assignment, SubmissionRow.id.not_in(graded), SubmissionRow.id.not_in(queued)
            )
            for id_ in session.scalars(lacking).all():
                session.add(JobRow(submission_id=id_, suite=suite, rank=REGRADE, queued=now))
                made += 1
        return made
