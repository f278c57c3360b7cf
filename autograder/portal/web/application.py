"""The application: finds the route of a request, asks for its right, and answers. It holds no page of its own."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from sqlalchemy.exc import InterfaceError, OperationalError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from autograder.errors import AutograderError
from autograder.portal.credentials import Kind, person_of
from autograder.portal.handing_in import NotTakenError
from autograder.portal.portal import Portal
from autograder.portal.schema import PersonRow
from autograder.portal.web import (
    class_pages,
    doors,
    drawing_files,
    event_stream,
    marking_pages,
    me_page,
    needs_page,
    people_pages,
    portal_api,
    publishing_pages,
    request_pages,
    static_files,
    student_file,
    student_pages,
)
from autograder.portal.web.guard import Guard, cookie_name, form_of, token_of
from autograder.portal.web.rendering import PROGRAMS, refusal
from autograder.portal.web.request_pace import RequestPace
from autograder.portal.web.routes import NotFoundError, PortalRoute, Visit, may

ROUTES: tuple[PortalRoute, ...] = (
    *doors.ROUTES,
    *static_files.ROUTES,
    *student_pages.ROUTES,
    *me_page.ROUTES,
    *drawing_files.ROUTES,
    *portal_api.ROUTES,
    *event_stream.ROUTES,
    *class_pages.ROUTES,
    *needs_page.ROUTES,
    *student_file.ROUTES,
    *people_pages.ROUTES,
    *publishing_pages.ROUTES,
    *marking_pages.ROUTES,
    *request_pages.ROUTES,
)

_LOG = logging.getLogger(__name__)
NO_DATABASE = (
    "The portal cannot reach its database at this moment. Hint: try again in a minute. "
    "If you handed in just now, your notebook may be there already."
)
NO_PAGE = "There is no such page, or it is not yours."
NO_ADDRESS = "address: expected one of an assignment that is open, or of a hand-in of yours, got another."


def create_app(
    portal: Portal, routes: Sequence[PortalRoute] = ROUTES, streams: event_stream.EventStreams | None = None
) -> Guard:
    """The application of a portal, with the guard around it. streams: of its open pages."""
    pace = RequestPace()
    pages = [Route(r.path, _answering(portal, r, pace), methods=[r.method]) for r in routes]
    told = {HTTPException: _no_such_page, Exception: _unforeseen}
    app = Starlette(routes=pages, exception_handlers={**told, OperationalError: _away, InterfaceError: _away})
    app.state.streams = streams or event_stream.EventStreams(portal)
    return Guard(app)


def _no_such_page(request: Request, error: Exception) -> Response:
    """An address without a route, or one that takes another method."""
    assert isinstance(error, HTTPException)
    return _nowhere(request.url.path, error.status_code)


def _nowhere(path: str, code: int) -> Response:
    return refusal(path, NO_ADDRESS if path.startswith(PROGRAMS) else NO_PAGE, code)


def _away(request: Request, error: Exception) -> Response:
    """PostgreSQL starts again, or SQLite's file is held for too long.

    A notebook that was kept before its row could be written has a file. The clerk adopts it.
    """
    _LOG.warning("database: %s", str(error).splitlines()[0])
    return refusal(request.url.path, NO_DATABASE, 503, 10)


def _unforeseen(request: Request, _: Exception) -> Response:
    """A fault of ours. Starlette raises it again after this answer, so its traceback is in the server's log."""
    return refusal(request.url.path, "The fault is on our side. Hint: try again; then tell your instructor.", 500)


def _answering(portal: Portal, route: PortalRoute, pace: RequestPace) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        now, path = portal.clock(), request.url.path
        try:
            person = await run_in_threadpool(_signed_in, portal, request, route)
            if not may(person, route.right):
                return _turned_away(request, person, route)
            if route.right == "token":
                pace.require(token_of(request), time.monotonic())
            return await _answered(Visit(request, portal, person, now), route)
        except NotFoundError:
            return _nowhere(path, 404)
        except NotTakenError as error:
            return refusal(path, str(error), error.code, error.seconds)
        except AutograderError as error:
            return refusal(path, str(error), 400)

    return answer


async def _answered(visit: Visit, route: PortalRoute) -> Response:
    if route.streams:
        return await route.streams(visit)
    form = await form_of(visit.request) if route.method == "POST" else {}
    assert route.answer is not None
    return await run_in_threadpool(route.answer, replace(visit, form=form))


def _signed_in(portal: Portal, request: Request, route: PortalRoute) -> PersonRow | None:
    """Who asks: by token for routes of the command line, by cookie for all others. A cookie opens no token's route."""
    kind: Kind = "token" if route.right == "token" else "session"
    text = token_of(request) if kind == "token" else request.cookies.get(cookie_name(request))
    if not text:
        return None
    with portal.database.read() as session:  # SQLite has one writer at a time: a page waits for none of them
        person = person_of(session, text, kind, portal.clock())
        if not session.dirty:
            return person
    with portal.database.write() as session:  # the last use of a session is written down, every five minutes
        return person_of(session, text, kind, portal.clock())


def _turned_away(request: Request, person: PersonRow | None, route: PortalRoute) -> Response:
    path = request.url.path
    if route.right == "token":
        return refusal(path, "token: expected one that works. Hint: make a new one on your page.", 401)
    if person is None and request.method == "GET":
        return RedirectResponse("/signin", 303)
    return _nowhere(path, 404 if person else 401)
