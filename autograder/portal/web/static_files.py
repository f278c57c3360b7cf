"""Our own styles, scripts and sign: a fixed list, read once."""

from __future__ import annotations

import functools
from pathlib import Path

from starlette.responses import Response

from autograder.portal.web.routes import NotFoundError, PortalRoute, Visit

_FOLDER = Path(__file__).with_name("static")
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


@functools.cache
def static_texts() -> dict[str, str]:
    """By name, each file that pages may load."""
    files = {path.name: path.read_text("utf-8") for path in sorted(_FOLDER.iterdir()) if path.suffix in _TYPES}
    reports = Path(__file__).parents[2] / "reports" / "templates"
    shared = ("style.css", "student.css", "pictures.css")
    return {**files, **{name: (reports / name).read_text("utf-8") for name in shared}}


def static(visit: Visit) -> Response:
    """One of these files."""
    name = visit.path("name")
    if name not in static_texts():
        raise NotFoundError
    kind = _TYPES[Path(name).suffix]
    return Response(static_texts()[name], media_type=kind, headers={"Cache-Control": "private, max-age=300"})


ROUTES = (PortalRoute("GET", "/static/{name}", "open", static),)
