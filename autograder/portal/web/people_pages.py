"""People and their links, and the record of everything that was done."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from autograder.errors import AutograderError
from autograder.portal.credentials import give, revoke_all
from autograder.portal.events import note
from autograder.portal.schema import EventRow, PersonRow
from autograder.portal.web.rendering import page
from autograder.portal.web.request_fields import person_in_path, text_of, whole_number
from autograder.portal.web.routes import RANKS, NotFoundError, PortalRoute, Visit, may
from autograder.roster.roster import is_folder_name

_LINES = 100  # events on one page


def people(visit: Visit) -> Response:
    """Everybody who may sign in."""
    with visit.portal.database.read() as session:
        everyone = session.scalars(select(PersonRow).order_by(PersonRow.role, PersonRow.id)).all()
    return page("class_people.html", visit, people=everyone, roles=_may_give(visit))


def add(visit: Visit) -> Response:
    """Add a person, and show the link that lets them in."""
    id_ = text_of(visit, "id", 100, "the id as in the roster")
    name, email = text_of(visit, "name", 200), text_of(visit, "email", 320)
    role = visit.form.get("role", "student")
    if not is_folder_name(id_):
        raise AutograderError(f"id: expected letters, digits and ._@+-, got {id_!r}.")
    if role not in _may_give(visit):
        raise AutograderError(f"role: expected one of {', '.join(_may_give(visit))}, got {role[:40]!r}.")
    with visit.portal.database.write(lasting=True) as session:
        ids = session.scalars(select(PersonRow.id)).all()
        if id_.casefold() in {known.casefold() for known in ids}:
            raise AutograderError(f"id: expected a new one, got {id_!r}, who is there already.")
        session.add(PersonRow(id=id_, name=name, email=email, role=role))
        session.flush()
        note(session, visit.now, visit.who.id, "added", id_, role=role)
        return _link(visit, session, id_)


def new_link(visit: Visit) -> Response:
    """Make a link, which voids an earlier one, and show it once."""
    with visit.portal.database.write(lasting=True) as session:
        person = _in_reach(visit, session)
        if not person.active:
            raise AutograderError(
                "link: expected somebody who may sign in, got one who may not. Hint: let them in first."
            )
        return _link(visit, session, person.id)


def _link(visit: Visit, session: Session, person: str) -> Response:
    text = give(session, person, "invitation", visit.now, by=visit.who.id)
    return page("class_link.html", visit, id=person, link=f"{str(visit.request.base_url).rstrip('/')}/join/{text}")


def change(visit: Visit) -> Response:
    """Change a role, or whether this person may sign in. Who may not is signed out everywhere."""
    with visit.portal.database.write(lasting=True) as session:
        person = _in_reach(visit, session)
        if person.id == visit.who.id:
            raise AutograderError("person: expected somebody else, got yourself. Hint: ask another admin.")
        before = {"role": person.role, "active": person.active}
        role = visit.form.get("role", person.role)
        if role not in _may_give(visit):
            raise AutograderError(f"role: expected one of {', '.join(_may_give(visit))}, got {role[:40]!r}.")
        person.role, person.active = role, visit.form.get("active", "yes") == "yes"
        after = {"role": person.role, "active": person.active}
        if after != before:
            note(session, visit.now, visit.who.id, "changed", person.id, before=before, after=after)
        if not person.active:
            revoke_all(session, person.id, visit.now, by=visit.who.id)
    return RedirectResponse("/class/people", 303)


def sign_out_everywhere(visit: Visit) -> Response:
    """End all sessions, tokens and links of a person."""
    with visit.portal.database.write(lasting=True) as session:
        person = _in_reach(visit, session)
        revoke_all(session, person.id, visit.now, by=visit.who.id)
    return RedirectResponse("/class/people", 303)


def _may_give(visit: Visit) -> list[str]:
    """The roles that this person gives and takes: an instructor those below, an admin all."""
    return [role for role in RANKS if may(visit.who, "admin") or RANKS[role] < RANKS[visit.who.role]]


def _in_reach(visit: Visit, session: Session) -> PersonRow:
    """The person of the address. Raises NotFoundError for somebody whose role this person cannot give."""
    person = person_in_path(visit, session)
    if person.role not in _may_give(visit):
        raise NotFoundError
    return person


def events(visit: Visit) -> Response:
    """The record, the newest first, a page at a time."""
    asked = visit.request.query_params
    about, before = asked.get("about", "")[:200], whole_number(asked.get("before", ""))
    rows = select(EventRow).order_by(EventRow.id.desc()).limit(_LINES + 1)
    if about:
        rows = rows.where((EventRow.about == about) | (EventRow.who == about))
    if before is not None:
        rows = rows.where(EventRow.id < before)
    with visit.portal.database.read() as session:
        found = session.scalars(rows).all()
    older = found[_LINES - 1].id if len(found) > _LINES else None
    return page("class_events.html", visit, events=found[:_LINES], older=older, about=about)


ROUTES = (
    PortalRoute("GET", "/class/people", "instructor", people),
    PortalRoute("POST", "/class/people", "instructor", add),
    PortalRoute("POST", "/class/people/{student}/link", "instructor", new_link),
    PortalRoute("POST", "/class/people/{student}/change", "instructor", change),
    PortalRoute("POST", "/class/people/{student}/sign-out", "instructor", sign_out_everywhere),
    PortalRoute("GET", "/class/events", "instructor", events),
)
