"""Tells open pages that something changed, so that they ask for themselves again. A stream never says what it was.

One task looks into the table of events for all streams, when a bell rings or some time is over. A stream keeps no
thread and no connection to the database. A page says how much news there was when it was made, so that it is not told
of what it shows already.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from autograder.portal.bells import quieten
from autograder.portal.credentials import credential_hash, roles_of_sessions
from autograder.portal.handing_in import NotTakenError
from autograder.portal.news import ChangedPages, amount_of_news, changes_of, events_after
from autograder.portal.portal import Portal
from autograder.portal.schema import EventRow
from autograder.portal.web.guard import cookie_name
from autograder.portal.web.request_fields import whole_number
from autograder.portal.web.routes import PortalRoute, Visit

MOST = 2000  # open streams
MOST_OF_SESSION = 6  # of one browser; its hidden pages keep none
LOOK_SECONDS = 1.0  # from one look to the next, if no bell rings
REST = 10  # times as long as a look takes, it rests after it
HEARTBEAT_SECONDS = 15.0  # proxies end a connection that says nothing
STEP_SECONDS = 0.03  # between two pages that are told the same, so that a whole class does not ask at once
_BACK = 100  # events; in PostgreSQL an earlier number can come into view later


@dataclass(eq=False, slots=True)
class OpenStream:
    """One page that is open. session: the hash of its cookie.  news: that something changed, or that it is over.

    since: how much news its page shows; None: it does not say.  is_new: no look was for it yet.
    """

    session: str
    person: str
    role: str
    since: int | None = None
    is_new: bool = True
    is_over: bool = False
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def end(self) -> None:
        """End it."""
        self.is_over = True
        self.news.set()


@dataclass(frozen=True, slots=True)
class SeenNews:
    """What one look found. roles: of sessions that still work.  behind: new streams whose pages lack some news."""

    roles: Mapping[str, str]
    changes: ChangedPages
    behind: frozenset[OpenStream]


class EventStreams:
    """The streams of a portal, and the task that looks for all of them while there is one.

    bell: the descriptor that rings when another process wrote; -1: there is none.
    """

    def __init__(self, portal: Portal, bell: int = -1) -> None:
        self._portal, self._bell = portal, bell
        self._rung = asyncio.Event()
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
        self._rung.set()
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
        loop = asyncio.get_running_loop()
        if self._bell >= 0:
            loop.add_reader(self._bell, self._hear)
        try:
            await run_in_threadpool(self._begin)
            while self._open:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._rung.wait(), LOOK_SECONDS)
                self._rung.clear()
                began = loop.time()
                await self.tell()
                await asyncio.sleep(min(LOOK_SECONDS, REST * (loop.time() - began)))
        finally:
            if self._bell >= 0:
                loop.remove_reader(self._bell)
            self.end()

    def _hear(self) -> None:
        quieten(self._bell)
        self._rung.set()

    async def tell(self) -> None:
        """Look once, and tell the pages that changed."""
        streams = list(self._open)
        seen = await run_in_threadpool(self._read, streams)
        loop, told = asyncio.get_running_loop(), 0
        for stream in streams:
            if seen.roles.get(stream.session) != stream.role:
                stream.end()
            elif stream in seen.behind if stream.is_new else seen.changes.concern(stream.person, stream.role):
                loop.call_later(told * STEP_SECONDS, stream.news.set)
                told += 1
            stream.is_new = False

    def _begin(self) -> None:
        """What came before the first stream is no news for anybody: pages say how much of it they show."""
        with self._portal.database.read() as session:
            self._newest = session.scalar(select(func.max(EventRow.id))) or 0
        self._read(())

    def _read(self, streams: Sequence[OpenStream]) -> SeenNews:
        with self._portal.database.read() as session:
            roles = roles_of_sessions(session, {stream.session for stream in streams}, self._portal.clock())
            rows = events_after(session, self._newest - _BACK)
            # After the events, so that what comes in between is told twice, and not never.
            behind = frozenset(stream for stream in streams if stream.is_new and self._is_behind(session, stream))
        new = [row for row in rows if row.id not in self._seen]
        self._seen = frozenset(row.id for row in rows)
        self._newest = max(self._seen, default=0)
        return SeenNews(roles, changes_of(new), behind)

    def _is_behind(self, session: Session, stream: OpenStream) -> bool:
        if stream.since is None:
            return True
        return stream.since != amount_of_news(session, self._portal, stream.person, stream.role)


def news_so_far(visit: Visit) -> int:
    """How much news a page of this person shows, if it reads all that it shows after this."""
    with visit.portal.database.read() as session:
        return amount_of_news(session, visit.portal, visit.who.id, visit.who.role)


async def events(visit: Visit) -> Response:
    """The stream of a page. It ends when the session does."""
    streams: EventStreams = visit.request.app.state.streams
    session = credential_hash(visit.request.cookies[cookie_name(visit.request)])
    streams.require_room(session)
    since = whole_number(visit.request.query_params.get("since", ""))
    return _StreamAnswer(streams, OpenStream(session, visit.who.id, visit.who.role, since))


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
