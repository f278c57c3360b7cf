"""A person's own page: where one is signed in, and the tokens of the command line."""

from __future__ import annotations

from pathlib import Path

from starlette.responses import RedirectResponse, Response

from autograder.portal.credentials import give, in_use, revoke
from autograder.portal.opening import address_of
from autograder.portal.web.rendering import page
from autograder.portal.web.routes import PortalRoute, Visit

MOST_TOKENS = 20
_SCRIPT = Path(__file__).parents[1] / "starter" / "submit.py"


def me(visit: Visit) -> Response:
    """Sessions and tokens."""
    return _page(visit)


def change(visit: Visit) -> Response:
    """Make a token, which is shown once, or end a session or a token."""
    ended = visit.form.get("end", "")
    with visit.portal.database.write(lasting=True) as session:
        if ended:
            revoke(session, ended, visit.who.id, visit.now)
        else:
            works = in_use(session, visit.who.id, visit.now)
            if sum(row.kind == "token" for row in works) < MOST_TOKENS:
                label = visit.form.get("label", "").strip()[:100]
                new = give(session, visit.who.id, "token", visit.now, by=visit.who.id, label=label)
            else:
                new = ""
    return RedirectResponse("/me", 303) if ended else _page(visit, new)


def script(visit: Visit) -> Response:
    """`submit.py`, which hands in from a notebook, with this portal's address in it. A token never stands in it."""
    with visit.portal.database.read() as session:
        line = f"PORTAL = {address_of(session).rstrip('/')!a}  #"
    text = _SCRIPT.read_text("utf-8").replace('PORTAL = ""  #', line, 1)
    return Response(
        text, media_type="text/x-python", headers={"Content-Disposition": 'attachment; filename="submit.py"'}
    )


def _page(visit: Visit, new: str | None = None) -> Response:
    with visit.portal.database.read() as session:
        works = in_use(session, visit.who.id, visit.now)
    return page("me.html", visit, works=works, new=new, most=MOST_TOKENS)


ROUTES = (
    PortalRoute("GET", "/me", "student", me),
    PortalRoute("POST", "/me", "student", change),
    PortalRoute("GET", "/submit.py", "student", script),
)
