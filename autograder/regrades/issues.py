"""Reads regrade requests from issues of students' repositories on GitHub.

An issue counts if it has the label `regrade`, or if its title begins with `Regrade:`, and if the roster has its
author's login for the student whose repository it is. The text is data; no issue is changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from autograder.errors import AutograderError
from autograder.gh import gh_api, repository_on
from autograder.intake.assignment_names import meant_assignment
from autograder.regrades.regrade_request import LONGEST_REASON, Asking
from autograder.roster.roster import Person, key_of
from autograder.text import one_line

LABEL = "regrade"
MAX_PAGES = 10  # of a repository's issues
MAX_REQUESTS = 20  # of a repository: a student must not fill the list
_PAGE = 100
_TITLE = re.compile(r"\s*regrade\s*:\s*", re.IGNORECASE)
_QUESTION = re.compile(r"[a-z]{1,2}\d{1,3}")


@dataclass(frozen=True, slots=True)
class UnusedIssue:
    """An issue, or a repository, that gives no request, and why."""

    student: str
    place: str
    reason: str


def asked_in_issues(
    students: Sequence[Person], assignments: Sequence[str], host: str
) -> Iterator[Asking | UnusedIssue]:
    """The requests in all repositories of the roster. One that cannot be read costs no other."""
    for student in students:
        repository = repository_on(host, student.remote)
        if not repository:
            continue
        if not student.github:
            yield UnusedIssue(
                student.id, repository, "expected the student's login in the roster's column github, got none"
            )
            continue
        try:
            requests = list(islice(filter(_is_request, _issues(repository)), MAX_REQUESTS + 1))
            yield from (_asking(issue, student, repository, assignments) for issue in requests[:MAX_REQUESTS])
            if len(requests) > MAX_REQUESTS:
                yield UnusedIssue(student.id, repository, f"expected at most {MAX_REQUESTS} requests, got more")
        except AutograderError as error:
            yield UnusedIssue(student.id, repository, str(error))


def _issues(repository: str) -> Iterator[dict[str, Any]]:
    """The issues, without pull requests. Raises AutograderError."""
    for page in range(1, MAX_PAGES + 1):
        answer = gh_api("GET", f"repos/{repository}/issues?state=all&per_page={_PAGE}&page={page}")
        if not isinstance(answer, list):
            raise AutograderError("gh: expected a list of issues, got something else")
        yield from (issue for issue in answer if isinstance(issue, dict) and "pull_request" not in issue)
        if len(answer) < _PAGE:
            return


def _is_request(issue: dict[str, Any]) -> bool:
    labels = issue.get("labels")
    names = [label.get("name") for label in labels if isinstance(label, dict)] if isinstance(labels, list) else []
    return bool(_TITLE.match(_text(issue, "title"))) or any(key_of(str(name)) == LABEL for name in names)


def _asking(
    issue: dict[str, Any], student: Person, repository: str, assignments: Sequence[str]
) -> Asking | UnusedIssue:
    number = issue.get("number")
    place = f"{repository}#{number if isinstance(number, int) and not isinstance(number, bool) else 0}"
    user = issue.get("user")
    login = _text(user, "login") if isinstance(user, dict) else ""
    if not login or key_of(login) != key_of(student.github):
        got = f"an issue of {one_line(login, 40)!r}"
        return UnusedIssue(student.id, place, f"expected an issue of {student.github!r}, got {got}")
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
