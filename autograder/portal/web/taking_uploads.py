"""Takes notebooks from browsers and programs, piece by piece, and hands them in.

Nothing of a request is believed: not its length, not a file's name, not its type. A body has a limit of bytes and of
time, and only so many come in at once.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import secrets
from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta

from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request

from autograder.portal.catalogue import CatalogueEntry
from autograder.portal.handing_in import Delivery, HandIn, IncomingFile, NotTakenError, hand_in, sent_before, uploading
from autograder.portal.schema import SubmissionRow
from autograder.portal.shown_feedback import work_of
from autograder.portal.student_exceptions import granted_in
from autograder.portal.web.routes import NotFoundError, Visit

SECONDS = 60.0  # for a whole body
AT_ONCE = 32
PAUSE = timedelta(seconds=5)  # between two hand-ins of a person
A_DAY = 200  # hand-ins of a person
MOST_PARTS = 8
MOST_FIELD = 200  # bytes of a field beside the file
_KEY = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
_coming: set[str] = set()  # the people whose notebooks come in now


async def take_form(visit: Visit) -> HandIn:
    """Hand in the file of a browser's form. Raises NotTakenError and NotFoundError."""
    form = _Form(visit.request)
    return await _take(visit, form.pieces(), form.fields)


async def take_body(visit: Visit) -> HandIn:
    """Hand in the whole body of a request, as the command line sends it. Raises NotTakenError and NotFoundError."""
    headers = visit.request.headers
    fields = {"key": headers.get("idempotency-key", ""), "late": visit.request.query_params.get("late", "")}
    return await _take(visit, visit.request.stream(), fields)


async def _take(visit: Visit, pieces: AsyncIterator[bytes], fields: dict[str, str]) -> HandIn:
    entry = await run_in_threadpool(_open_entry, visit)
    arrival = Delivery(entry.name, visit.who.id, visit.now, "")
    with _place_of(visit.who.id), contextlib.ExitStack() as stack:
        upload = await run_in_threadpool(stack.enter_context, uploading(visit.portal.places, arrival))
        try:
            async with asyncio.timeout(SECONDS):
                async for piece in pieces:
                    await run_in_threadpool(upload.add, piece)
        except TimeoutError:
            raise _refused(f"expected all of it within {SECONDS:.0f} seconds, got a part", 408) from None
        except ClientDisconnect:
            raise _refused("expected all of it, got a part, as the connection ended", 400) from None
        if not upload.size:
            raise _refused("expected a file, got none or an empty one", 400)
        arrival = Delivery(arrival.assignment, arrival.student, arrival.received, _key(fields), arrival.id)
        return await run_in_threadpool(_kept, visit, entry, arrival, upload, fields.get("late") == "yes")


def _kept(visit: Visit, entry: CatalogueEntry, arrival: Delivery, upload: IncomingFile, sure: bool) -> HandIn:
    with visit.portal.database.read() as session:
        if sent_before(session, arrival, upload.sha256) is None:
            _require_pace(session, arrival)
            if not sure:
                _require_no_loss(session, visit, entry)
    return hand_in(visit.portal.database, visit.portal.places, arrival, upload, entry.suite)


def _open_entry(visit: Visit) -> CatalogueEntry:
    """The assignment of the address, if it takes hand-ins."""
    entry = visit.portal.catalogue.of(visit.path("name"))
    rules = visit.portal.course.policy.of(entry.name) if entry else None
    if entry is None or rules is None or rules.state_at(visit.now) == "draft":
        raise NotFoundError
    with visit.portal.database.read() as session:
        granted = granted_in(session).added_to(visit.portal.course.policy)
    due = granted.due_of(entry.name, visit.who.id) if granted.extended(entry.name, visit.who.id) else None
    if rules.state_at(visit.now) == "closed" and not (due and visit.now <= due):
        raise NotTakenError("NOT handed in: this assignment is closed. Hint: write to your instructor.", 409)
    return entry


def _require_pace(session: Session, arrival: Delivery) -> None:
    """A person hands in no faster than the machine may be asked. Raises NotTakenError."""
    mine = SubmissionRow.student == arrival.student
    newest = session.scalar(select(func.max(SubmissionRow.received)).where(mine))
    since_then = arrival.received - newest if newest else PAUSE
    if timedelta(0) <= since_then < PAUSE:  # below 0, somebody set the clock back: that is no fault of the student
        left = (PAUSE - since_then).seconds + 1
        raise NotTakenError("NOT handed in: you handed in a moment ago. Hint: wait 5 seconds.", 429, left)
    since = SubmissionRow.received > arrival.received - timedelta(days=1)
    if (session.scalar(select(func.count()).select_from(SubmissionRow).where(mine, since)) or 0) >= A_DAY:
        raise NotTakenError(f"NOT handed in: expected at most {A_DAY} hand-ins a day, got more.", 429, 3600)


def _require_no_loss(session: Session, visit: Visit, entry: CatalogueEntry) -> None:
    """What would replace work in time by late work is asked about first. Raises NotTakenError."""
    work = work_of(session, visit.portal.course, entry, visit.who.id, visit.now)
    if replaces_work_in_time(work.due, [row.received for row in work.hand_ins], visit.now):
        raise NotTakenError(
            "NOT handed in: it would be late, and your work before it is in time. "
            "Hint: tick the box beside the button if you want that, or use --late.",
            409,
        )


def replaces_work_in_time(due: datetime | None, received: list[datetime], now: datetime) -> bool:
    """Whether a hand-in of now is late, while the newest one is in time."""
    return due is not None and now > due and bool(received) and max(received) <= due


@contextlib.contextmanager
def _place_of(person: str) -> Iterator[None]:
    """One of the places for bodies that come in. Raises NotTakenError. All of it runs in one event loop."""
    if person in _coming:
        raise NotTakenError("NOT handed in: another upload of yours is under way. Hint: wait for it.", 429, 2)
    if len(_coming) >= AT_ONCE:
        raise NotTakenError("NOT handed in: very many hand in at this moment. Hint: try again in 2 seconds.", 503, 2)
    _coming.add(person)
    try:
        yield
    finally:
        _coming.discard(person)


def _key(fields: dict[str, str]) -> str:
    """The sender's key; a new one where the sender has none that can be kept."""
    given = fields.get("key", "")
    return given if _KEY.fullmatch(given) else secrets.token_hex(16)


def _refused(reason: str, code: int) -> NotTakenError:
    return NotTakenError(f"NOT handed in: notebook: {reason}. Hint: hand in again.", code)


class _Form:
    """A form of `multipart/form-data` whose file `notebook` passes through, and whose other fields are kept."""

    def __init__(self, request: Request) -> None:
        self.fields: dict[str, str] = {}
        self._request = request
        self._parts, self._files, self._whole = 0, 0, False
        self._header, self._value = b"", b""
        self._name, self._in_file = "", False
        self._out: list[bytes] = []
        self._field = b""

    async def pieces(self) -> AsyncIterator[bytes]:
        """The file's bytes, as they come. Raises NotTakenError."""
        parser = self._parser()
        async for piece in self._request.stream():
            try:
                parser.write(piece)
            except MultipartParseError:
                raise _refused("expected the form of this page, got something else", 400) from None
            for out in self._out:
                yield out
            self._out.clear()
        if not self._whole:
            raise _refused("expected all of the form, got a part", 400)
        if self._files != 1:
            raise _refused("expected a file, got none", 400)

    def _parser(self) -> MultipartParser:
        kind, options = parse_options_header(self._request.headers.get("content-type", ""))
        boundary = options.get(b"boundary", b"")
        if kind != b"multipart/form-data" or not 1 <= len(boundary) <= 200:
            raise _refused("expected the form of this page, got something else", 400)
        return MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": self._in_header_name,
                "on_header_value": self._in_header_value,
                "on_header_end": self._end_header,
                "on_part_data": self._data,
                "on_part_end": self._end,
                "on_end": self._end_form,
            },
        )

    def _begin(self) -> None:
        self._parts += 1
        if self._parts > MOST_PARTS:
            raise _refused(f"expected a form of at most {MOST_PARTS} parts, got more", 400)
        self._name, self._in_file, self._field = "", False, b""

    def _in_header_name(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _in_header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _end_header(self) -> None:
        if self._header.lower() == b"content-disposition":
            _, options = parse_options_header(self._value)
            self._name = options.get(b"name", b"").decode("ascii", "replace")
            self._in_file = self._name == "notebook"
            self._files += self._in_file
            if self._files > 1:
                raise _refused("expected one file, got two", 400)
        self._header = self._value = b""

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._in_file:
            self._out.append(data[start:end])
        elif len(self._field) < MOST_FIELD:
            self._field += data[start:end][:MOST_FIELD]

    def _end(self) -> None:
        if not self._in_file and self._name:
            self.fields[self._name] = self._field.decode("utf-8", "replace")

    def _end_form(self) -> None:
        self._whole = True
