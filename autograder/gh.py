"""Asks the API of GitHub through the program `gh`, which has the token of GH_TOKEN, and never through a shell."""

from __future__ import annotations

import json
import os
import re
import subprocess
import tempfile
from typing import Any
from urllib.parse import urlsplit

from autograder.errors import AutograderError
from autograder.text import one_line

SECONDS = 60  # for one request
_REMOTE = re.compile(
    r"(?:https://(?:[^@/\s]+@)?|ssh://git@|git@)([A-Za-z0-9.-]+)[:/]"
    r"([A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9_.-]+?)(?:\.git)?/?"
)


def github_host() -> str:
    """The host that `gh` speaks to: github.com, or that of GITHUB_SERVER_URL."""
    return urlsplit(os.environ.get("GITHUB_SERVER_URL", "https://github.com")).hostname or "github.com"


def repository_on(host: str, remote: str) -> str:
    """OWNER/NAME of a git remote on that host; "" if the remote is elsewhere or has another form."""
    match = _REMOTE.fullmatch(remote)
    return match[2] if match and match[1] == host and ".." not in match[2] else ""


def gh_api(method: str, address: str, body: dict[str, Any] | None = None) -> Any:
    """The answer to one request. Raises AutograderError with one line of what `gh` said."""
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
        json.dump(body, file)
        file.flush()
        command = ["gh", "api", "--method", method, address, *(["--input", file.name] if body else [])]
        try:
            done = subprocess.run(
                command, capture_output=True, encoding="utf-8", errors="replace", timeout=SECONDS, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise AutograderError(f"gh: expected an answer, got {one_line(str(error), 200)}") from None
    if done.returncode != 0:
        raise AutograderError(f"gh: expected it to succeed, got {one_line(done.stderr, 200)}")
    try:
        return json.loads(done.stdout or "null")
    except (ValueError, RecursionError):
        raise AutograderError("gh: expected JSON, got something else") from None
