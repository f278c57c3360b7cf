"""Pages that listen to the portal's stream of events, as browsers keep them open: ASGI without a network."""

import asyncio
import contextlib

PATIENCE = 60  # seconds for something that is sure to come; a busy machine needs some


class OpenPage:
    """The stream of one page. headers, status: of its answer.  text: all bytes that came so far."""

    def __init__(self, app, cookie, since=""):
        self.text, self.status, self.headers = "", None, {}
        self._came, self._closed = asyncio.Condition(), asyncio.Event()
        headers = [(b"host", b"127.0.0.1:8000"), (b"cookie", f"session={cookie}".encode())]
        scope = {"type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1",
                 "method": "GET", "scheme": "http", "path": "/events", "raw_path": b"/events", "query_string": f"since={since}".encode(),
                 "headers": headers, "server": ("127.0.0.1", 8000), "client": ("127.0.0.1", 1)}  # fmt: skip
        self._asked = False
        self.ended = asyncio.create_task(app(scope, self._receive, self._send))

    async def _receive(self):
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self._closed.wait()
        return {"type": "http.disconnect"}

    async def _send(self, event):
        async with self._came:
            if event["type"] == "http.response.start":
                self.status = event["status"]
                self.headers = {name.decode(): text.decode() for name, text in event["headers"]}
            else:
                self.text += event["body"].decode()
            self._came.notify_all()

    async def told(self, number):
        """Wait until it was told of so many changes."""
        await self.until(lambda: self.text.count("data:") >= number)

    async def until(self, what):
        async with asyncio.timeout(PATIENCE), self._came:
            await self._came.wait_for(what)

    async def close(self):
        """As a browser does that leaves the page."""
        self._closed.set()
        async with asyncio.timeout(PATIENCE):
            await self.ended


@contextlib.asynccontextmanager
async def opened(app, cookie):
    """A page that is open, and was asked to look at itself once."""
    page = OpenPage(app, cookie)
    try:
        await page.told(1)
        yield page
    finally:
        await page.close()
