"""What needs a person: reasons with advice, settled with a note, and shown again if the reason changes."""

from __future__ import annotations

from itertools import groupby

from starlette.responses import RedirectResponse, Response

from autograder.portal.needs import needs_of, settle
from autograder.portal.web.rendering import page
from autograder.portal.web.request_fields import chosen_entry, text_of
from autograder.portal.web.routes import NotFoundError, PortalRoute, Visit


def show(visit: Visit) -> Response:
    """The reasons of one assignment."""
    entry = chosen_entry(visit)
    with visit.portal.database.read() as session:
        needs = needs_of(session, visit.portal.places, entry)
    waiting = [need for need in needs if need.is_open]
    groups = [(heading, list(each)) for heading, each in groupby(waiting, key=lambda need: need.heading)]
    settled = [need for need in needs if not need.is_open]
    return page(
        "class_needs.html",
        visit,
        entries=visit.portal.catalogue.entries,
        entry=entry,
        groups=groups,
        settled=settled,
    )


def settled(visit: Visit) -> Response:
    """A person settled one reason."""
    entry = chosen_entry(visit)
    why = text_of(visit, "note", 1000, "say in a few words what you found")
    asked = visit.form.get("submission", ""), visit.form.get("kind", ""), visit.form.get("detail", "")
    with visit.portal.database.write() as session:
        needs = needs_of(session, visit.portal.places, entry)
        need = next((n for n in needs if (n.attempt.id, n.kind, n.detail_sha256) == asked), None)
        if need is None:
            raise NotFoundError
        settle(session, need, why, visit.who.id, visit.now)
    return RedirectResponse(f"/class/needs?a={entry.name}", 303)


ROUTES = (
    PortalRoute("GET", "/class/needs", "grader", show),
    PortalRoute("POST", "/class/needs", "grader", settled),
)
