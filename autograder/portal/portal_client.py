"""Sends a notebook to a portal with a token, as a program does, and waits for its feedback. It asks no person anything.

What the portal answers is not believed: it has a limit of bytes, and each field is looked at.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from autograder.errors import AutograderError
from autograder.files import FileKind
from autograder.text import one_line, points_text

if TYPE_CHECKING:
    import httpx

TOKEN_FILE = FileKind("a token", 1 << 10, "make one on your page of the portal")
TRIES = 6  # of one notebook
LONGEST = 60  # seconds between two tries, whatever the portal asks for
MOST_ANSWER = 4 << 20  # bytes
_ID = re.compile("[0-9a-f]{16}")  # of a hand-in; it becomes a part of a file's name
_LATER = frozenset({429, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class PortalClient:
    """A portal and who asks it. http: with the portal's address and the token.  pause: waits a number of seconds."""

    http: httpx.Client
    pause: Callable[[float], None]

    def send(self, assignment: str, notebook: bytes, *, late: bool = False) -> dict[str, Any]:
        """Hand in. Returns the portal's answer, with the receipt. All tries have one key: it is handed in once.

        Raises AutograderError, with the portal's own line where it gave one.
        """
        path = f"/api/v1/hand-in/{quote(assignment, safe='')}" + ("?late=yes" if late else "")
        answer = self._asked("PUT", path, content=notebook, headers={"Idempotency-Key": secrets.token_hex(16)})
        if not isinstance(answer.get("receipt"), str) or not _ID.fullmatch(str(answer.get("id"))):
            raise _odd()
        return answer

    def result_of(self, submission: str, seconds: float, step: float = 2.0) -> dict[str, Any]:
        """The state of a hand-in, when it is graded or when so many seconds are over. Raises AutograderError."""
        path, waited = f"/api/v1/hand-ins/{quote(submission, safe='')}", 0.0
        while (answer := self._asked("GET", path)).get("state") == "waiting" and waited < seconds:
            self.pause(step)
            waited += step
        return answer

    def _asked(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        """Ask, and ask again where that can help. Raises AutograderError."""
        import httpx

        for left in reversed(range(TRIES)):
            try:
                answer = self.http.request(method, path, **more)
            except httpx.TransportError as error:
                if not left:
                    raise AutograderError(f"portal: expected an answer, got {one_line(str(error), 200)!r}.") from None
                self.pause(2.0)
                continue
            if answer.status_code not in _LATER or not left:
                return _fields(answer)
            self.pause(_seconds(answer.headers.get("retry-after", "")))
        raise AssertionError  # the last try returns or raises


def feedback_line(answer: dict[str, Any]) -> str:
    """One line about the state of a hand-in: its points as the student may see them."""
    state, result = answer.get("state"), answer.get("result")
    if state != "graded" or not isinstance(result, dict):
        words = {"waiting": "not graded yet", "malformed": "not readable as a notebook"}
        return words.get(str(state), "not graded yet")
    score, most = result.get("score"), result.get("max_score")
    if not isinstance(score, int | float) or not isinstance(most, int | float):
        raise _odd()
    return f"graded: {points_text(score)} of {points_text(most)} points shown"


def _fields(answer: httpx.Response) -> dict[str, Any]:
    fields: Any = None
    if len(answer.content) <= MOST_ANSWER:
        try:
            fields = json.loads(answer.content)
        except (ValueError, RecursionError):
            fields = None
    if answer.is_success and isinstance(fields, dict):
        return fields
    if isinstance(fields, dict) and isinstance(fields.get("error"), str):
        raise AutograderError(one_line(fields["error"]))
    if answer.status_code == 401:
        raise AutograderError("token: expected one that works. Hint: make a new one on your page of the portal.")
    raise AutograderError(f"portal: expected its answer, got code {answer.status_code}. Hint: look at the address.")


def _seconds(text: str) -> float:
    """What Retry-After says, within limits."""
    return float(min(LONGEST, max(1, int(text)))) if text.isascii() and text.isdigit() and len(text) < 6 else 2.0


def _odd() -> AutograderError:
    return AutograderError(
        "portal: expected a receipt and an id, got something else. Hint: is this the portal's address?"
    )
