"""`autograder ci post`: feedback to the students' own commits on GitHub, through `gh api`.

Runs in the job that has the token. Names, messages and feedback are data: they go into a JSON file, never into a shell
or an address; the address is made of the remote in students.csv and of a commit id, and each is checked for its form.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from autograder.errors import AutograderError, MalformedError
from autograder.files import FileKind, read_bytes
from autograder.gh import gh_api, repository_on
from autograder.intake.received import read_record
from autograder.intake.wrong_files import read_refused
from autograder.roster.roster import Person

Kind = Literal["comment", "check"]
Outcome = Literal["posted", "unchanged", "failed"]
LONGEST = 60_000  # characters; GitHub takes 65535
_PAGE = FileKind("feedback of ci publish", 20 << 20, "autograder ci publish writes it again")


@dataclass(frozen=True, slots=True)
class Feedback:
    """One page of Markdown, and the commit it is about. repository: OWNER/NAME.  check: the body of a check run."""

    student: str
    assignment: str
    repository: str
    commit: str
    text: str
    check: dict[str, Any] | None = None

    @property
    def mark(self) -> str:
        """Tells a comment of ours, and whether it says the same: a run every night must not say it again."""
        code = hashlib.sha256(f"{self.assignment}\0{self.text}".encode()).hexdigest()[:32]
        return f"<!-- feedback {code} -->"


@dataclass(frozen=True, slots=True)
class Posted:
    """What became of one."""

    student: str
    assignment: str
    outcome: Outcome
    reason: str = ""


def find(
    folder: Path, submitted: Path, students: tuple[Person, ...], host: str = "github.com"
) -> Iterator[Feedback | Posted]:
    """ASSIGNMENT/STUDENT.md for each student of the list; what cannot be posted says why. host: that `gh` speaks to."""
    for page in sorted(folder.glob("*/*.md")):
        assignment, student = page.parent.name, page.stem
        known = next((s for s in students if s.id == student), None)
        repository = repository_on(host, known.remote) if known else ""
        commit = _commit(submitted / student / assignment)
        if not repository:
            yield Posted(student, assignment, "failed", f"students.csv names no repository on {host}")
        elif not commit:
            yield Posted(student, assignment, "failed", "no commit is recorded")
        else:
            text = read_bytes(page, _PAGE).decode("utf-8", "replace")[:LONGEST]
            yield Feedback(student, assignment, repository, commit, text, _check_run(page, commit))


def _commit(folder: Path) -> str:
    """The commit that was collected into this folder, also one without a usable notebook; "" if there is none."""
    record, refused = read_record(folder), read_refused(folder)
    return (record.commit if record else "") or (refused.commit if refused else "")


def post(feedback: Feedback, kind: Kind) -> Posted:
    """Say it once. A student who is not reached costs nobody else."""
    if kind == "check" and feedback.check is None:
        return Posted(feedback.student, feedback.assignment, "failed", "publish wrote no check run for that commit")
    try:
        if kind == "check":
            gh_api("POST", f"repos/{feedback.repository}/check-runs", feedback.check)
        else:
            address = f"repos/{feedback.repository}/commits/{feedback.commit}/comments"
            if any(feedback.mark in str(c.get("body")) for c in gh_api("GET", f"{address}?per_page=100")):
                return Posted(feedback.student, feedback.assignment, "unchanged")
            gh_api("POST", address, {"body": f"{feedback.text}\n\n{feedback.mark}\n"})
    except AutograderError as error:
        return Posted(feedback.student, feedback.assignment, "failed", str(error))
    return Posted(feedback.student, feedback.assignment, "posted")


def _check_run(page: Path, commit: str) -> dict[str, Any] | None:
    """What `publish` wrote beside the page, if it is about the commit that was collected."""
    try:
        body = json.loads(read_bytes(page.with_suffix(".check.json"), _PAGE))
    except (OSError, ValueError, MalformedError):
        return None
    return body if isinstance(body, dict) and body.get("head_sha") == commit else None
