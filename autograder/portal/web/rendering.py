"""Makes an answer of a template. Text is escaped; no page has a style or a script inside of it."""

from __future__ import annotations

import functools
from datetime import datetime, tzinfo
from typing import Any
from urllib.parse import quote

from jinja2 import ChoiceLoader, Environment, PackageLoader
from starlette.responses import HTMLResponse, JSONResponse, Response

from autograder.html_pages import page_environment
from autograder.portal.web.routes import Visit
from autograder.reports.pages import with_words

PROGRAMS = "/api/"  # addresses below it answer programs, with a token in the place of a session


@functools.cache
def environment() -> Environment:
    """The templates of the portal."""
    made = with_words(page_environment("autograder.portal.web"))
    assert made.loader is not None
    made.loader = ChoiceLoader([made.loader, PackageLoader("autograder.reports")])  # a result looks as in reports
    made.filters.update(moment=moment_text, clock=clock_text)
    return made


def page(template: str, visit: Visit, code: int = 200, **fields: Any) -> HTMLResponse:
    """A page for the person who asks."""
    course, path, person = visit.portal.course, visit.request.url.path, visit.person
    shared: dict[str, Any] = {"course": course.title, "zone": course.zone, "person": person, "path": path}
    shared["stale"] = visit.portal.stale() if person and person.role != "student" else []
    return HTMLResponse(environment().get_template(template).render(**shared, now=visit.now, **fields), code)


def attachment(data: bytes, name: str, kind: str = "application/octet-stream") -> Response:
    """A file to keep, never shown in the browser. name: of it, any text."""
    return Response(
        data, media_type=kind, headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    )


def refusal(path: str, text: str, code: int, seconds: int = 0) -> Response:
    """One line about what is wrong: JSON for a program, a page for a person. seconds: when to try again, or 0."""
    answer: Response = JSONResponse({"error": text}, code) if path.startswith(PROGRAMS) else _problem(text, code)
    if seconds:
        answer.headers["Retry-After"] = str(seconds)
    return answer


def _problem(text: str, code: int) -> Response:
    shared = {"course": "Start page", "person": None, "path": ""}
    return HTMLResponse(environment().get_template("problem.html").render(**shared, text=text, code=code), code)


def moment_text(when: datetime, zone: tzinfo | None) -> str:
    """A time for people, always with its zone: "Mon 12 Oct 2026 23:59 CEST"."""
    return f"{when.astimezone(zone):%a %-d %b %Y %H:%M %Z}"


def clock_text(when: datetime, zone: tzinfo | None) -> str:
    """The same to the second, for lists: "12 Oct 23:59:07"."""
    return f"{when.astimezone(zone):%-d %b %H:%M:%S}"
