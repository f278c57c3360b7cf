"""`autograder ci repos --dry-run`: the calls that a class without repositories needs, printed and not sent.

The rehearsal answers as a server would on which no student has a repository yet. So the same code makes the calls, and
what is printed is what would be sent.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from urllib.parse import unquote

import httpx


class Rehearsal(httpx.BaseTransport):
    """say: gets a line for each call: method, path, body.  starter: OWNER/NAME."""

    def __init__(self, say: Callable[[str], None], starter: str) -> None:
        self.say, self.starter = say, starter
        self.made: set[str] = set()  # the projects that were forked

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Print the call, and answer it."""
        line = f"{request.method} {request.url.raw_path.decode()}"
        self.say(f"{line} {request.content.decode()}" if request.content else line)
        if request.method == "GET":
            return self._answer(unquote(request.url.path), request.url.params.get("username", ""))
        if request.method == "POST" and request.url.path.endswith("/fork"):
            body = json.loads(request.content)
            self.made.add(f"{body['namespace_path']}/{body['path']}")
        return httpx.Response(201, json={"id": 0})

    def _answer(self, path: str, user: str) -> httpx.Response:
        """What a server says before it has the first repository. It protects the branch of a fork."""
        kind, _, rest = (
            path.removeprefix("/").removeprefix("api/").removeprefix("v3/").removeprefix("v4/").partition("/")
        )
        if rest == self.starter or rest in self.made:
            answer: object = {"id": 1, "is_template": True, "import_status": "finished", "default_branch": "main"}
        elif kind == "users":
            answer = [{"id": 0, "username": user}] if user else {"login": rest, "type": "User"}
        elif rest.endswith(("/invitations", "/members/all")):
            answer = []
        elif rest.endswith("/branches"):
            answer = [{"name": "main"}]
        elif "/protected_branches/" in rest:
            answer = {"push_access_levels": [{"access_level": 40}]}
        else:
            return httpx.Response(404)
        return httpx.Response(200, json=answer)
