"""Which server keeps the students' repositories, and how a repository is called there.

A job of GitHub Actions and of GitLab CI is told its server by the environment. On another machine it is github.com, or
what AUTOGRADER_GIT_SERVER says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import quote, urlsplit

from autograder.errors import AutograderError

ServerKind = Literal["github", "gitlab"]
_ADDRESSES = ("AUTOGRADER_GIT_SERVER", "GITHUB_SERVER_URL", "CI_SERVER_URL")  # the first that is there counts
_PART = r"[A-Za-z0-9_][A-Za-z0-9_.-]*"
_REMOTE = re.compile(
    rf"(?:https://(?:[^@/\s]+@)?|ssh://git@|git@)(?P<host>[A-Za-z0-9.-]+(?::\d+)?)[:/](?P<path>{_PART}(?:/{_PART})+)/?"
)
_HERE = {"127.0.0.1", "localhost", "::1"}


@dataclass(frozen=True, slots=True)
class Server:
    """address: of its pages, such as https://github.com.  api: of its HTTP interface.  token: a secret, or ""."""

    kind: ServerKind
    address: str
    api: str
    token: str = field(default="", repr=False)

    def repository(self, remote: str) -> str | None:
        """OWNER/NAME on GitHub, GROUP/…/NAME on GitLab; None for a remote that is not on this server."""
        match = _REMOTE.fullmatch(remote)
        if match is None or match["host"].casefold() != urlsplit(self.address).netloc.casefold():
            return None
        path = match["path"].removesuffix(".git")
        if self.kind == "github" and path.count("/") != 1:
            return None
        return path


def part_of(repository: str) -> str:
    """A repository's path as one part of GitLab's addresses."""
    return quote(repository, safe="")


def address_in(environment: Mapping[str, str], usual: str = "https://github.com") -> str:
    """Of the server's pages, as an instructor or a job's runner says it."""
    return next((environment[name] for name in _ADDRESSES if environment.get(name)), usual).rstrip("/")


def server_of(environment: Mapping[str, str], token: str, kind: ServerKind | None = None) -> Server:
    """The server of this machine. token: the name of the variable that holds the token. Raises AutograderError.

    kind: the one that a person asked for, or None for the one that the environment says.
    """
    secret = environment.get(token, "").strip()
    address = address_in(environment, "https://gitlab.com" if kind == "gitlab" else "https://github.com")
    is_gitlab = environment.get("CI_SERVER_URL") == address or "gitlab" in (urlsplit(address).hostname or "")
    if kind == "gitlab" or (kind is None and is_gitlab):
        return _checked(Server("gitlab", address, environment.get("CI_API_V4_URL") or f"{address}/api/v4", secret))
    own = "https://api.github.com" if address == "https://github.com" else f"{address}/api/v3"
    return _checked(Server("github", address, environment.get("GITHUB_API_URL") or own, secret))


def _checked(server: Server) -> Server:
    """A token goes over the network in secret, or stays on this machine."""
    parts = urlsplit(server.api)
    if parts.scheme != "https" and parts.hostname not in _HERE:
        raise AutograderError(f"{server.api[:100]}: expected an address with https://, got another one.")
    return server
