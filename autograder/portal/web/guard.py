"""What every request must pass and every answer carries: no other site may act, embed or run anything here."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from autograder.portal.handing_in import NotTakenError
from autograder.portal.web.rendering import PROGRAMS, refusal

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
MOST_FORM = 64 << 10  # bytes of a form without a file
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex",
}


class Guard:
    """An application inside of the rules above."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI's call."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def guarded(event: Message) -> None:
            if event["type"] == "http.response.start":
                headers = MutableHeaders(scope=event)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(event)

        to_program = scope["path"].startswith(PROGRAMS)  # no cookie opens these, so no other site can use one
        if not to_program and is_of_another_site(scope["method"], Headers(scope=scope)):
            refused = refusal(scope["path"], "This came from a page of another site.", 403)
            await refused(scope, receive, guarded)
        else:
            await self._app(scope, receive, guarded)


def is_of_another_site(method: str, headers: Headers) -> bool:
    """Whether a request that changes something was sent by a page of another site (CSRF).

    Browsers say so themselves; older ones name the page's origin. What is no browser carries a token and no cookie.
    Source: https://pkg.go.dev/net/http#CrossOriginProtection
    """
    if method in SAFE or headers.get("authorization", "").startswith("Bearer "):
        return False
    if site := headers.get("sec-fetch-site"):
        return site not in {"same-origin", "none"}
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc != headers.get("host")


def cookie_name(request: Request) -> str:
    """The session's cookie. Behind TLS, browsers keep it from other hosts and paths by this name alone."""
    return "__Host-session" if request.url.scheme == "https" else "session"


def token_of(request: Request) -> str:
    """The token of the command line, or ""."""
    kind, _, text = request.headers.get("authorization", "").partition(" ")
    return text.strip() if kind == "Bearer" else ""


async def form_of(request: Request) -> dict[str, str]:
    """The texts of a form. Raises NotTakenError if it is too long."""
    size = 0
    parts: list[bytes] = []
    async for piece in request.stream():
        size += len(piece)
        if size > MOST_FORM:
            raise NotTakenError(f"form: expected at most {MOST_FORM >> 10} KiB, got more.", 413)
        parts.append(piece)
    request._body = b"".join(parts)  # noqa: SLF001 — starlette's own place for a body that was read
    form = await request.form(max_files=0, max_fields=200)
    return {name: value for name, value in form.items() if isinstance(value, str)}
