"""Publishing marks, withdrawing them, exporting them, and the proposal of a regrade."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from autograder.errors import AutograderError
from autograder.exports import canvas
from autograder.exports.csv import marks_csv
from autograder.exports.filling import Wanted
from autograder.marks import Mark
from autograder.portal import proposals
from autograder.portal.catalogue import CatalogueEntry
from autograder.portal.class_state import class_marks
from autograder.portal.events import note
from autograder.portal.published import changed_since, latest, publish, withdraw
from autograder.portal.web.rendering import attachment, page
from autograder.portal.web.request_fields import chosen_entry
from autograder.portal.web.routes import PortalRoute, Visit

FORMATS: dict[str, Callable[[list[Mark], CatalogueEntry], bytes]] = {
    "csv": lambda marks, _: marks_csv(marks).encode(),
    "canvas": lambda marks, entry: canvas.new(Wanted(marks), {entry.name: [entry.title]}).data,
}


def show(visit: Visit) -> Response:
    """Each assignment: what students see, and who would see another mark now."""
    parts = []
    with visit.portal.database.read() as session:
        for entry in visit.portal.catalogue.entries:
            class_ = class_marks(session, visit.portal, entry, visit.now)
            row = latest(session, entry.name)
            waits = sum(1 for each in class_.attempts.values() if each[-1].result is None)
            parts.append((entry, row, len(class_.marks), waits, changed_since(row.shown, class_) if row else []))
    return page("class_publish.html", visit, parts=parts)


def publish_marks(visit: Visit) -> Response:
    """Show an assignment's marks to its students."""
    entry = chosen_entry(visit)
    with visit.portal.database.write(lasting=True) as session:
        class_ = class_marks(session, visit.portal, entry, visit.now)
        publish(session, class_, visit.who.id, visit.now)
    return RedirectResponse("/class/publish", 303)


def withdraw_marks(visit: Visit) -> Response:
    """Hide them again."""
    entry = chosen_entry(visit)
    with visit.portal.database.write(lasting=True) as session:
        withdraw(session, entry.name, visit.who.id, visit.now)
    return RedirectResponse("/class/publish", 303)


def export(visit: Visit) -> Response:
    """The choice of a file, or the file."""
    kind = visit.request.query_params.get("format", "")
    if not kind:
        return page("class_export.html", visit, entries=visit.portal.catalogue.entries, formats=list(FORMATS))
    if kind not in FORMATS:
        raise AutograderError(f"format: expected one of {', '.join(FORMATS)}, got {kind[:40]!r}.")
    entry = chosen_entry(visit)
    with visit.portal.database.write() as session:
        class_ = class_marks(session, visit.portal, entry, visit.now)
        note(session, visit.now, visit.who.id, "exported", entry.name, format=kind)
    data = FORMATS[kind]([class_.marks[student] for student in sorted(class_.marks)], entry)
    return attachment(data, f"marks-{kind}.csv", "text/csv; charset=utf-8")


def regrade(visit: Visit) -> Response:
    """What today's checks would change."""
    with visit.portal.database.read() as session:
        parts = [
            (
                entry,
                proposals.proposal_of(session, visit.portal, entry, visit.now),
                proposals.can_revert(session, entry.name),
            )
            for entry in visit.portal.catalogue.entries
        ]
    return page("class_regrade.html", visit, parts=parts)


_DECISIONS: dict[str, Callable[[Session, CatalogueEntry, str, datetime], None]] = {
    "apply": proposals.apply,
    "discard": proposals.discard,
    "revert": proposals.revert,
}


def decide(visit: Visit) -> Response:
    """Apply, discard or revert."""
    what = visit.form.get("what", "")
    if what not in _DECISIONS:
        raise AutograderError(f"what: expected one of {', '.join(_DECISIONS)}, got {what[:40]!r}.")
    entry = chosen_entry(visit)
    with visit.portal.database.write(lasting=True) as session:
        _DECISIONS[what](session, entry, visit.who.id, visit.now)
    return RedirectResponse("/class/regrade", 303)


ROUTES = (
    PortalRoute("GET", "/class/publish", "instructor", show),
    PortalRoute("POST", "/class/publish", "instructor", publish_marks),
    PortalRoute("POST", "/class/withdraw", "instructor", withdraw_marks),
    PortalRoute("GET", "/class/export", "instructor", export),
    PortalRoute("GET", "/class/regrade", "instructor", regrade),
    PortalRoute("POST", "/class/regrade", "instructor", decide),
)
