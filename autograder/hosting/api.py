"""One server's HTTP interface: pages of a list, patience with a slow server, and obedience to its limits.

A request that only reads is sent again after a fault. One that writes is not: nobody knows whether it arrived, and the
next run looks before it writes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Self

import httpx

from autograder.errors import HostError
from autograder.files import size_text
from autograder.hosting.pace import GITHUB_WRITES, GITLAB_WRITES, Pace
from autograder.hosting.server import Server
from autograder.text import one_line

SECONDS = 30.0  # for one request
PATIENCE = 120.0  # the longest wait that a server may ask for; after a longer one, the next run goes on
PAUSES = (1.0, 4.0, 15.0)  # before what is only read is asked again
MAX_PAGES = 1000
MAX_BYTES = 64 << 20  # of one answer, unpacked: a page of a hundred texts of a student's, of 0.5 MiB each
_HEADERS = {
    "github": {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"},
    "gitlab": {"Accept": "application/json"},
}
_WRITES = {"github": GITHUB_WRITES, "gitlab": GITLAB_WRITES}
_PACKED = {b"content-encoding", b"content-length", b"transfer-encoding"}  # what no longer holds of an unpacked answer
_OUR_RIGHTS = {401: "the token is not accepted", 403: "the token may not do this", 404: "there is none, or no right"}


class Api:
    """Asks one server. transport: of httpx, for tests.  pace: of what is written.  patience: seconds."""

    def __init__(
        self,
        server: Server,
        *,
        transport: httpx.BaseTransport | None = None,
        pace: Pace | None = None,
        patience: float = PATIENCE,
    ) -> None:
        self.server, self.patience = server, patience
        self.pace = pace or Pace(_WRITES[server.kind])
        headers = {"User-Agent": "backprop-course", **_HEADERS[server.kind]}
        if server.token:
            headers["Authorization"] = f"Bearer {server.token}"
        self._client = httpx.Client(
            base_url=server.api, headers=headers, timeout=SECONDS, transport=transport, follow_redirects=False
        )

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def get(self, path: str, /, **parameters: str | int) -> Any:
        """What is at an address. Raises HostError."""
        return _content(self._read(path, parameters))

    def find(self, path: str, /, **parameters: str | int) -> Any:
        """What is at an address, or None if there is nothing, or nothing that the token may see. Raises HostError."""
        try:
            return self.get(path, **parameters)
        except HostError as error:
            if error.kind == "absent":
                return None
            raise

    def pages(self, path: str, /, within: str = "", **parameters: str | int) -> Iterator[Any]:
        """Every item of a list, through all its pages. within: the field that holds the list. Raises HostError."""
        answer = self._read(path, {"per_page": 100, **parameters})
        for _ in range(MAX_PAGES):
            content = _content(answer)
            items = content.get(within) if within and isinstance(content, dict) else content
            if not isinstance(items, list):
                raise HostError(f"{path}: expected a list, got something else", "failed")
            yield from items
            following = answer.links.get("next", {}).get("url")
            if not following:
                return
            if _origin(following) != _origin(str(self._client.base_url)):
                raise HostError(f"{path}: expected a next page on the same server, got another one", "failed")
            answer = self._read(following, {})
        raise HostError(f"{path}: expected at most {MAX_PAGES} pages, got more", "failed")

    def write(self, method: str, path: str, body: dict[str, Any] | None = None, *, content: bool = True) -> Any:
        """Send once. content: whether it makes something that people see: servers limit this. Raises HostError."""
        if content:
            self._wait(self.pace.wait(), "this run has written as much as the server allows in an hour")
            self.pace.sent()
        answer = self._limited(self._client.build_request(method, path, json=body))
        return _content(_checked(answer))

    def upload(self, address: str, data: bytes, kind: str) -> Any:
        """Send a file to an address that the server gave for it. kind: its media type.  Raises HostError."""
        scheme, host, port = _origin(self.server.address)
        if _origin(address) not in {_origin(str(self._client.base_url)), (scheme, f"uploads.{host}", port)}:
            raise HostError("expected an address for a file on the same server, got another one", "failed")
        self._wait(self.pace.wait(), "this run has written as much as the server allows in an hour")
        self.pace.sent()
        headers = {"Content-Type": kind}
        request = self._client.build_request("POST", address, content=data, headers=headers)
        return _content(_checked(self._limited(request)))

    def _read(self, path: str, parameters: dict[str, str | int]) -> httpx.Response:
        request = self._client.build_request("GET", path, params=parameters or None)
        for pause in (*PAUSES, None):
            try:
                answer = self._limited(request)
                if answer.status_code < 500 or pause is None:
                    return _checked(answer)
            except HostError as error:
                if error.kind != "unreachable" or pause is None:
                    raise
            self.pace.sleep(pause)
        raise AssertionError("the last turn returns or raises")

    def _limited(self, request: httpx.Request) -> httpx.Response:
        """The answer; after a wait, if the server asks for one that is short enough. Raises HostError."""
        for last in (False, True):
            try:
                answer = self._answer(request)
            except httpx.HTTPError as error:
                said = one_line(str(error) or type(error).__name__, 200)
                raise HostError(f"{self.server.api}: expected an answer, got {said}", "unreachable") from None
            seconds = _asked_wait(answer)
            if seconds is None:
                return answer
            if last:
                break
            self._wait(seconds, "the server's limit is reached")
        raise HostError("expected to be let in after the wait, got the server's limit again", "limit")

    def _answer(self, request: httpx.Request) -> httpx.Response:
        """The answer, of at most MAX_BYTES. Raises HostError, and httpx.HTTPError."""
        answer = self._client.send(request, stream=True)
        data = bytearray()
        try:
            for part in answer.iter_bytes():
                data += part
                if len(data) > MAX_BYTES:
                    expected = f"{request.url.path}: expected an answer of at most {size_text(MAX_BYTES)}"
                    raise HostError(f"{expected}, got more", "failed")
        finally:
            answer.close()
        headers = [(name, value) for name, value in answer.headers.raw if name.lower() not in _PACKED]
        return httpx.Response(answer.status_code, headers=headers, content=bytes(data), request=request)

    def _wait(self, seconds: float, why: str) -> None:
        if seconds > self.patience:
            raise HostError(f"expected to wait {self.patience:.0f} s at most, got {seconds:.0f} s: {why}", "limit")
        if seconds > 0:
            self.pace.sleep(seconds)


def _origin(address: str) -> tuple[str, str, int | None]:
    """Scheme, host and port: a token goes nowhere else. Three empty values for what is no address."""
    try:
        url = httpx.URL(address)
    except httpx.InvalidURL:
        return "", "", None
    return url.scheme, url.host, url.port


def _asked_wait(answer: httpx.Response) -> float | None:
    """The seconds that a server asks us to wait, or None if it does not. GitHub says 403 or 429 for both its limits."""
    if answer.status_code not in {403, 429}:
        return None
    asked = answer.headers.get("retry-after", "")
    if asked.isdecimal():
        return float(asked)
    if answer.headers.get("x-ratelimit-remaining") == "0":
        return _until_reset(answer)
    secondary = "secondary rate limit" in answer.text[:2000].lower()
    return 60.0 if answer.status_code == 429 or secondary else None


def _until_reset(answer: httpx.Response) -> float:
    from email.utils import parsedate_to_datetime

    reset = answer.headers.get("x-ratelimit-reset", "")
    try:
        now = parsedate_to_datetime(answer.headers["date"]).timestamp()
    except (KeyError, ValueError):
        return 60.0
    return max(1.0, float(reset) - now) if reset.isdecimal() else 60.0


def _checked(answer: httpx.Response) -> httpx.Response:
    code = answer.status_code
    if code < 300:
        return answer
    what = f"{answer.request.method} {answer.request.url.path}"
    if code in {404, 410}:
        raise HostError(f"{what}: expected it to exist, got {code}: {_OUR_RIGHTS[404]}", "absent")
    said = _OUR_RIGHTS.get(code) or one_line(answer.text, 200)
    raise HostError(
        f"{what}: expected it to succeed, got {code}: {said}", "refused" if code in _OUR_RIGHTS else "failed"
    )


def _content(answer: httpx.Response) -> Any:
    if not answer.content:
        return None
    try:
        return answer.json()
    except (ValueError, RecursionError):
        raise HostError(f"{answer.request.url.path}: expected JSON, got something else", "failed") from None
