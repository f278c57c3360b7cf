"""What staff see: the class, live."""

from __future__ import annotations

from starlette.responses import Response

from autograder.portal.web.rendering import page
from autograder.portal.web.routes import PortalRoute, Visit


def overview(visit: Visit) -> Response:
    """The class page."""
    return page("class_overview.html", visit, entries=visit.portal.catalogue.entries)


ROUTES: tuple[PortalRoute, ...] = (PortalRoute("GET", "/class", "grader", overview),)
