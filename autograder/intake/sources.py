"""Looks through the sources of `autograder collect`: whose notebook is where. Reads none of them yet.

A source is a zip, a folder or a list of git remotes. `host_layouts` and `which_notebook` say what is in it.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Literal

from autograder.errors import AutograderError, MalformedError
from autograder.intake import repositories
from autograder.intake.archives import open_zip, zip_entries
from autograder.intake.boundary import hostile
from autograder.intake.classroom import repositories_of
from autograder.intake.entries import Entry, Kind, Problem, folder_entries, summed
from autograder.intake.host_layouts import Upload, read_layout
from autograder.intake.layout_kinds import kind_of, unwrapped, upload_depth
from autograder.intake.received import Trust
from autograder.intake.which_notebook import Choice, WantedNotebooks, WrongFilesError, choose, choose_of
from autograder.intake.wrong_files import RefusedFiles
from autograder.roster.read import read_roster
from autograder.roster.roster import Person, Roster, resolve

CONNECTIONS = 4  # repositories fetched at a time


@dataclass(frozen=True, slots=True)
class CollectionPlan:
    """What to collect, and how. fetched: where bare repositories are.  received: when it all came in, or None.

    branch: "" for each remote's own.  now: the clock.  secret: of the course; records are signed with it.
    trust_timestamps: whether a timestamp.txt without a record counts in this course.
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

    @property
    def trust(self) -> Trust:
        """Which files beside a notebook count."""
        return Trust(self.secret, self.trust_timestamps)


@dataclass(frozen=True, slots=True)
class LocatedNotebook:
    """A notebook of a known student, not yet read. identity: how the host calls this one student; see Received.

    host_name: see Received.

    commit: more fields of the record, for a git repository.
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
    commit: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WrongFiles:
    """Files of a known student, of which none can be taken. assignment: that they were handed in for, or "".

    problem: the line for the person who collects.
    """

    student: str
    assignment: str
    refused: RefusedFiles
    problem: Problem


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


def look(plan: CollectionPlan, source: Path, step: Callable[[], None], opened: ExitStack) -> Iterator[Located]:
    """What is in a source. opened: keeps an archive open until its notebooks have been read. Raises AutograderError."""
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
                entries, problems = zip_entries(opened.enter_context(open_zip(opened.enter_context(source.open("rb")))))
            inside, around = _inside(source, kind, entries, plan.roster)
            layout = kind_of(inside)
            uploads, unowned = read_layout(layout, inside, plan.wanted.known, plan.roster)
    except MalformedError as error:
        yield from (*summed(problems), Problem(source.name, error.advice))
    else:
        depth = upload_depth(layout, inside)
        yield from summed(problems, depth + around)
        for upload in uploads:
            for each in _chosen(plan, source, layout, upload):
                if isinstance(each, Problem):
                    unowned.append(each)
                else:
                    yield each
        yield from summed(unowned, depth)
        if not (uploads or problems or unowned):
            yield Problem(source.name, "expected what students handed in, got nothing")
    step()


def _inside(
    source: Path, kind: Literal["folder", "zip"], entries: Sequence[Entry], roster: Roster | None
) -> tuple[Sequence[Entry], int]:
    """The entries without a folder around all of a host's download, and how many such folders were taken off."""
    top = () if kind == "zip" else (source.resolve().name,)
    if (users := repositories_of([replace(e, parts=(*top, *e.parts)) for e in entries])) is not None:
        return users, 1 - len(top)
    inside = unwrapped(entries, roster)
    return inside, int(inside is not entries)


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
                    {} if kind == "folder" else dict(upload.who.keys),
                    _host_name(kind, upload, choice.file),
                )
                for choice in choose(upload.files, plan.wanted, upload.assignment)
            ]
    except WrongFilesError as error:
        problem = Problem(upload.label, error.advice)
        known = error.assignment and (plan.roster or upload.named_by_host)
        return (WrongFiles(student, error.assignment, error.refused, problem) if known else problem,)
    except MalformedError as error:
        return (Problem(upload.label, error.advice),)


def _host_name(kind: Kind, upload: Upload, file: str) -> str:
    """What the host called the file, or the zip of the student's that holds it. A plain folder has no host."""
    if kind == "folder":
        return ""
    plain = [entry for name, entry in upload.files if name == file]
    zips = [entry for name, entry in upload.files if name.lower().endswith(".zip")]
    return next((entry.parts[0] for entry in plain or zips), "")


def _remotes(path: Path) -> tuple[Person, ...]:
    """Raises AutograderError where the list has no remote in it."""
    students = tuple(s for s in read_roster(path).students if s.remote or s.remotes)
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
    """One student's notebooks, of one repository or of several, or the problem with them."""
    notebooks: list[Located] = []
    for remote, names in student.repositories(plan.wanted.assignments).items():
        part = replace(plan, wanted=replace(plan.wanted, assignments=names))
        try:
            with hostile("a repository that can be read"):
                notebooks += _of_repository(part, replace(student, remote=remote))
        except MalformedError as error:
            notebooks.append(Problem(student.id, error.advice))
    return notebooks


def _of_repository(plan: CollectionPlan, student: Person) -> list[Located]:
    source = repositories.without_password(student.remote)
    head = repositories.fetch(student, plan.fetched, plan.branch)
    commit = {
        "commit": head.commit,
        "tree": head.tree,
        "branch": head.branch,
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
