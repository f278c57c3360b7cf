"""Stand-ins for GitHub and GitLab: their documented answers, errors and limits, on a clock of their own.

`Hosts` is a transport of httpx. `serve` puts it behind a real port, for commands that run in a process of their own.
"""

import json
import re
import threading
from collections import Counter, deque
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

import httpx

START = datetime(2026, 10, 1, tzinfo=UTC)
GITHUB_LIMITS = ((80, 60.0), (500, 3600.0))  # content creation: how many in how many seconds


@dataclass
class Clock:
    """Seconds since START. Its `sleep` takes no time."""

    now: float = 0.0
    slept: list = field(default_factory=list)

    def __call__(self):
        return self.now

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds


@dataclass
class Repository:
    """What a server knows of one. pushes: (commit, branch, time), oldest first."""

    pushes: list = field(default_factory=list)
    comments: dict = field(default_factory=dict)  # number: {"id", "commit_id", "body"}
    checks: dict = field(default_factory=dict)  # number: the body of a check run
    issues: dict = field(default_factory=dict)  # number: {"number", "title", "body", "state"}
    private: bool = True
    has_issues: bool = True


class Hosts(httpx.BaseTransport):
    """Answers as GitHub (`/repos/…`) and GitLab (`/projects/…`). faults: answers to give first, in order.

    clock: of the limits.  calls: (method, path) of each request.  tokens: that may ask, or None for any.
    """

    def __init__(self, clock=None, *, limits=GITHUB_LIMITS, tokens=None):
        self.clock = clock or Clock()
        self.limits, self.tokens = limits, tokens
        self.repositories, self.calls, self.faults = {}, [], deque()
        self.created = deque()
        self.numbers = iter(range(1, 1 << 30))
        self.lock = threading.Lock()

    def __getitem__(self, path):
        return self.repositories.setdefault(path, Repository())

    def push(self, path, commit, when, branch="main"):
        """A student pushes. when: a datetime."""
        self[path].pushes.append((commit, branch, when))

    def counted(self):
        """How often each method was used."""
        return Counter(method for method, _ in self.calls)

    def handle_request(self, request):
        with self.lock:
            return self._answer(request)

    def _answer(self, request):
        path = request.url.raw_path.decode().partition("?")[0]
        path = re.sub(r"^/api/v[34]", "", path)
        self.calls.append((request.method, path))
        if self.faults:
            fault = self.faults.popleft()
            if isinstance(fault, Exception):
                raise fault
            if fault is not None:
                return fault
        if (
            self.tokens is not None
            and request.headers.get("authorization", "").removeprefix("Bearer ") not in self.tokens
        ):
            return self._json(401, {"message": "Bad credentials"})
        if request.method in {"POST", "PATCH", "PUT"} and path != "/graphql" and (refused := self._over_the_limit()):
            return refused
        body = json.loads(request.content or b"null")
        for method, pattern, handler in _ROUTES:
            match = re.fullmatch(pattern, path)
            if match and method == request.method:
                return handler(self, request, *map(unquote, match.groups()), **({"body": body} if body else {}))
        return self._json(404, {"message": "Not Found"})

    def _over_the_limit(self):
        """GitHub's answer to too much content, as its documentation describes it."""
        now = self.clock()
        for many, seconds in self.limits:
            recent = [t for t in self.created if now - t < seconds]
            if len(recent) >= many:
                wait = int(seconds - (now - recent[-many])) + 1
                said = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
                return self._json(403, {"message": said}, {"retry-after": str(wait)})
        self.created.append(now)
        return None

    def _json(self, status, body, headers=None):
        date = format_datetime(START + timedelta(seconds=self.clock()), usegmt=True)
        return httpx.Response(status, json=body, headers={"date": date, **(headers or {})})

    def _page(self, request, items):
        """One page of a list, with the link to the next."""
        size, page = int(request.url.params.get("per_page", 30)), int(request.url.params.get("page", 1))
        shown, more = items[(page - 1) * size : page * size], len(items) > page * size
        following = request.url.copy_set_param("page", page + 1)
        return self._json(200, shown, {"link": f'<{following}>; rel="next"'} if more else {})

    def _known(self, path):
        return self.repositories.get(path)

    def github_activity(self, request, path):
        repository = self._known(path)
        if repository is None:
            return self._json(404, {"message": "Not Found"})
        items = [
            {"id": number, "before": "0" * 40, "after": commit, "ref": f"refs/heads/{branch}", "timestamp": _iso(when),
             "activity_type": "push", "actor": {"login": "student"}}
            for number, (commit, branch, when) in enumerate(repository.pushes)
        ]  # fmt: skip
        return self._page(request, items[::-1])

    def gitlab_events(self, request, path):
        repository = self._known(path)
        if repository is None:
            return self._json(404, {"message": "404 Project Not Found"})
        items = [
            {"id": number, "action_name": "pushed to", "created_at": _iso(when),
             "push_data": {"commit_to": commit, "commit_from": None, "ref": branch, "ref_type": "branch"}}
            for number, (commit, branch, when) in enumerate(repository.pushes)
        ]  # fmt: skip
        return self._page(request, items[::-1])

    # Feedback: issues and check runs, written by the token's user, `login`.
    login = "grader[bot]"

    def github_viewer(self, request, body):
        return self._json(200, {"data": {"viewer": {"login": self.login}}})

    def gitlab_user(self, request):
        return self._json(200, {"id": 1, "username": self.login})

    def write_issue(self, path, body, login=None):
        """An issue of the token's user, or of somebody else; its number."""
        number = len(self[path].issues) + 1
        self[path].issues[number] = {
            "number": number,
            "title": "x",
            "state": "open",
            **body,
            "login": login or self.login,
        }
        return number

    def _without_issues(self, path):
        """The answer where a repository does not exist, or has its issues switched off."""
        repository = self._known(path)
        if repository is None:
            return self._json(404, {"message": "Not Found"})
        return None if repository.has_issues else self._json(410, {"message": "Issues are disabled for this repo"})

    def github_issues(self, request, path):
        as_github = [self._of_github(issue) for issue in self[path].issues.values()] if self._known(path) else []
        return self._without_issues(path) or self._page(request, as_github)

    def github_new_issue(self, request, path, body):
        return self._without_issues(path) or self._json(
            201, self._of_github(self[path].issues[self.write_issue(path, body)])
        )

    def github_issue(self, request, path, number, body):
        self[path].issues[int(number)].update(body)
        return self._json(200, self._of_github(self[path].issues[int(number)]))

    @staticmethod
    def _of_github(issue):
        return {**issue, "user": {"login": issue["login"], "type": "User"}}

    def gitlab_issues(self, request, path):
        as_gitlab = [self._of_gitlab(issue) for issue in self[path].issues.values()] if self._known(path) else []
        return self._without_issues(path) or self._page(request, as_gitlab)

    def gitlab_new_issue(self, request, path, body):
        fields = {"title": body["title"], "body": body["description"]}
        return self._without_issues(path) or self._json(
            201, self._of_gitlab(self[path].issues[self.write_issue(path, fields)])
        )

    def gitlab_issue(self, request, path, number, body):
        closed = {"state": "closed"} if body.get("state_event") == "close" else {}
        self[path].issues[int(number)].update({"body": body["description"], **closed})
        return self._json(200, self._of_gitlab(self[path].issues[int(number)]))

    @staticmethod
    def _of_gitlab(issue):
        return {"iid": issue["number"], "description": issue["body"], "author": {"username": issue["login"]},
                "state": issue["state"]}  # fmt: skip

    def check_runs(self, request, path, commit):
        wanted = request.url.params.get("check_name")
        runs = [r for r in self[path].checks.values() if r["head_sha"] == commit and wanted in (None, r["name"])]
        answer = self._page(request, runs)
        runs = {"total_count": len(runs), "check_runs": answer.json()}
        return httpx.Response(
            200, json=runs, headers={k: v for k, v in answer.headers.items() if k in {"date", "link"}}
        )

    def new_check_run(self, request, path, body):
        number = next(self.numbers)
        self[path].checks[number] = {"id": number, "app": {"slug": self.login.removesuffix("[bot]")}, **body}
        return self._json(201, self[path].checks[number])

    def check_run(self, request, path, number, body):
        self[path].checks[int(number)].update(body)
        return self._json(200, self[path].checks[int(number)])


def _iso(when):
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


_ROUTES = [
    ("GET", r"/repos/([^/]+/[^/]+)/activity", Hosts.github_activity),
    ("GET", r"/projects/([^/]+)/events", Hosts.gitlab_events),
    ("POST", r"/graphql", Hosts.github_viewer),
    ("GET", r"/user", Hosts.gitlab_user),
    ("GET", r"/repos/([^/]+/[^/]+)/issues", Hosts.github_issues),
    ("POST", r"/repos/([^/]+/[^/]+)/issues", Hosts.github_new_issue),
    ("PATCH", r"/repos/([^/]+/[^/]+)/issues/(\d+)", Hosts.github_issue),
    ("GET", r"/projects/([^/]+)/issues", Hosts.gitlab_issues),
    ("POST", r"/projects/([^/]+)/issues", Hosts.gitlab_new_issue),
    ("PUT", r"/projects/([^/]+)/issues/(\d+)", Hosts.gitlab_issue),
    ("GET", r"/repos/([^/]+/[^/]+)/commits/(\w+)/check-runs", Hosts.check_runs),
    ("POST", r"/repos/([^/]+/[^/]+)/check-runs", Hosts.new_check_run),
    ("PATCH", r"/repos/([^/]+/[^/]+)/check-runs/(\d+)", Hosts.check_run),
]


@contextmanager
def serve(hosts):
    """The address of a server on this machine that answers as `hosts`."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            length = int(self.headers.get("content-length", 0))
            url = f"http://{self.headers['host']}{self.path}"
            request = httpx.Request(self.command, url, headers=dict(self.headers), content=self.rfile.read(length))
            answer = hosts.handle_request(request)
            self.send_response(answer.status_code)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.content)

        do_POST = do_PATCH = do_PUT = do_DELETE = do_GET

        def log_message(self, *_):
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
