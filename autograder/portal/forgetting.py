"""`autograder serve forget`: a person leaves the portal, with all that the portal has of this person.

What was done stays in the record of events, under a pseudonym. The files go first: if the command is killed, the person
is still there, cannot sign in, and the same command goes on.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from autograder.errors import AutograderError
from autograder.files import unwritable
from autograder.portal.database import Database
from autograder.portal.events import note
from autograder.portal.folders import PortalFolders
from autograder.portal.schema import (
    CredentialRow,
    EventRow,
    ExceptionRow,
    GradingRow,
    HandMarkRow,
    JobRow,
    PersonRow,
    PublicationRow,
    RequestRow,
    SettledRow,
    SubmissionRow,
)
from autograder.text import nearest


def forget(database: Database, places: PortalFolders, person: str, now: datetime) -> str:
    """Erase a person. Returns the pseudonym. Raises AutograderError if there is no such person."""
    with database.write(lasting=True) as session:
        known = session.scalars(select(PersonRow.id)).all()
        row = session.get(PersonRow, person)
        if row is None:
            raise AutograderError(
                f"forget: expected the id of a person of the portal, got {person[:60]!r}.{nearest(person, known)}"
            )
        row.active = False
        session.execute(delete(CredentialRow).where(CredentialRow.person_id == person))
        submissions = list(session.scalars(select(SubmissionRow.id).where(SubmissionRow.student == person)))
        graded = session.scalars(select(GradingRow.result).where(GradingRow.submission_id.in_(submissions)))
        results = list(graded)
        assignments = set(session.scalars(select(SubmissionRow.assignment).where(SubmissionRow.student == person)))
    _remove_files(places, person, assignments, results)
    pseudonym = f"forgotten-{secrets.token_hex(4)}"
    with database.write(lasting=True) as session:
        _remove_rows(session, person)
        _rename_in_events(session, person, pseudonym)
        for table in (ExceptionRow, HandMarkRow, PublicationRow, RequestRow, SettledRow):  # of somebody of the staff
            session.execute(update(table).where(table.by == person).values(by=pseudonym))
        note(session, now, "command line", "forgotten", pseudonym)
    return pseudonym


def _remove_files(places: PortalFolders, person: str, assignments: set[str], results: Sequence[str]) -> None:
    try:
        for assignment in assignments:
            folder = places.folder_of(assignment, person)
            if folder.is_dir():
                shutil.rmtree(folder)
        for result in results:
            places.result_of(result).unlink(missing_ok=True)
    except OSError as error:
        raise unwritable(places.root, error) from None


def _remove_rows(session: Session, person: str) -> None:
    submissions = select(SubmissionRow.id).where(SubmissionRow.student == person)
    session.execute(delete(RequestRow).where(RequestRow.student == person))  # it names a submission: before them
    for of_submissions in (JobRow, GradingRow, SettledRow):
        session.execute(delete(of_submissions).where(of_submissions.submission_id.in_(submissions)))
    for of_student in (HandMarkRow, ExceptionRow, SubmissionRow):
        session.execute(delete(of_student).where(of_student.student == person))
    for shown in session.scalars(select(PublicationRow)).all():
        if person in shown.shown:
            shown.shown = {student: mark for student, mark in shown.shown.items() if student != person}
    session.execute(delete(PersonRow).where(PersonRow.id == person))


def _rename_in_events(session: Session, person: str, pseudonym: str) -> None:
    """The only change of events that there is. What an event has besides can hold the person's words, so it goes."""
    about = (EventRow.who == person) | (EventRow.about == person)
    session.execute(update(EventRow).where(about).values(data={}))
    session.execute(update(EventRow).where(EventRow.who == person).values(who=pseudonym))
    session.execute(update(EventRow).where(EventRow.about == person).values(about=pseudonym))
