"""What a request asks for: an assignment, a person, a text of a form. All of it is hostile until it is checked here."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from autograder.errors import AutograderError
from autograder.portal.catalogue import CatalogueEntry
from autograder.portal.schema import PersonRow, SubmissionRow
from autograder.portal.web.routes import NotFoundError, Visit
from autograder.text import one_line
from autograder.times import deadline


def chosen_entry(visit: Visit) -> CatalogueEntry:
    """The assignment that the address or the form names, or else the first. Raises NotFoundError."""
    name = visit.form.get("a") or visit.request.query_params.get("a", "")
    entries = visit.portal.catalogue.entries
    entry = visit.portal.catalogue.of(name) if name else entries[0] if entries else None
    if entry is None:
        raise NotFoundError
    return entry


def person_in_path(visit: Visit, session: Session) -> PersonRow:
    """The person whom the address names. Raises NotFoundError."""
    row = session.get(PersonRow, visit.path("student"))
    if row is None:
        raise NotFoundError
    return row


def submission_in_path(visit: Visit, session: Session) -> SubmissionRow:
    """The submission that the address names, of the student whom it names. Raises NotFoundError."""
    row = session.get(SubmissionRow, visit.path("id"))
    if row is None or row.student != visit.path("student"):
        raise NotFoundError
    return row


def text_of(visit: Visit, name: str, most: int, hint: str = "") -> str:
    """A text of the form on one line. hint: it must be there, and what to write.  Raises AutograderError."""
    text = visit.form.get(name, "").strip()
    if len(text) > most:
        raise AutograderError(f"{name}: expected at most {most} characters, got {len(text)}.")
    if hint and not text:
        raise AutograderError(f"{name}: expected a text, got none. Hint: {hint}.")
    return one_line(text, most)


def time_of(visit: Visit, name: str) -> datetime | None:
    """A time of the form, of the course's zone; None if the field is empty. Raises AutograderError."""
    text = visit.form.get(name, "").strip()
    if not text:
        return None
    try:
        return deadline(text[:40], visit.portal.course.zone or UTC)
    except (ValueError, TypeError):
        raise AutograderError(f"{name}: expected a time such as 2026-10-12 23:59, got {text[:40]!r}.") from None
