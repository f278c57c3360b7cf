"""The message to each student: the pages of `ci publish`, and for each the repository and the commit.

Pages and records come from other jobs. A repository comes from the roster alone, and a commit has a commit's form.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from autograder.assignment.assignment import load_assignment
from autograder.assignment.released_cells import released_cells
from autograder.course import Course
from autograder.errors import CourseError, MalformedError
from autograder.files import FileKind, read_bytes
from autograder.hosting.server import Server
from autograder.intake.reader import read_notebook
from autograder.intake.received import read_record
from autograder.intake.wrong_files import RefusedFiles, read_refused
from autograder.roster.roster import Person, Roster
from autograder.text import one_line

Cells = list[tuple[str, str]]  # kind and text of each
_PAGE = FileKind("feedback of ci publish", 20 << 20, "autograder ci publish writes it again")


@dataclass(frozen=True, slots=True)
class Message:
    """One page of Markdown for one repository.

    students: one, or those who share the repository.  repository: as its server calls it.  commit: that was graded,
    or "".  work: changes if the notebook does.  begun: False for an untouched starter, and if nothing was handed in:
    then nothing new is written.  logins: of the students, on the server.  check: the body of a check run.
    """

    students: tuple[str, ...]
    assignment: str
    repository: str
    commit: str
    text: str
    work: str = ""
    begun: bool = True
    logins: tuple[str, ...] = ()
    check: Mapping[str, Any] | None = None

    @property
    def digest(self) -> str:
        """Tells whether a note says this already. A commit that leaves the notebook as it was changes nothing."""
        return hashlib.sha256(f"{self.assignment}\0{self.work}\0{self.text}".encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Unaddressed:
    """A page that belongs to no repository."""

    student: str
    assignment: str
    reason: str


@dataclass(frozen=True, slots=True)
class Pages:
    """Where everything is. feedback: of `ci publish`.  submitted: of `collect`.  now: says what is open."""

    course: Course
    roster: Roster
    server: Server
    feedback: Path
    submitted: Path
    now: datetime


def find(pages: Pages) -> Iterator[Message | Unaddressed]:
    """One message an assignment and repository; a page that cannot be sent says why. Drafts are left out."""
    for name, files in groupby(sorted(pages.feedback.glob("*/*.md")), key=lambda page: page.parent.name):
        if pages.course.policy.of(name).state_at(pages.now) == "draft":
            continue
        shared: dict[str, list[Message]] = {}
        starters = _starters(pages.course, name)
        for page in files:
            try:
                message = _message(pages, page, starters)
            except MalformedError as error:  # one page costs nobody else
                message = Unaddressed(page.stem, name, error.reason)
            if isinstance(message, Message):
                shared.setdefault(message.repository, []).append(message)
            elif message:
                yield message
        yield from (_together(messages, pages.roster) for messages in shared.values())


def _message(pages: Pages, page: Path, starters: Sequence[Cells]) -> Message | Unaddressed | None:
    """The message; None if nothing is known, or if nothing was handed in and there is no repository to say it in."""
    name, student = page.parent.name, page.stem
    folder = pages.submitted / student / name
    refused = read_refused(folder)
    if refused and refused.why == "unfetched":
        return None  # what the student read before still holds
    work = _handed_in(folder, refused)
    person = pages.roster.by_id.get(student)
    repository = pages.server.repository(person.remote_of(name)) if person else None
    if person is None or repository is None:
        reason = f"the roster names no repository on {pages.server.address}"
        return Unaddressed(student, name, reason) if work else None
    commit = work.commit if work else ""
    login = person.user_on(pages.server.kind)
    return Message(
        students=(student,),
        assignment=name,
        repository=repository,
        commit=commit,
        text=read_bytes(page, _PAGE).decode("utf-8", "replace").strip(),
        work=work.sha256 if work else "",
        begun=work is not None and _cells(folder / f"{name}.ipynb") not in starters,
        logins=(login,) if login else (),
        check=_check_run(page, commit),
    )


@dataclass(frozen=True, slots=True)
class _Work:
    """Work that `collect` recorded, also of a commit without a usable notebook. sha256: of the notebook, or ""."""

    commit: str
    sha256: str = ""


def _handed_in(folder: Path, refused: RefusedFiles | None) -> _Work | None:
    if record := read_record(folder):
        return _Work(record.commit, record.notebook_sha256)
    return _Work(refused.commit) if refused and refused.why != "nothing" else None


def _starters(course: Course, name: str) -> list[Cells]:
    """The notebook as students got it: the released file, and what a release would write now. Each can be missing.

    Only cells are compared: a student may have run and saved the notebook.
    """
    forms = [_cells(course.assignments / name / f"{name}.ipynb")]
    folder = course.solutions / name
    try:
        if folder.is_dir():
            forms.append([(cell.kind, cell.source.strip()) for cell in released_cells(load_assignment(folder))])
    except CourseError:  # the author is repairing it
        pass
    return [cells for cells in forms if cells]


def _cells(notebook: Path) -> Cells:
    """The cells of a notebook; none if it cannot be read."""
    try:
        return [(cell.kind, cell.source.strip()) for cell in read_notebook(notebook).cells]
    except MalformedError:
        return []


def _check_run(page: Path, commit: str) -> dict[str, Any] | None:
    """What `publish` wrote beside the page, if it is about the commit that was collected, or names none."""
    try:
        body = json.loads(read_bytes(page.with_suffix(".check.json"), _PAGE))
    except (ValueError, MalformedError):
        return None
    is_of_commit = isinstance(body, dict) and body.get("head_sha", commit) == commit != ""
    return {**body, "head_sha": commit} if is_of_commit else None


def _together(messages: Sequence[Message], roster: Roster) -> Message:
    """One message to students who share a repository. Where their pages differ, each stands under its name."""
    first = messages[0]
    text, check = first.text, first.check
    if len({message.text for message in messages}) > 1:
        text = "\n\n".join(f"**{_name(roster.by_id[m.students[0]])}**\n\n{m.text}" for m in messages)
        check = check and {**check, "output": {**check.get("output", {}), "summary": text}}
    return replace(
        first,
        students=tuple(m.students[0] for m in messages),
        text=text,
        begun=any(m.begun for m in messages),
        logins=tuple(login for m in messages for login in m.logins),
        check=check,
    )


def _name(person: Person) -> str:
    """A name without signs that Markdown reads."""
    return " ".join("".join(c if c.isalnum() else " " for c in one_line(person.name or person.id, 80)).split())
