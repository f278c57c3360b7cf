"""`autograder ci post`: feedback to the students' own commits on GitHub, through `gh api`.

Runs in the job that has the token. Names, messages and feedback are data: they go into a JSON file, never into a shell
or an address; the address is made of the remote in students.csv and of a commit id, and each is checked for its form.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from autograder.errors import AutograderError, MalformedError
from autograder.files import FileKind, read_bytes
from autograder.intake.received import read_record
from autograder.intake.wrong_files import read_refused
from autograder.roster.roster import Person
from autograder.text import one_line

Kind = Literal["comment", "check"]
Outcome = Literal["posted", "unchanged", "failed"]
LONGEST = 60_000  # characters; GitHub takes 65535
SECONDS = 60  # for one request
_PAGE = FileKind("feedback of ci publish", 20 << 20, "autograder ci publish writes it again")
_REMOTE = re.compile(
    r"(?:https://(?:[^@/\s]+@)?|ssh://git@|git@)([A-Za-z0-9.-]+)[:/]"
    r"([A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9_.-]+?)(?:\.git)?/?"
)


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
        remote = _REMOTE.fullmatch(known.remote) if known else None
        commit = _commit(submitted / student / assignment)
        if known is None or remote is None or remote[1] != host or ".." in remote[2]:
            yield Posted(student, assignment, "failed", f"students.csv names no repository on {host}")
        elif not commit:
            yield Posted(student, assignment, "failed", "no commit is recorded")
        else:
            text = read_bytes(page, _PAGE).decode("utf-8", "replace")[:LONGEST]
            yield Feedback(student, assignment, remote[2], commit, text, _check_run(page, commit))


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
            _gh("POST", f"repos/{feedback.repository}/check-runs", feedback.check)
        else:
            address = f"repos/{feedback.repository}/commits/{feedback.commit}/comments"
            if any(feedback.mark in str(c.get("body")) for c in _gh("GET", f"{address}?per_page=100")):
                return Posted(feedback.student, feedback.assignment, "unchanged")
            _gh("POST", address, {"body": f"{feedback.text}\n\n{feedback.mark}\n"})
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


def _gh(method: str, address: str, body: dict[str, Any] | None = None) -> Any:
    """Run `gh api` without a shell. Raises AutograderError with one line of what it said."""
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
        json.dump(body, file)
        file.flush()
        command = ["gh", "api", "--method", method, address, *(["--input", file.name] if body else [])]
        try:
            done = subprocess.run(
                command, capture_output=True, encoding="utf-8", errors="replace", timeout=SECONDS, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise AutograderError(f"gh: expected an answer, got {one_line(str(error), 200)}") from None
    if done.returncode != 0:
        raise AutograderError(f"gh: expected it to succeed, got {one_line(done.stderr, 200)}")
    try:
        return json.loads(done.stdout or "null")
    except ValueError:
        raise AutograderError("gh: expected JSON, got something else") from None
