"""The server that keeps the students' repositories, for the commands that ask it with a token."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Literal

from autograder.errors import AutograderError

if TYPE_CHECKING:
    from autograder.hosting.server import Server

FEEDBACK_TOKEN = "AUTOGRADER_FEEDBACK_TOKEN"  # noqa: S105 — the name of the variable


def provider_of(text: str, expected: str = "github or gitlab") -> Literal["github", "gitlab"]:
    """The value of --provider. expected: in words, for the message.  Raises AutograderError."""
    match text:
        case "github" | "gitlab":
            return text
    raise AutograderError(f"--provider: expected {expected}, got {text[:40]!r}.")


def server_with(
    variable: str, hint: str, kind: Literal["github", "gitlab"] | None = None, *, required: bool = True
) -> Server:
    """The server, with the token in an environment variable. hint: where a person reads how to make the token.

    kind: see server_of.  Raises AutograderError if there is no token, unless it is not required.
    """
    from autograder.hosting.server import server_of

    server = server_of(os.environ, variable, kind)
    if required and not server.token:
        raise AutograderError(f"${variable}: expected a token of {server.address}, got none. Hint: {hint}.")
    return server
