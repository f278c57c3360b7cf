"""What a student sees: the assignments, one assignment with its hand-ins, and the feedback for one of them."""

from __future__ import annotations

from starlette.responses import Response

from autograder.portal.web.rendering import page
from autograder.portal.web.routes import PortalRoute, Visit


def home(visit: Visit) -> Response:
    """The assignments."""
    return page("home.html", visit, entries=visit.portal.catalogue.entries)


ROUTES: tuple[PortalRoute, ...] = (PortalRoute("GET", "/", "student", home),)
