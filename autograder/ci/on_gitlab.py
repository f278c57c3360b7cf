"""Feedback on GitLab: an issue for each assignment.

The token needs the scope `api`: no narrower one can write. Its role decides what it may do: with Planner, or as the
author of the issue, it may edit the issue, and it cannot push.
https://docs.gitlab.com/user/group/settings/group_access_tokens/#scopes-for-a-group-access-token
https://docs.gitlab.com/user/project/issues/managing_issues/#edit-an-issue
A comment on a commit cannot be edited (https://docs.gitlab.com/api/commits/), and stays on that commit.
A new issue notifies those who watch the project and those whom it mentions.
https://docs.gitlab.com/user/profile/notifications/#notification-events
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from autograder.ci.board import Note, NotesByRepository, body_of, bounded, issues_of, note_of
from autograder.ci.feedback_pages import Message
from autograder.hosting.api import Api
from autograder.hosting.server import part_of
from autograder.hosting.server_answers import PartOfAnswer, read_answer


class _User(PartOfAnswer):
    username: str


class _Issue(PartOfAnswer):
    iid: int
    description: str | None = None
    author: _User | None = None


class GitLabIssues:
    """One issue an assignment."""

    def __init__(self, api: Api) -> None:
        self._api, self._user = api, read_answer(_User, api.get("user"), "name of the token's user").username
        self._notes = NotesByRepository(self._read)

    def notes(self, message: Message) -> Sequence[Note]:
        """See Board."""
        return self._notes.about(message)

    def _read(self, message: Message) -> Iterator[Note | None]:
        with issues_of(message):
            for item in bounded(self._api.pages(_issues(message), scope="all", order_by="created_at", sort="asc")):
                issue = read_answer(_Issue, item, "list of issues")
                if issue.author and issue.author.username == self._user:
                    yield note_of(issue.iid, issue.description or "")

    def create(self, message: Message) -> None:
        """See Board."""
        body = {"title": f"Feedback: {message.assignment}", "description": body_of(message)}
        with issues_of(message):
            self._api.write("POST", _issues(message), body)

    def edit(self, note: Note, message: Message) -> None:
        """See Board."""
        self._api.write("PUT", f"{_issues(message)}/{note.number}", {"description": body_of(message)})

    def withdraw(self, note: Note, kept: Note, message: Message) -> None:
        """See Board. Only an owner can delete an issue, so it is closed."""
        body = {"description": f"The feedback is in #{kept.number}.", "state_event": "close"}
        self._api.write("PUT", f"{_issues(message)}/{note.number}", body)


def _issues(message: Message) -> str:
    return f"projects/{part_of(message.repository)}/issues"
