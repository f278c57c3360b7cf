"""Tells open pages that something changed, so that they ask for themselves again. A stream never says what it was.

One task looks into the table of events for all streams. A stream keeps no thread and no connection to the database.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from autograder.portal.credentials import credential_hash, roles_of_sessions
from autograder.portal.events import What
from autograder.portal.handing_in import NotTakenError
from autograder.portal.portal import Portal
from autograder.portal.schema import EventRow, SubmissionRow
from autograder.portal.web.guard import cookie_name
from autograder.portal.web.routes import PortalRoute, Visit

MOST = 2000  # open streams
MOST_OF_SESSION = 6  # of one browser; its hidden pages keep none
LOOK_SECONDS = 0.25
HEARTBEAT_SECONDS = 15.0  # proxies end a connection that says nothing
STEP_SECONDS = 0.03  # between two pages that are told the same, so that a whole class does not ask at once
_BACK = 100  # events; in PostgreSQL an earlier number can come into view later

_OF_SUBMISSION: Collection[What] = {"handed_in", "adopted", "graded"}
_OF_STUDENT: Collection[What] = {"granted", "taken_back", "asked", "answered"}
_OF_ALL: Collection[What] = {"published", "withdrawn", "regrade_applied", "regrade_reverted"}


@dataclass(eq=False, slots=True)
class OpenStream:
    """One page that is open. session: the hash of its cookie.  news: that something changed, or that it is over."""

    session: str
    person: str
    role: str
    is_new: bool = True
    is_over: bool = False
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def end(self) -> None:
        """End it."""
        self.is_over = True
        self.news.set()


@dataclass(frozen=True, slots=True)
class ChangedPages:
    """Whose pages changed. students: ids.  of_all: pages of every student.  any: pages of staff."""

    students: frozenset[str]
    of_all: bool
    any: bool

    def concern(self, stream: OpenStream) -> bool:
        """Whether its page is to be asked for again. A new one is: the change may have come before the stream."""
        of_student = self.of_all or stream.person in self.students
        return stream.is_new or (of_student if stream.role == "student" else self.any)


class EventStreams:
    """The streams of a portal, and the task that looks for all of them while there is one."""

    def __init__(self, portal: Portal) -> None:
        self._portal = portal
        self._open: set[OpenStream] = set()
        self._looking: asyncio.Task[None] | None = None
        self._newest = 0  # event
        self._seen: frozenset[int] = frozenset()

    def require_room(self, session: str) -> None:
        """Raises NotTakenError if there are too many streams."""
        if len(self._open) >= MOST or sum(s.session == session for s in self._open) >= MOST_OF_SESSION:
            raise NotTakenError("events: expected fewer open pages, got very many. Hint: close some.", 429, 60)

    @contextlib.contextmanager
    def holding(self, stream: OpenStream) -> Iterator[None]:
        """While the block runs, the stream is told of changes."""
        self._open.add(stream)
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())
        try:
            yield
        finally:
            self._open.discard(stream)

    def end(self) -> None:
        """End all streams. Their pages ask for new ones some seconds later."""
        for stream in self._open:
            stream.end()

    async def _look(self) -> None:
        """Look as long as a page is open. If the database fails, all streams end."""
        try:
            self._newest = await run_in_threadpool(self._newest_event)
            while self._open:
                await asyncio.sleep(LOOK_SECONDS)
                await self.tell()
        finally:
            self.end()

    async def tell(self) -> None:
        """Look once, and tell the pages that changed."""
        streams = list(self._open)
        roles, changes = await run_in_threadpool(self._read, {stream.session for stream in streams})
        loop, told = asyncio.get_running_loop(), 0
        for stream in streams:
            if roles.get(stream.session) != stream.role:
                stream.end()
            elif changes.concern(stream):
                loop.call_later(told * STEP_SECONDS, stream.news.set)
                told += 1
            stream.is_new = False

    def _newest_event(self) -> int:
        with self._portal.database.read() as session:
            return session.scalar(select(func.max(EventRow.id))) or 0

    def _read(self, sessions: set[str]) -> tuple[dict[str, str], ChangedPages]:
        """The roles of sessions that still work, and what came since the last look."""
        columns = select(EventRow.id, EventRow.what, EventRow.about, EventRow.data, SubmissionRow.student)
        recent = columns.outerjoin(SubmissionRow, SubmissionRow.id == EventRow.about)
        with self._portal.database.read() as session:
            roles = roles_of_sessions(session, sessions, self._portal.clock())
            rows = session.execute(recent.where(EventRow.id > self._newest - _BACK)).all()
        new = [row for row in rows if row.id not in self._seen]
        self._seen = frozenset(row.id for row in rows)
        self._newest = max(self._seen, default=0)
        return roles, changes_of(new)


def changes_of(events: Iterable[Any]) -> ChangedPages:
    """Whose pages these events change. A grading that does not count is a proposal, which no student sees."""
    students, of_all, any_ = set(), False, False
    for event in events:
        any_, of_all = True, of_all or event.what in _OF_ALL
        if event.what in _OF_STUDENT:
            students.add(event.about)
        elif event.what in _OF_SUBMISSION and event.student and event.data.get("counts", True):
            students.add(event.student)
    return ChangedPages(frozenset(students), of_all, any_)


async def events(visit: Visit) -> Response:
    """The stream of a page. It ends when the session does."""
    streams: EventStreams = visit.request.app.state.streams
    session = credential_hash(visit.request.cookies[cookie_name(visit.request)])
    streams.require_room(session)
    return _StreamAnswer(streams, OpenStream(session, visit.who.id, visit.who.role))


class _StreamAnswer(StreamingResponse):
    """A stream for as long as the page is open. Proxies are asked not to collect it."""

    def __init__(self, streams: EventStreams, stream: OpenStream) -> None:
        super().__init__(_lines(stream), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})
        self._streams, self._stream = streams, stream

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI's call."""
        with self._streams.holding(self._stream):
            await super().__call__(scope, receive, send)


async def _lines(stream: OpenStream) -> AsyncIterator[str]:
    """What a page is sent. Source: https://html.spec.whatwg.org/multipage/server-sent-events.html"""
    yield f"retry: {2000 + secrets.randbelow(6000)}\n\n"  # milliseconds; not all pages come back at once
    while not stream.is_over:
        try:
            async with asyncio.timeout(HEARTBEAT_SECONDS):
                await stream.news.wait()
        except TimeoutError:
            yield ":\n\n"
            continue
        stream.news.clear()
        if not stream.is_over:
            yield "data: changed\n\n"


ROUTES = (PortalRoute("GET", "/events", "student", streams=events),)
