"""How people come in and go out. A link shows a button, and only the button signs in: programs of mail fetch links."""

from __future__ import annotations

from datetime import timedelta

from starlette.responses import RedirectResponse, Response

from autograder.portal.credentials import LASTS, join, person_of, sign_out
from autograder.portal.handing_in import has_room
from autograder.portal.jobs import waiting
from autograder.portal.web.guard import cookie_name
from autograder.portal.web.rendering import page
from autograder.portal.web.routes import PortalRoute, Visit

LONGEST_WAIT = timedelta(seconds=120)  # of the oldest notebook that waits; no grader lives, or far too much came in


def show_link(visit: Visit) -> Response:
    """The button behind an invitation."""
    with visit.portal.database.write() as session:
        invited = person_of(session, visit.path("token"), "invitation", visit.now)
    return page("join.html", visit, 200 if invited else 410, invited=invited, token=visit.path("token"))


def use_link(visit: Visit) -> Response:
    """The button was pressed: the invitation becomes a session."""
    with visit.portal.database.write(lasting=True) as session:
        text = join(session, visit.path("token"), visit.now)
    if text is None:
        return page("join.html", visit, 410, invited=None, token="")
    answer = RedirectResponse("/", 303)
    seconds = int(LASTS["session"].total_seconds())
    secure = visit.request.url.scheme == "https"
    answer.set_cookie(
        cookie_name(visit.request), text, max_age=seconds, path="/", httponly=True, samesite="lax", secure=secure
    )
    return answer


def sign_in(visit: Visit) -> Response:
    """How to get in: by a link of the course."""
    return page("signin.html", visit)


def go_out(visit: Visit) -> Response:
    """End this session."""
    name = cookie_name(visit.request)
    with visit.portal.database.write(lasting=True) as session:
        sign_out(session, visit.request.cookies.get(name, ""), visit.now)
    answer = RedirectResponse("/signin", 303)
    answer.delete_cookie(name, path="/")
    return answer


def healthy(visit: Visit) -> Response:  # noqa: ARG001 — every answer takes a visit
    """That this process answers."""
    return Response("ok\n", media_type="text/plain")


def ready(visit: Visit) -> Response:
    """Whether what comes in is kept and graded; 503 with the reason if not."""
    with visit.portal.database.read() as session:
        oldest = waiting(session).oldest
    if not has_room(visit.portal.places.root):
        return Response("not ready: the disk is nearly full\n", 503, media_type="text/plain")
    if oldest is not None and visit.now - oldest > LONGEST_WAIT:
        return Response(f"not ready: a notebook waits since {oldest:%H:%M:%S} UTC\n", 503, media_type="text/plain")
    return Response("ready\n", media_type="text/plain")


ROUTES = (
    PortalRoute("GET", "/join/{token}", "open", show_link),
    PortalRoute("POST", "/join/{token}", "open", use_link),
    PortalRoute("GET", "/signin", "open", sign_in),
    PortalRoute("POST", "/signout", "student", go_out),
    PortalRoute("GET", "/healthz", "open", healthy),
    PortalRoute("GET", "/readyz", "open", ready),
)
