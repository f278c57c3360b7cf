"""Students of `portal_load`: each hands in with the portal's form and looks at its page until the feedback is there.

All of them live in one process, and it shall take little of the machine that it measures. So HTTP is written by hand:
one request a connection, and nothing of an answer is read that nobody needs.
"""

import asyncio
import contextlib
import re
import time
from dataclasses import dataclass, field

BOUNDARY = "form-of-a-student"
PAUSE = 6.0  # seconds from a receipt to the next hand-in of a person; the portal asks for 5
EVERY = 1.0  # seconds from one look of a page to the next, as in its script
PATIENCE = 600.0  # seconds; whoever has no feedback by then has none


@dataclass(frozen=True)
class Answer:
    """An answer. seconds: from the first byte that was sent to the last one that came."""

    code: int
    head: str
    body: str
    seconds: float

    def header(self, name):
        found = re.search(rf"(?im)^{name}: *([^\r\n]*)", self.head)
        return found[1] if found else ""


@dataclass
class Seen:
    """What all students and staff saw. receipts: seconds of each, by the id of its hand-in.  feedback: as well.

    refused: answers that were no receipt, though the student could do nothing better.  owners: by id.
    """

    receipts: dict[str, float] = field(default_factory=dict)
    feedback: dict[str, float] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    endless: set[str] = field(default_factory=set)
    student_pages: list[float] = field(default_factory=list)
    class_pages: list[float] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class HandIn:
    """One hand-in. at: seconds after the beginning.  endless: it loops for ever."""

    at: float
    student: str
    data: bytes
    endless: bool = False


class Site:
    """A portal as browsers meet it. sessions: by person."""

    def __init__(self, port, sessions):
        self.port, self.sessions = port, sessions

    async def get(self, person, path):
        return await self._ask(person, "GET", path)

    async def send(self, person, path, key, notebook):
        """The form of an assignment's page."""
        parts = [
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="key"\r\n\r\n{key}\r\n',
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="notebook"; filename="a.ipynb"\r\n\r\n',
        ]
        body = "".join(parts).encode() + notebook + f"\r\n--{BOUNDARY}--\r\n".encode()
        return await self._ask(person, "POST", path, body)

    async def news(self, person, page):
        """The stream of an open page: yields each time that the portal says that something changed."""
        since = re.search(r'data-since="(\d+)"', page)[1]
        lines = [
            f"GET /events?since={since} HTTP/1.1",
            f"Host: 127.0.0.1:{self.port}",
            f"Cookie: session={self.sessions[person]}",
        ]
        reader, writer = await self._opened(lines)
        try:
            while line := await reader.readline():
                if line.startswith(b"data:"):
                    yield
        finally:
            writer.close()

    async def _opened(self, lines, body=b""):
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        return reader, writer

    async def _ask(self, person, method, path, body=b""):
        lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", "Connection: close"]
        lines += [f"Cookie: session={self.sessions[person]}", "Sec-Fetch-Site: same-origin"]
        if method == "POST":
            lines += [f"Content-Type: multipart/form-data; boundary={BOUNDARY}", f"Content-Length: {len(body)}"]
        began = time.monotonic()
        reader, writer = await self._opened(lines, body)
        whole = await reader.read(-1)
        writer.close()
        head, _, text = whole.decode("utf-8", "replace").partition("\r\n\r\n")
        code = int(head.split(" ", 2)[1]) if head else 0
        return Answer(code, head, text, time.monotonic() - began)


class Student:
    """One person, with one page open at a time: handing in again, it leaves the page of the hand-in before."""

    def __init__(self, name, site, assignment, seen):
        self.name, self.site, self.address, self.seen = name, site, f"/a/{assignment}", seen
        self.waiting = None

    async def do_all(self, hand_ins, began):
        """Hand in at the times of the plan, but for the pause that the portal asks for."""
        for each in hand_ins:
            await asyncio.sleep(began + each.at - time.monotonic())
            await self._leave()
            page = await self.site.get(self.name, self.address)
            self.seen.student_pages.append(page.seconds)
            clicked = time.monotonic()
            address = await self.hand_in(each)
            self.waiting = asyncio.create_task(self._wait_for_feedback(address, clicked))
            if each is not hand_ins[-1]:
                await asyncio.sleep(PAUSE)
        await self.waiting

    async def hand_in(self, each):
        """The address of the hand-in's page. Sends again if it is refused, as the portal says, with the same key."""
        clicked, key = time.monotonic(), f"{self.name}-{each.at:.6f}".replace(".", "-")
        while (answer := await self.site.send(self.name, self.address, key, each.data)).code != 303:
            self.seen.refused.append(f"{answer.code} {re.sub(r'<[^>]*>', '', answer.body).strip()[-200:]}")
            assert time.monotonic() - clicked < PATIENCE, self.seen.refused[-1]
            await asyncio.sleep(float(answer.header("retry-after") or 2))
        address = answer.header("location").partition("?")[0]
        id_ = address.rpartition("/")[2]
        self.seen.receipts[id_], self.seen.owners[id_] = time.monotonic() - clicked, self.name
        if each.endless:
            self.seen.endless.add(id_)
        return address

    async def _wait_for_feedback(self, address, clicked):
        """Look at the page, and again when the portal says so, as its script does, until there is feedback.

        Whoever loses patience goes away, and is counted among those without feedback.
        """
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                await self._look_until_there_is_feedback(address, clicked)

    async def _look_until_there_is_feedback(self, address, clicked):
        page = await self._look(address, clicked)
        if _has_feedback(page):
            return
        async with contextlib.aclosing(self.site.news(self.name, page)) as news:
            async for _ in news:
                if _has_feedback(await self._look(address, clicked)):
                    return
                await asyncio.sleep(EVERY)
        raise AssertionError(f"{address}: the stream ended before the feedback came")

    async def _look(self, address, clicked):
        """The page. The time of the first one with feedback is written down."""
        page = await self.site.get(self.name, address)
        assert page.code == 200, page
        self.seen.student_pages.append(page.seconds)
        if _has_feedback(page.body):
            self.seen.feedback[address.rpartition("/")[2]] = time.monotonic() - clicked
        return page.body

    async def _leave(self):
        if self.waiting:
            self.waiting.cancel()
            await asyncio.gather(self.waiting, return_exceptions=True)


def _has_feedback(page):
    return 'http-equiv="refresh"' not in page


async def watch_class(site, person, assignment, seen, every=5.0):
    """Somebody of the staff has the class page open, which changes by itself."""
    while True:
        page = await site.get(person, f"/class?a={assignment}")
        assert page.code == 200, page
        seen.class_pages.append(page.seconds)
        await asyncio.sleep(every)
