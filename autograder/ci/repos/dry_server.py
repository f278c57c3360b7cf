"""`autograder ci repos --dry-run`: the calls that a class without repositories needs, printed and not sent.

It answers as a server on which no student has a repository yet. So the same code makes the calls, and the lines that it
prints are the calls of a real run.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from urllib.parse import unquote

import httpx

_PROJECT = {
    "id": 1,
    "is_template": True,
    "private": True,
    "visibility": "private",
    "template_repository": {"id": 1},
    "forked_from_project": {"id": 1},
    "import_status": "finished",
    "default_branch": "main",
}


class DryServer(httpx.BaseTransport):
    """say: gets a line for each call: method, path, body.  starter: OWNER/NAME.

    folder: of an assignment that the starter holds, as one notebook, and no student; then all have a repository.
    """

    def __init__(self, say: Callable[[str], None], starter: str, folder: str = "") -> None:
        self.say, self.starter, self.folder = say, starter, folder
        self.made: set[str] = set()  # the projects that were forked

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Print the call, and answer it."""
        line = f"{request.method} {request.url.raw_path.decode()}"
        self.say(f"{line} {request.content.decode()}" if request.content else line)
        if request.method == "GET":
            parts = request.url.raw_path.decode().partition("?")[0].removeprefix("/api").split("/")
            answer = self._answer(
                [unquote(part) for part in parts if part not in {"", "v3", "v4"}],
                request.url.params.get("username", ""),
            )
            return httpx.Response(404) if answer is None else httpx.Response(200, json=answer)
        if request.method == "POST" and request.url.path.endswith("/fork"):
            body = json.loads(request.content)
            self.made.add(f"{body['namespace_path']}/{body['path']}")
        return httpx.Response(201, json={"id": 0})

    def _answer(self, parts: list[str], user: str) -> object:
        """What a server says before it has the first repository, or None for an address with nothing."""
        if parts[0] == "users":
            return [{"id": 0, "username": user}] if user else {"login": parts[1], "type": "User"}
        size = 3 if parts[0] == "repos" else 2  # GitLab's address has OWNER/NAME in one part
        repository, rest = "/".join(parts[1:size]), parts[size:]
        if not rest:
            known = repository == self.starter or repository in self.made or (self.folder and parts[0] != "orgs")
            return _PROJECT if known else None
        return self._within(repository, rest)

    def _within(self, repository: str, rest: list[str]) -> object:
        if rest[0] in {"contents", "git", "repository"}:
            if repository != self.starter:
                return None
            notebook = {"path": f"{self.folder}/{self.folder}.ipynb", "sha": "0"}
            listed = rest[-1] in {"tree", self.folder}
            return [{**notebook, "type": "file" if rest[0] == "contents" else "blob"}] if listed else {"content": "…"}
        answers: dict[str, object] = {
            "invitations": [],
            "members": [] if rest[-1] == "all" else None,
            "branches": [{"name": "main"}],
            "protected_branches": {"push_access_levels": [{"access_level": 40}]},
        }
        return answers.get(rest[0])
