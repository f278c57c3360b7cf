"""Feedback on GitHub: an issue for each assignment, or, for a GitHub App, a check run on the commit.

An issue needs `Issues: write` and nothing else. Creating a comment on a commit needs `Contents: read`, but editing it
needs `Contents: write`, with which the token could push to the student's repository. A check run needs `Checks: write`,
which only a GitHub App can have.
https://docs.github.com/rest/authentication/permissions-required-for-fine-grained-personal-access-tokens
https://docs.github.com/rest/checks/runs#create-a-check-run

A new issue notifies those who watch the repository and those whom it mentions; an edit notifies nobody.
https://docs.github.com/subscriptions-and-notifications/concepts/about-notifications
No token can delete an issue here, so a doubled one is closed, and it points to the one that is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from autograder.ci.board import Note, NotesByRepository, body_of, bounded, issues_of, note_of
from autograder.ci.feedback_pages import Message
from autograder.errors import HostError
from autograder.hosting.api import Api
from autograder.hosting.server_answers import PartOfAnswer, read_answer

_WHO = {"query": "query { viewer { login } }"}


class User(PartOfAnswer):
    """A user, or an app as `NAME[bot]`."""

    login: str


class _Viewer(PartOfAnswer):
    viewer: User


class _WhoAnswer(PartOfAnswer):
    data: _Viewer


class _Issue(PartOfAnswer):
    number: int
    body: str | None = None
    user: User | None = None
    pull_request: object = None


class _App(PartOfAnswer):
    slug: str


class _CheckRun(PartOfAnswer):
    id: int
    app: _App | None = None
    external_id: str | None = None


def user_of(api: Api) -> str:
    """The login of the token's user; of a GitHub App `NAME[bot]`. Raises HostError.

    `GET /user` knows no app, so GraphQL is asked, as `gh auth status` does. It needs no permission.
    https://docs.github.com/graphql/reference/queries#user
    """
    address = api.server.api.rstrip("/").removesuffix("/v3") + "/graphql"
    answer = api.write("POST", address, _WHO, content=False)
    return read_answer(_WhoAnswer, answer, "name of the token's user").data.viewer.login


class GitHubIssues:
    """One issue an assignment."""

    def __init__(self, api: Api) -> None:
        self._api, self._user = api, user_of(api)
        self._notes = NotesByRepository(self._read)

    def notes(self, message: Message) -> Sequence[Note]:
        """See Board."""
        return self._notes.about(message)

    def _read(self, message: Message) -> Iterator[Note | None]:
        path = f"repos/{message.repository}/issues"
        with issues_of(message):
            for item in bounded(self._api.pages(path, state="all", sort="created", direction="asc")):
                issue = read_answer(_Issue, item, "list of issues")
                if issue.user and issue.user.login == self._user and issue.pull_request is None:
                    yield note_of(issue.number, issue.body or "")

    def create(self, message: Message) -> None:
        """See Board."""
        body = {"title": f"Feedback: {message.assignment}", "body": body_of(message)}
        with issues_of(message):
            self._api.write("POST", f"repos/{message.repository}/issues", body)

    def edit(self, note: Note, message: Message) -> None:
        """See Board."""
        self._change(note, message, {"body": body_of(message)})

    def withdraw(self, note: Note, kept: Note, message: Message) -> None:
        """See Board."""
        body = {"body": f"The feedback is in #{kept.number}.", "state": "closed", "state_reason": "not_planned"}
        self._change(note, message, body)

    def _change(self, note: Note, message: Message, body: dict[str, str]) -> None:
        self._api.write("PATCH", f"repos/{message.repository}/issues/{note.number}", body)


class CheckRuns:
    """One check run an assignment on the commit that was graded, written by a GitHub App."""

    def __init__(self, api: Api) -> None:
        self._api, self._user = api, user_of(api)

    def notes(self, message: Message) -> Sequence[Note]:
        """See Board."""
        path = f"repos/{message.repository}/commits/{message.commit}/check-runs"
        if message.check is None:
            return []
        items = self._api.pages(path, "check_runs", check_name=str(message.check.get("name")), filter="all")
        runs = (read_answer(_CheckRun, item, "list of check runs") for item in bounded(items))
        ours = (run for run in runs if run.app and f"{run.app.slug}[bot]" == self._user)
        notes = [Note(run.id, message.assignment, run.external_id or "") for run in ours]
        return sorted(notes, key=lambda note: note.number)

    def create(self, message: Message) -> None:
        """See Board."""
        if message.check is None:
            raise HostError("expected a check run of ci publish for the commit that was graded, got none", "failed")
        body = {**message.check, "external_id": message.digest}
        self._api.write("POST", f"repos/{message.repository}/check-runs", body)

    def edit(self, note: Note, message: Message) -> None:
        """See Board."""
        body = {key: value for key, value in (message.check or {}).items() if key != "head_sha"}
        self._change(note, message, {**body, "external_id": message.digest})

    def withdraw(self, note: Note, kept: Note, message: Message) -> None:
        """See Board. No check run can be deleted, so it gets another name and no result."""
        output = {"title": "Replaced", "summary": f"The feedback is in check run {kept.number}."}
        name = f"{(message.check or {}).get('name')} (replaced)"
        self._change(note, message, {"name": name, "conclusion": "skipped", "external_id": "", "output": output})

    def _change(self, note: Note, message: Message, body: dict[str, object]) -> None:
        self._api.write("PATCH", f"repos/{message.repository}/check-runs/{note.number}", body)
