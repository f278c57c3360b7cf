"""Looks through the sources of `autograder collect`: whose notebook is where. Reads none of them yet.

A source is a zip, a folder or a list of git remotes. `host_layouts` and `which_notebook` say what is in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Literal

from autograder.errors import AutograderError, MalformedError
from autograder.intake.archives import open_zip, zip_entries
from autograder.intake.boundary import hostile
from autograder.intake.classroom import repositories_of
from autograder.intake.collection_plan import CollectionPlan, Located, LocatedNotebook, WrongFiles
from autograder.intake.entries import Entry, Kind, Problem, folder_entries, summed
from autograder.intake.host_layouts import Upload, read_layout
from autograder.intake.layout_kinds import kind_of, unwrapped, upload_depth
from autograder.intake.student_repositories import listed_students, look_through
from autograder.intake.which_notebook import WrongFilesError, choose
from autograder.roster.roster import Roster, resolve


def steps(plan: CollectionPlan) -> int:
    """How many there will be: one an archive or folder, one a repository."""
    return sum(len(listed_students(s)) if what_is(s) == "list" else 1 for s in plan.sources)


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
        yield from look_through(plan, source, step)
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
