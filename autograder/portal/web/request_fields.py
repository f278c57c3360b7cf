"""What a request asks for: an assignment, a person, a text of a form. All of it is hostile until it is checked here."""

from __future__ import annotations

import math
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from autograder.errors import AutograderError
from autograder.portal.catalogue import CatalogueEntry
from autograder.portal.hand_marks import MOST_POINTS
from autograder.portal.schema import PersonRow, SubmissionRow
from autograder.portal.web.routes import NotFoundError, Visit
from autograder.text import one_line, several_lines
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


def text_of(visit: Visit, name: str, most: int, hint: str = "", *, lines: bool = False) -> str:
    """A text of the form. hint: it must be there, and what to write.  lines: it may have several.

    Raises AutograderError.
    """
    text = visit.form.get(name, "").strip()
    if len(text) > most:
        raise AutograderError(f"{name}: expected at most {most} characters, got {len(text)}.")
    if hint and not text:
        raise AutograderError(f"{name}: expected a text, got none. Hint: {hint}.")
    return several_lines(text) if lines else one_line(text, most)


def whole_number(text: str) -> int | None:
    """A number of one to nine digits; None for everything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def number_of(visit: Visit, name: str) -> float:
    """A number of points; 0 for an empty field. Raises AutograderError."""
    text = visit.form.get(name, "").strip().replace(",", ".").replace("−", "-") or "0"
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not abs(number) <= MOST_POINTS:
        raise AutograderError(
            f"{name}: expected a number from -{MOST_POINTS:g} to {MOST_POINTS:g}, got {one_line(text, 40)!r}."
        )
    return number


def time_of(visit: Visit, name: str) -> datetime | None:
    """A time of the form, of the course's zone; None if the field is empty. Raises AutograderError."""
    text = visit.form.get(name, "").strip()
    if not text:
        return None
    try:
        return deadline(text[:40], visit.portal.course.zone or UTC)
    except (ValueError, TypeError):
        raise AutograderError(f"{name}: expected a time such as 2026-10-12 23:59, got {text[:40]!r}.") from None
