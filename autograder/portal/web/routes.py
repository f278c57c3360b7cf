"""A route says who may use it. There is no route without a right, because the class asks for one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from starlette.requests import Request
from starlette.responses import Response

from autograder.portal.portal import Portal
from autograder.portal.schema import PersonRow

# open: everybody.  student: everybody who is signed in, for things of their own.  The others include what comes before
# them.  token: the command line, with a token in the place of a session.
Right = Literal["open", "student", "grader", "instructor", "admin", "token"]
RANKS = {"student": 0, "grader": 1, "instructor": 2, "admin": 3}


@dataclass(frozen=True, slots=True)
class Visit:
    """One request, by whom and when. person: None on open routes, if nobody is signed in.

    form: the fields of a form, each a text; none where the route reads the body itself.
    """

    request: Request
    portal: Portal
    person: PersonRow | None
    now: datetime
    form: dict[str, str] = field(default_factory=dict)

    @property
    def who(self) -> PersonRow:
        """The person. Only for routes that are not open."""
        assert self.person is not None
        return self.person

    def path(self, name: str) -> str:
        """A part of the address."""
        return str(self.request.path_params[name])


class NotFoundError(Exception):
    """There is no such thing, or it is somebody else's: nobody can tell which."""


@dataclass(frozen=True, slots=True)
class PortalRoute:
    """An address. answer: runs in a thread.  streams: takes the body itself, piece by piece, in the event loop."""

    method: Literal["GET", "POST", "PUT"]
    path: str
    right: Right
    answer: Callable[[Visit], Response] | None = None
    streams: Callable[[Visit], Awaitable[Response]] | None = None


def may(person: PersonRow | None, right: Right) -> bool:
    """Whether this person has the right."""
    if right == "open":
        return True
    return person is not None and RANKS[person.role] >= RANKS["student" if right == "token" else right]
