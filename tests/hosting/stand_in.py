"""Stand-ins for GitHub and GitLab: their documented answers, errors and limits, on a clock of their own.

`Hosts` is a transport of httpx. `serve` puts it behind a real port, for commands that run in a process of their own.
"""

import json
import re
import threading
from base64 import b64decode, b64encode
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
    # What `autograder ci repos` asks for: see the block "repositories of a class".
    number: int = 0
    template: bool = False
    made_from: int = 0
    empty_until: float = 0.0  # by the clock: a server fills a new repository some seconds after it answered
    rights: dict = field(default_factory=dict)  # user: GitHub's role or GitLab's level
    invited: list = field(default_factory=list)  # GitHub: {"login", "expired"}
    protected: dict = field(default_factory=dict)  # GitLab: branch: the level that may push
    files: dict = field(default_factory=dict)  # path: bytes
    archived: bool = False
    releases: dict = field(default_factory=dict)  # tag: GitHub's release
    statuses: list = field(default_factory=list)  # (commit, body)
    uploads: dict = field(default_factory=dict)  # number of an asset: bytes
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
        self.users = {}  # name: number
        self.members = set()  # GitHub: of the organization.  GitLab: of the group
        self.base_permission = "none"
        self.fills_after = 3.0  # seconds

    def __getitem__(self, path):
        return self.repositories.setdefault(path, Repository())

    def push(self, path, commit, when, branch="main"):
        """A student pushes. when: a datetime.  commit: "" for many branches at once, which GitLab does not name."""
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
             "push_data": {"commit_to": commit or None, "commit_from": None, "ref": branch if commit else None,
                           "ref_type": "branch", "ref_count": None if commit else 4}}
            for number, (commit, branch, when) in enumerate(repository.pushes)
        ]  # fmt: skip
        return self._page(request, items[::-1])

    # repositories of a class: begin

    def create(self, path, **fields):
        """A repository that is there. Returns it."""
        self.repositories[path] = Repository(number=next(self.numbers), **fields)
        return self.repositories[path]

    def _filled(self, repository):
        return self.clock() >= repository.empty_until

    def _make(self, path, source):
        """A copy, which is empty for some seconds."""
        made = self.create(path, made_from=source.number, files=dict(source.files))
        made.empty_until = self.clock() + self.fills_after
        return made

    def github_user(self, request, name):
        user = next((u for u in self.users if u.casefold() == name.casefold()), None)
        if user is None:
            return self._json(404, {"message": "Not Found"})
        return self._json(200, {"login": user, "type": "Organization" if user.startswith("org-") else "User"})

    def github_organization(self, request, name):
        return self._json(200, {"login": name, "default_repository_permission": self.base_permission})

    def github_repository(self, request, path):
        repository = self._known(path)
        if repository is None:
            return self._json(404, {"message": "Not Found"})
        made_from = {"id": repository.made_from} if repository.made_from else None
        return self._json(200, {"id": repository.number, "full_name": path, "private": repository.private, "archived": repository.archived,
                                "is_template": repository.template, "template_repository": made_from})  # fmt: skip

    def github_generate(self, request, path, body):
        source, new = self._known(path), f"{body['owner']}/{body['name']}"
        if source is None or not source.template:
            return self._json(404, {"message": "Not Found"})
        if new in self.repositories:
            said = "Could not clone: Name already exists on this account"
            return self._json(422, {"message": said, "errors": [said]})
        self._make(new, source).private = body["private"]
        return self._json(201, {"full_name": new, "private": body["private"]})

    def github_branches(self, request, path):
        return self._page(request, [{"name": "main"}] if self._filled(self[path]) else [])

    def github_permission(self, request, path, user):
        role = self[path].rights.get(user, "none")
        plain = {"maintain": "write", "triage": "read"}.get(role, role)
        return self._json(200, {"permission": plain, "role_name": role, "user": {"login": user}})

    def github_invitations(self, request, path):
        return self._page(
            request, [{"id": 1, "invitee": {"login": i["login"]}, "expired": i["expired"]} for i in self[path].invited]
        )

    def github_collaborator(self, request, path, user, body):
        if user in self.members:
            self[path].rights[user] = {"push": "write"}[body["permission"]]
            return httpx.Response(204)
        self[path].invited.append({"login": user, "expired": False})
        return self._json(201, {"id": 1, "invitee": {"login": user}, "permissions": "write"})

    def github_listing(self, request, path, folder):
        files = self[path].files
        items = [{"path": p, "name": p.rpartition("/")[2], "type": "file", "sha": p} for p in files if p.rpartition("/")[0] == folder]  # fmt: skip
        return self._json(200, items) if items else self._json(404, {"message": "Not Found"})

    def github_blob(self, request, path, name):
        return self._json(200, {"encoding": "base64", "content": b64encode(self[path].files[name]).decode()})

    def github_write(self, request, path, name, body):
        if name in self[path].files and "sha" not in body:
            return self._json(422, {"message": 'Invalid request.\n\n"sha" wasn\'t supplied.'})
        self[path].files[name] = b64decode(body["content"])
        return self._json(201, {"content": {"path": name}})

    def gitlab_users(self, request):
        name = request.url.params["username"]
        return self._json(
            200, [{"id": n, "username": u} for u, n in self.users.items() if u.casefold() == name.casefold()]
        )

    def gitlab_project(self, request, path):
        project = self._known(path)
        if project is None:
            return self._json(404, {"message": "404 Project Not Found"})
        filled = self._filled(project)
        return self._json(
            200,
            {"id": project.number, "path_with_namespace": path, "visibility": "private" if project.private else "public",
             "forked_from_project": {"id": project.made_from} if project.made_from else None, "archived": project.archived,
             "import_status": "finished" if filled else "started", "empty_repo": not filled, "default_branch": "main"},
        )  # fmt: skip

    def gitlab_fork(self, request, path, body):
        new = f"{body['namespace_path']}/{body['path']}"
        if new in self.repositories:
            return self._json(409, {"message": {"name": ["has already been taken"]}})
        made = self._make(new, self[path])
        made.private, made.protected = body["visibility"] == "private", {"main": 40}
        return self._json(201, {"id": made.number, "path_with_namespace": new, "import_status": "scheduled"})

    def gitlab_group(self, request, group):
        return self._page(request, [{"id": number, "access_level": 20} for number in sorted(self.members)])

    def gitlab_member(self, request, path, user):
        level = self[path].rights.get(int(user))
        if level is None:
            return self._json(404, {"message": "404 Not found"})
        return self._json(200, {"id": int(user), "access_level": level})

    def gitlab_add(self, request, path, body):
        if body["user_id"] in self[path].rights:
            return self._json(409, {"message": "Member already exists"})
        self[path].rights[body["user_id"]] = body["access_level"]
        return self._json(201, {"id": body["user_id"], "access_level": body["access_level"]})

    def gitlab_change(self, request, path, user, body):
        self[path].rights[int(user)] = body["access_level"]
        return self._json(200, {"id": int(user), "access_level": body["access_level"]})

    def gitlab_protection(self, request, path, branch):
        level = self[path].protected.get(branch)
        if level is None:
            return self._json(404, {"message": "404 Not found"})
        return self._json(200, {"name": branch, "push_access_levels": [{"access_level": level}]})

    def gitlab_unprotect(self, request, path, branch):
        del self[path].protected[branch]
        return httpx.Response(204)

    def gitlab_protect(self, request, path, body):
        if body["name"] in self[path].protected:
            return self._json(409, {"message": f"Protected branch '{body['name']}' already exists"})
        self[path].protected[body["name"]] = body["push_access_level"]
        return self._json(201, {"name": body["name"]})

    def gitlab_tree(self, request, path):
        folder = request.url.params["path"]
        items = [{"path": p, "type": "blob"} for p in self[path].files if p.rpartition("/")[0] == folder]
        return (
            self._page(request, items)
            if items
            else self._json(404, {"message": "404 invalid revision or path Not Found"})
        )

    def gitlab_file(self, request, path, name):
        content = self[path].files.get(name)
        if content is None:
            return self._json(404, {"message": "404 File Not Found"})
        return self._json(200, {"file_path": name, "encoding": "base64", "content": b64encode(content).decode()})

    def gitlab_commit(self, request, path, body):
        if any(action["file_path"] in self[path].files for action in body["actions"]):
            return self._json(400, {"message": "A file with this name already exists"})
        self[path].files |= {action["file_path"]: b64decode(action["content"]) for action in body["actions"]}
        return self._json(201, {"id": "0" * 40})

    def github_release(self, request, path, tag):
        release = self[path].releases.get(tag)
        return self._json(200, release) if release else self._json(404, {"message": "Not Found"})

    def github_new_release(self, request, path, body):
        number = next(self.numbers)
        address = f"{request.url.copy_with(path='', query=None)}/uploads/repos/{path}/releases/{number}/assets"
        release = {"id": number, **body, "assets": [], "upload_url": f"{address}{{?name,label}}"}
        self[path].releases[body["tag_name"]] = release
        return self._json(201, release)

    def github_upload(self, request, path, number, body):
        asset = {"id": next(self.numbers), **dict(request.url.params), "uploader": {"login": self.login}}
        release = next(r for r in self[path].releases.values() if r["id"] == int(number))
        release["assets"].append(asset)
        self[path].uploads[asset["id"]] = request.content
        return self._json(201, asset)

    def github_delete_asset(self, request, path, number):
        for release in self[path].releases.values():
            release["assets"] = [asset for asset in release["assets"] if asset["id"] != int(number)]
        return httpx.Response(204)

    def github_status(self, request, path, commit, body):
        self[path].statuses.append((commit, body))
        return self._json(201, body)

    # repositories of a class: end
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
    # repositories of a class
    ("GET", r"/users/([^/]+)", Hosts.github_user),
    ("GET", r"/orgs/([^/]+)", Hosts.github_organization),
    ("GET", r"/repos/([^/]+/[^/]+)", Hosts.github_repository),
    ("POST", r"/repos/([^/]+/[^/]+)/generate", Hosts.github_generate),
    ("GET", r"/repos/([^/]+/[^/]+)/branches", Hosts.github_branches),
    ("GET", r"/repos/([^/]+/[^/]+)/collaborators/([^/]+)/permission", Hosts.github_permission),
    ("GET", r"/repos/([^/]+/[^/]+)/invitations", Hosts.github_invitations),
    ("PUT", r"/repos/([^/]+/[^/]+)/collaborators/([^/]+)", Hosts.github_collaborator),
    ("GET", r"/repos/([^/]+/[^/]+)/contents/(.+)", Hosts.github_listing),
    ("PUT", r"/repos/([^/]+/[^/]+)/contents/(.+)", Hosts.github_write),
    ("GET", r"/repos/([^/]+/[^/]+)/git/blobs/(.+)", Hosts.github_blob),
    ("GET", r"/repos/([^/]+/[^/]+)/releases/tags/(.+)", Hosts.github_release),
    ("POST", r"/repos/([^/]+/[^/]+)/releases", Hosts.github_new_release),
    ("POST", r"/uploads/repos/([^/]+/[^/]+)/releases/(\d+)/assets", Hosts.github_upload),
    ("DELETE", r"/repos/([^/]+/[^/]+)/releases/assets/(\d+)", Hosts.github_delete_asset),
    ("POST", r"/repos/([^/]+/[^/]+)/statuses/([0-9a-f]+)", Hosts.github_status),
    ("GET", r"/users", Hosts.gitlab_users),
    ("GET", r"/projects/([^/]+)", Hosts.gitlab_project),
    ("POST", r"/projects/([^/]+)/fork", Hosts.gitlab_fork),
    ("GET", r"/groups/([^/]+)/members/all", Hosts.gitlab_group),
    ("GET", r"/projects/([^/]+)/members/(\d+)", Hosts.gitlab_member),
    ("POST", r"/projects/([^/]+)/members", Hosts.gitlab_add),
    ("PUT", r"/projects/([^/]+)/members/(\d+)", Hosts.gitlab_change),
    ("GET", r"/projects/([^/]+)/protected_branches/([^/]+)", Hosts.gitlab_protection),
    ("DELETE", r"/projects/([^/]+)/protected_branches/([^/]+)", Hosts.gitlab_unprotect),
    ("POST", r"/projects/([^/]+)/protected_branches", Hosts.gitlab_protect),
    ("GET", r"/projects/([^/]+)/repository/tree", Hosts.gitlab_tree),
    ("GET", r"/projects/([^/]+)/repository/files/([^/]+)", Hosts.gitlab_file),
    ("POST", r"/projects/([^/]+)/repository/commits", Hosts.gitlab_commit),
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
