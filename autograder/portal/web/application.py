"""The application: finds the route of a request, asks for its right, and answers. It holds no page of its own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
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
from autograder.portal.web.rendering import problem
from autograder.portal.web.routes import NotFoundError, PortalRoute, Visit, may

ROUTES: tuple[PortalRoute, ...] = (
    *doors.ROUTES,
    *static_files.ROUTES,
    *student_pages.ROUTES,
    *me_page.ROUTES,
    *drawing_files.ROUTES,
    *portal_api.ROUTES,
    *class_pages.ROUTES,
    *needs_page.ROUTES,
    *student_file.ROUTES,
    *people_pages.ROUTES,
    *publishing_pages.ROUTES,
    *marking_pages.ROUTES,
    *request_pages.ROUTES,
)


def create_app(portal: Portal, routes: Sequence[PortalRoute] = ROUTES) -> Guard:
    """The application of a portal, with the guard around it."""
    pages = [Route(r.path, _answering(portal, r), methods=[r.method]) for r in routes]
    app = Starlette(routes=pages, exception_handlers={HTTPException: _no_such_page})
    return Guard(app)


def _no_such_page(_: Request, error: Exception) -> Response:
    """An address without a route, or one that takes another method."""
    assert isinstance(error, HTTPException)
    return problem("There is no such page, or it is not yours.", error.status_code)


def _answering(portal: Portal, route: PortalRoute) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        now = portal.clock()
        person = await run_in_threadpool(_signed_in, portal, request, route)
        if not may(person, route.right):
            return _turned_away(request, person, route)
        try:
            if route.streams:
                return await route.streams(Visit(request, portal, person, now))
            form = await form_of(request) if route.method == "POST" else {}
            assert route.answer is not None
            return await run_in_threadpool(route.answer, Visit(request, portal, person, now, form))
        except NotFoundError:
            return problem("There is no such page, or it is not yours.", 404)
        except NotTakenError as error:
            refused = problem(str(error), error.code)
            if seconds := getattr(error, "seconds", 0):
                refused.headers["Retry-After"] = str(seconds)
            return refused
        except AutograderError as error:
            return problem(str(error), 400)

    return answer


def _signed_in(portal: Portal, request: Request, route: PortalRoute) -> PersonRow | None:
    """Who asks: by token for routes of the command line, by cookie for all others. A cookie opens no token's route."""
    kind: Kind = "token" if route.right == "token" else "session"
    text = token_of(request) if kind == "token" else request.cookies.get(cookie_name(request))
    if not text:
        return None
    with portal.database.write() as session:  # the last use of a session is written down
        return person_of(session, text, kind, portal.clock())


def _turned_away(request: Request, person: PersonRow | None, route: PortalRoute) -> Response:
    if route.right == "token":
        return JSONResponse({"error": "token: expected one that works. Hint: make a new one on your page."}, 401)
    if person is None and request.method == "GET":
        return RedirectResponse("/signin", 303)
    return problem("There is no such page, or it is not yours.", 404 if person else 401)
