"""One student's file: submissions, marks, exceptions and events; and what staff read or grant there."""

from __future__ import annotations

from urllib.parse import quote

from sqlalchemy import or_, select
from starlette.responses import RedirectResponse, Response

from autograder.errors import AutograderError
from autograder.files import read_bytes
from autograder.intake.reader import NOTEBOOK, cells_of
from autograder.portal.class_state import class_marks
from autograder.portal.schema import EventRow, ExceptionRow, GradingRow, SubmissionRow
from autograder.portal.student_exceptions import exceptions_of, grant, take_back
from autograder.portal.web.rendering import attachment, page
from autograder.portal.web.request_fields import chosen_entry, person_in_path, submission_in_path, text_of, time_of
from autograder.portal.web.routes import NotFoundError, PortalRoute, Visit
from autograder.records.store import read_result
from autograder.text import several_lines

_EVENTS = 50


def show(visit: Visit) -> Response:
    """All of one student."""
    entries = visit.portal.catalogue.entries
    with visit.portal.database.read() as session:
        person = person_in_path(visit, session)
        classes = [class_marks(session, visit.portal, entry, visit.now, student=person.id) for entry in entries]
        attempts = {c.entry.name: c.attempts.get(person.id, ()) for c in classes}
        ids = [attempt.id for each in attempts.values() for attempt in each]
        about = select(EventRow).where(or_(EventRow.about == person.id, EventRow.about.in_(ids)))
        events = session.scalars(about.order_by(EventRow.id.desc()).limit(_EVENTS)).all()
        granted = exceptions_of(session, person.id)
    parts = [(c.entry, c.marks.get(person.id), c.counting(person.id), attempts[c.entry.name]) for c in classes]
    return page("class_student.html", visit, student=person, parts_of=parts, granted=granted, events=events)


def result(visit: Visit) -> Response:
    """What one submission got, with every check, and its cells as text."""
    with visit.portal.database.read() as session:
        row = submission_in_path(visit, session)
        person = person_in_path(visit, session)
        gradings = session.scalars(
            select(GradingRow).where(GradingRow.submission_id == row.id).order_by(GradingRow.graded)
        ).all()
    counting = next((g for g in gradings if g.counts), None)
    whole = read_result(visit.portal.places.result_of(counting.result)) if counting else None
    entry = visit.portal.catalogue.of(row.assignment)  # None: the course gives it no more
    try:
        cells, trouble = [(c.kind, several_lines(c.source)) for c in cells_of(_bytes(visit, row))], ""
    except AutograderError as error:
        cells, trouble = [], str(error)
    return page(
        "class_submission.html",
        visit,
        student=person,
        title=entry.title if entry else row.assignment,
        submission=row,
        gradings=gradings,
        result=whole,
        cells=cells,
        trouble=trouble,
    )


def notebook(visit: Visit) -> Response:
    """The bytes as they were handed in. A browser keeps them as a file and opens nothing."""
    with visit.portal.database.read() as session:
        row = submission_in_path(visit, session)
    return attachment(_bytes(visit, row), f"{row.assignment}-{row.student}-{row.id[:8]}.ipynb")


def _bytes(visit: Visit, row: SubmissionRow) -> bytes:
    return read_bytes(visit.portal.places.notebook_of(row.assignment, row.student, row.received, row.id), NOTEBOOK)


def grant_exception(visit: Visit) -> Response:
    """Grant a later due time, or excuse the student."""
    entry = chosen_entry(visit)
    due, excused = time_of(visit, "due"), visit.form.get("excused") == "yes"
    why = text_of(visit, "why", 1000, "say in a few words why; the record keeps it")
    if not due and not excused:
        raise AutograderError("due: expected a time, or the student excused, got neither.")
    usual = visit.portal.course.policy.due_time(entry.name)
    if due and usual is None:
        raise AutograderError("due: expected an assignment that is due at a time, got one without. Hint: course.toml.")
    if due and usual and due <= usual:
        raise AutograderError(f"due: expected a time after {usual.isoformat()}, when the class is due, got {due}.")
    with visit.portal.database.write(lasting=True) as session:
        person = _student(visit)
        row = ExceptionRow(
            assignment=entry.name, student=person, due=due, excused=excused, why=why, by=visit.who.id, at=visit.now
        )
        grant(session, row)
    return _back(visit)


def end_exception(visit: Visit) -> Response:
    """Take an exception back."""
    entry = chosen_entry(visit)
    with visit.portal.database.write(lasting=True) as session:
        take_back(session, entry.name, _student(visit), visit.who.id, visit.now)
    return _back(visit)


def _student(visit: Visit) -> str:
    """The student of the address. Raises NotFoundError for somebody else."""
    with visit.portal.database.read() as session:
        person = person_in_path(visit, session)
    if person.role != "student":
        raise NotFoundError
    return person.id


def _back(visit: Visit) -> Response:
    return RedirectResponse(f"/class/s/{quote(visit.path('student'))}", 303)


ROUTES = (
    PortalRoute("GET", "/class/s/{student}", "grader", show),
    PortalRoute("GET", "/class/s/{student}/{id}", "grader", result),
    PortalRoute("GET", "/class/s/{student}/{id}/notebook", "grader", notebook),
    PortalRoute("POST", "/class/s/{student}/grant", "instructor", grant_exception),
    PortalRoute("POST", "/class/s/{student}/take-back", "instructor", end_exception),
)
