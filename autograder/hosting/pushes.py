"""When a commit came to its server: by the server's clock, which no student sets.

GitHub: the repository's activity (https://docs.github.com/rest/repos/repos#list-repository-activities; the token needs
Contents: read). GitLab: the project's push events (https://docs.gitlab.com/api/events/#list-a-projects-visible-events;
scope read_api). A commit's name stands for its content. So the first push that ended with it, on whatever branch, says
when the content had come.

GitLab has one event without names for a push of more than three branches and tags
(https://docs.gitlab.com/administration/settings/push_event_activities_limit/). A student must not hide a time in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import AwareDatetime

from autograder.hosting.server import part_of
from autograder.hosting.server_answers import PartOfAnswer, read_answer

if TYPE_CHECKING:
    from autograder.hosting.api import Api  # its import of httpx takes a tenth of a second

_BRANCH = "refs/heads/"


@dataclass(frozen=True, slots=True)
class Push:
    """A branch came to point to a commit. received: by the server's clock.

    branch: "" for a tag.  commit: "" where the server does not say which: then `branch` is "", too.
    """

    commit: str
    branch: str
    received: AwareDatetime


class _Activity(PartOfAnswer):
    after: str
    ref: str
    timestamp: AwareDatetime


class _PushData(PartOfAnswer):
    commit_to: str | None = None
    ref: str | None = None
    ref_type: str | None = "branch"
    ref_count: int | None = None  # of a push of many branches and tags


class _Event(PartOfAnswer):
    created_at: AwareDatetime
    push_data: _PushData | None = None


def pushes(api: Api, repository: str) -> Iterator[Push]:
    """Every push, the newest first; of GitHub those to branches only. Raises HostError."""
    return _of_github(api, repository) if api.server.kind == "github" else _of_gitlab(api, repository)


def _of_github(api: Api, repository: str) -> Iterator[Push]:
    for item in api.pages(f"repos/{repository}/activity"):
        activity = read_answer(_Activity, item, "list of pushes")
        if activity.ref.startswith(_BRANCH) and activity.after.strip("0"):
            yield Push(activity.after, activity.ref.removeprefix(_BRANCH), activity.timestamp)


def _of_gitlab(api: Api, repository: str) -> Iterator[Push]:
    for item in api.pages(f"projects/{part_of(repository)}/events", action="pushed"):
        event = read_answer(_Event, item, "list of pushes")
        if (pushed := event.push_data) is None:
            continue
        if pushed.commit_to and pushed.ref:
            yield Push(pushed.commit_to, pushed.ref if pushed.ref_type == "branch" else "", event.created_at)
        elif pushed.ref_count:
            yield Push("", "", event.created_at)
