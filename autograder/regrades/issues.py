"""Reads regrade requests from issues of students' repositories on GitHub or GitLab.

An issue counts if it has the label `regrade`, or if its title begins with `Regrade:`, and if the roster has its
author's login for the student whose repository it is. The text is data; no issue is changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from autograder.errors import HostError
from autograder.hosting.server import part_of
from autograder.intake.assignment_names import meant_assignment
from autograder.regrades.regrade_request import LONGEST_REASON, Asking
from autograder.roster.roster import Person, key_of
from autograder.text import one_line

if TYPE_CHECKING:
    from autograder.hosting.api import Api

LABEL = "regrade"
MAX_ISSUES = 1000  # of a repository that are looked at
MAX_REQUESTS = 20  # of a repository: a student must not fill the list
_TITLE = re.compile(r"\s*regrade\s*:\s*", re.IGNORECASE)
_QUESTION = re.compile(r"[a-z]{1,2}\d{1,3}")


@dataclass(frozen=True, slots=True)
class UnusedIssue:
    """An issue, or a repository, that gives no request, and why."""

    student: str
    place: str
    reason: str


def asked_in_issues(students: Sequence[Person], assignments: Sequence[str], api: Api) -> Iterator[Asking | UnusedIssue]:
    """The requests in all repositories of the roster. One that cannot be read costs no other."""
    for student in students:
        for remote in student.repositories(assignments):
            if repository := api.server.repository(remote):
                yield from _in_repository(api, repository, student, assignments)


def _in_repository(
    api: Api, repository: str, student: Person, assignments: Sequence[str]
) -> Iterator[Asking | UnusedIssue]:
    column = api.server.kind
    login = student.user_on(column)
    if not login:
        reason = f"expected the student's login in the roster's column {column}, got none"
        yield UnusedIssue(student.id, repository, reason)
        return
    try:
        requests = list(islice(filter(_is_request, _issues(api, repository)), MAX_REQUESTS + 1))
    except HostError as error:
        yield UnusedIssue(student.id, repository, error.reason)
        return
    yield from (_asking(issue, student, login, repository, assignments) for issue in requests[:MAX_REQUESTS])
    if len(requests) > MAX_REQUESTS:
        yield UnusedIssue(student.id, repository, f"expected at most {MAX_REQUESTS} requests, got more")


def _issues(api: Api, repository: str) -> Iterator[dict[str, Any]]:
    """The issues, without pull requests, with GitHub's names of the fields. Raises HostError."""
    if api.server.kind == "github":
        issues = islice(api.pages(f"repos/{repository}/issues", state="all"), MAX_ISSUES)
        yield from (issue for issue in issues if isinstance(issue, dict) and "pull_request" not in issue)
        return
    for issue in islice(api.pages(f"projects/{part_of(repository)}/issues"), MAX_ISSUES):
        if isinstance(issue, dict):
            yield {**issue, "number": issue.get("iid"), "body": issue.get("description"), "user": issue.get("author")}


def _is_request(issue: dict[str, Any]) -> bool:
    labels = issue.get("labels")
    listed = labels if isinstance(labels, list) else []
    names = [label.get("name") if isinstance(label, dict) else label for label in listed]
    return bool(_TITLE.match(_text(issue, "title"))) or any(key_of(str(name)) == LABEL for name in names)


def _asking(
    issue: dict[str, Any], student: Person, wanted: str, repository: str, assignments: Sequence[str]
) -> Asking | UnusedIssue:
    number = issue.get("number")
    place = f"{repository}#{number if isinstance(number, int) and not isinstance(number, bool) else 0}"
    user = issue.get("user")
    login = _text(user, "login") or _text(user, "username") if isinstance(user, dict) else ""
    if not login or key_of(login) != key_of(wanted):
        got = f"an issue of {one_line(login, 40)!r}"
        return UnusedIssue(student.id, place, f"expected an issue of {wanted!r}, got {got}")
    title = _TITLE.sub("", _text(issue, "title"), count=1)
    words = title.replace(",", " ").replace(":", " ").split()[:50]
    meant = [name for word in words if (name := meant_assignment(word, assignments))]
    name = meant[0] if meant else assignments[0] if len(assignments) == 1 else ""
    if not name:
        hint = f"a title such as 'Regrade: {assignments[0] if assignments else 'NAME'} q2'"
        return UnusedIssue(
            student.id, place, f"expected an assignment in its title, got {one_line(title, 60)!r}. Hint: {hint}"
        )
    others = [word.lower() for word in words if not meant_assignment(word, assignments)]
    question = next((word for word in others if _QUESTION.fullmatch(word)), "")
    return Asking(student.id, name, question, _text(issue, "body").strip() or title, "issue", place)


def _text(fields: dict[str, Any], name: str) -> str:
    value = fields.get(name)
    return value[: 4 * LONGEST_REASON] if isinstance(value, str) else ""
