"""Looks through the sources of `autograder collect`: whose notebook is where. Reads none of them yet.

A source is a zip, a folder or a list of git remotes. `host_layouts` and `which_notebook` say what is in it.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from functools import partial
from pathlib import Path
from typing import Any, Literal

from autograder.errors import AutograderError, MalformedError
from autograder.intake import repositories
from autograder.intake.archives import open_zip, zip_entries
from autograder.intake.boundary import hostile
from autograder.intake.entries import Kind, Problem, folder_entries, summed
from autograder.intake.host_layouts import read_layout
from autograder.intake.hosts.uploads import Download, Upload
from autograder.intake.layout_kinds import upload_depth
from autograder.intake.received import Trust
from autograder.intake.which_notebook import Choice, WantedNotebooks, WrongFilesError, choose, choose_of
from autograder.intake.wrapping import opened
from autograder.intake.wrong_files import RefusedFiles
from autograder.roster.read import read_roster
from autograder.roster.roster import Person, Roster, resolve

CONNECTIONS = 4  # repositories fetched at a time


@dataclass(frozen=True, slots=True)
class CollectionPlan:
    """What to collect, and how. fetched: where bare repositories are.  received: when it all came in, or None.

    branch: "" for each remote's own.  now: the clock.  secret: of the course; records are signed with it.
    trust_timestamps: whether a timestamp.txt without a record counts in this course.  zone: of the course.
    """

    sources: tuple[Path, ...]
    wanted: WantedNotebooks
    out: Path
    fetched: Path
    now: Callable[[], datetime]
    secret: bytes = field(repr=False)
    roster: Roster | None = None
    branch: str = ""
    deadline: datetime | None = None
    received: datetime | None = None
    dry: bool = False
    trust_timestamps: bool = False
    zone: tzinfo | None = None

    @property
    def trust(self) -> Trust:
        """Which files beside a notebook count."""
        return Trust(self.secret, self.trust_timestamps)


@dataclass(frozen=True, slots=True)
class LocatedNotebook:
    """A notebook of a known student, not yet read. identity, host_name: see Received.  person: see Upload.

    commit: more fields of the record, for a git repository.  remarks: on the upload that holds it.
    """

    student: str
    choice: Choice
    kind: Kind
    source: str
    received: datetime | None = None
    late: bool | None = None
    extension: datetime | None = None
    identity: dict[str, str] = field(default_factory=dict)
    host_name: str = ""
    person: str = ""
    remarks: tuple[str, ...] = ()
    commit: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WrongFiles:
    """Files of a known student, of which none can be taken. assignment: that they were handed in for, or "".

    problem: the line for the person who collects.  kind, identity, host_name: see LocatedNotebook; "" for no host.
    """

    student: str
    assignment: str
    refused: RefusedFiles
    problem: Problem
    kind: Kind | None = None
    identity: dict[str, str] = field(default_factory=dict)
    host_name: str = ""


Located = LocatedNotebook | WrongFiles | Problem


def steps(plan: CollectionPlan) -> int:
    """How many there will be: one an archive or folder, one a repository."""
    return sum(len(_remotes(s)) if what_is(s) == "list" else 1 for s in plan.sources)


def what_is(path: Path) -> Literal["folder", "zip", "list"]:
    """By its content. Raises AutograderError for what is none of them."""
    if path.is_dir():
        return "folder"
    try:
        with path.open("rb") as file:
            start = file.read(4)
    except OSError as error:
        raise AutograderError(f"{path}: expected a zip, a folder or a CSV list, got {error.strerror}.") from None
    if start in {b"PK\3\4", b"PK\5\6"}:
        return "zip"
    if path.suffix.lower() == ".csv":
        return "list"
    raise AutograderError(
        f"{path}: expected a zip, a folder or a CSV list of git remotes, got something else. "
        "Hint: put notebooks into a folder, and name the folder."
    )


def look(plan: CollectionPlan, source: Path, step: Callable[[], None], stack: ExitStack) -> Iterator[Located]:
    """What is in a source. stack: keeps an archive open until its notebooks have been read. Raises AutograderError."""
    kind = what_is(source)
    if kind == "list":
        yield from _repositories(plan, source, step)
        return
    problems: list[Problem] = []
    try:
        with hostile(f"a {kind} that can be read"):
            if kind == "folder":
                entries, problems = folder_entries(source)
            else:
                entries, problems = zip_entries(stack.enter_context(open_zip(stack.enter_context(source.open("rb")))))
            inside = opened(entries, _download(plan, source))
            uploads, unowned = read_layout(inside.kind, inside.entries, inside.download)
    except MalformedError as error:
        yield from (*summed(problems), Problem(source.name, error.advice))
    else:
        depth = upload_depth(inside.kind, inside.entries)
        yield from summed(problems, depth + inside.taken_off)
        for upload in uploads:
            for each in _chosen(plan, source, inside.kind, upload):
                if isinstance(each, Problem):
                    unowned.append(each)
                else:
                    yield each
        yield from summed(unowned, depth)
        if not (uploads or problems or unowned):
            yield Problem(source.name, "expected what students handed in, got nothing")
    step()


def _download(plan: CollectionPlan, source: Path) -> Download:
    """What helps to read it. A folder stands itself around what lies in it."""
    around = (source.resolve().name,) if source.is_dir() else ()
    return Download(plan.wanted.known, plan.roster, plan.zone, around)


def _chosen(plan: CollectionPlan, source: Path, kind: Kind, upload: Upload) -> Sequence[Located]:
    """One student's notebooks, or the problem with them."""
    try:
        with hostile("a student's files that can be read"):
            student = resolve(upload.who, plan.roster)
            return [
                LocatedNotebook(
                    student,
                    choice,
                    kind,
                    source.name,
                    upload.received,
                    upload.late,
                    plan.roster.extension(student) if plan.roster else None,
                    dict(upload.identity),
                    upload.name_at_host(choice.file),
                    upload.person,
                    upload.remarks,
                )
                for choice in choose(upload.files, plan.wanted, upload.assignment)
            ]
    except WrongFilesError as error:
        problem = Problem(upload.label, error.advice)
        known = error.assignment and (plan.roster or upload.named_by_host)
        if not known:
            return (problem,)
        host_name = upload.name_at_host(upload.files[0][0])
        return (WrongFiles(student, error.assignment, error.refused, problem, kind, dict(upload.identity), host_name),)
    except MalformedError as error:
        return (Problem(upload.label, error.advice),)


def _remotes(path: Path) -> tuple[Person, ...]:
    """Raises AutograderError where the list has no remote in it."""
    students = tuple(s for s in read_roster(path).students if s.remote)
    if not students:
        raise AutograderError(f"{path}: expected the columns id and remote, and a git remote a student, got none.")
    return students


def _repositories(plan: CollectionPlan, source: Path, step: Callable[[], None]) -> Iterator[Located]:
    if not shutil.which("git"):
        raise AutograderError("git: expected it to be installed, got none. Hint: apt install git.")
    pool = ThreadPoolExecutor(CONNECTIONS)
    try:
        for each in pool.map(partial(_repository, plan), _remotes(source)):
            step()
            yield from each
    finally:
        pool.shutdown(cancel_futures=True)


def _repository(plan: CollectionPlan, student: Person) -> list[Located]:
    """One student's notebooks, or the problem with them."""
    try:
        with hostile("a repository that can be read"):
            return _of_repository(plan, student)
    except MalformedError as error:
        return [Problem(student.id, error.advice)]


def _of_repository(plan: CollectionPlan, student: Person) -> list[Located]:
    source = repositories.without_password(student.remote)
    head = repositories.fetch(student, plan.fetched, plan.branch)
    commit = {
        "commit": head.commit,
        "tree": head.tree,
        "branch": plan.branch,
        "claimed_author_time": head.author_time,
        "claimed_commit_time": head.commit_time,
        "collected_at": plan.now(),
    }
    notebooks: list[Located] = []
    for name in plan.wanted.assignments:
        try:
            for choice in choose_of(repositories.files_for(head, name, plan.wanted.known), name, plan.wanted):
                located = LocatedNotebook(student.id, choice, "git", source, extension=student.extension, commit=commit)
                notebooks.append(located)
        except WrongFilesError as error:
            problem = Problem(student.id, error.advice)
            refused = error.refused.model_copy(update={"commit": head.commit})
            notebooks.append(WrongFiles(student.id, name, refused, problem))
        except MalformedError as error:
            notebooks.append(Problem(student.id, error.advice))
    names = " or ".join(f"{a}.ipynb" for a in plan.wanted.assignments)
    return notebooks or [
        Problem(student.id, f"expected {names} in the repository or in a folder of its name, got none")
    ]
