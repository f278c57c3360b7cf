"""Looks through the sources of `autograder collect`: whose notebook is where. Reads none of them yet.

A source is a zip, a folder or a list of git remotes. `host_layouts` and `which_notebook` say what is in it.
"""

from __future__ import annotations

import errno
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Literal

from autograder.errors import AutograderError, MalformedError
from autograder.intake.archive_inside import archive_inside
from autograder.intake.archives import open_zip, zip_entries
from autograder.intake.boundary import hostile
from autograder.intake.collection_plan import CollectionPlan, Located, LocatedNotebook, WrongFiles
from autograder.intake.entries import Kind, Problem, SourceItem, folder_entries, summed
from autograder.intake.host_layouts import read_layout
from autograder.intake.hosts.uploads import Download, Upload
from autograder.intake.layout_kinds import upload_depth
from autograder.intake.source_items import apart, item_of, with_item
from autograder.intake.student_repositories import listed_students, look_through
from autograder.intake.which_notebook import WrongFilesError, choose
from autograder.intake.wrapping import opened
from autograder.roster.roster import Identity, resolve


def steps(plan: CollectionPlan) -> int:
    """How many there will be: one an archive or folder, one a repository."""
    return sum(len(listed_students(s, plan.zone)) if what_is(s) == "list" else 1 for s in plan.sources)


# What people give in the place of a zip, by the first bytes.
_OTHERS = (
    (b"Rar!", "a RAR archive", "unpack it, and collect the folder"),
    (b"7z\xbc\xaf", "a 7z archive", "unpack it, and collect the folder"),
    (b"\x1f\x8b", "a gzip archive", "unpack it, and collect the folder"),
    (b"BZh", "a bzip2 archive", "unpack it, and collect the folder"),
    (b"\xfd7zX", "an xz archive", "unpack it, and collect the folder"),
    (b"<", "a web page", "your login may have ended: log in, and download it anew"),
    (b"%PDF", "a PDF", "collect takes the archive of all submissions"),
    (b"{", "a notebook or JSON", "put notebooks into a folder, and name the folder"),
)
_TAR = slice(257, 262)


def _strange(start: bytes) -> tuple[str, str]:
    """(what a file is that is no source, what to do)."""
    if not start.strip():
        return "an empty file", "download it anew"
    if start[_TAR] == b"ustar":
        return "a tar archive", "unpack it, and collect the folder"
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    other = next(((got, hint) for sign, got, hint in _OTHERS if text.startswith(sign)), None)
    return other or ("something else", "put notebooks into a folder, and name the folder")


def what_is(path: Path) -> Literal["folder", "zip", "list"]:
    """By its content. Raises AutograderError for what is none of them."""
    if path.is_dir():
        return "folder"
    try:
        with path.open("rb") as file:
            start = file.read(512)
    except OSError as error:
        hint = " Hint: look at the name, and at the folder that you are in." if error.errno == errno.ENOENT else ""
        raise AutograderError(f"{path}: expected a zip, a folder or a CSV list, got {error.strerror}.{hint}") from None
    if start[:4] in {b"PK\3\4", b"PK\5\6"}:
        return "zip"
    if path.suffix.lower() == ".csv":
        return "list"
    got, hint = _strange(start)
    raise AutograderError(f"{path}: expected a zip, a folder or a CSV list of git remotes, got {got}. Hint: {hint}.")


def look(plan: CollectionPlan, source: Path, step: Callable[[], None], stack: ExitStack) -> Iterator[Located]:
    """What is in a source. stack: keeps an archive open until its notebooks have been read. Raises AutograderError."""
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
                entries, problems = zip_entries(stack.enter_context(open_zip(stack.enter_context(source.open("rb")))))
            inside = opened(entries, _download(plan, source))
            uploads, unowned = read_layout(inside.kind, inside.entries, inside.download)
    except MalformedError as error:
        hint = error.hint or ("download it anew" if kind == "zip" else "look at its name and its permissions")
        yield from (*summed(problems), Problem(source.name, MalformedError(error.reason, hint=hint).advice))
    else:
        depth = upload_depth(inside.kind, inside.entries)
        yield from summed((with_item(p, (), inside.kind) for p in problems), depth + inside.taken_off)
        unowned = [with_item(p, inside.entries, inside.kind) for p in unowned]
        unplaced = []
        for each in _of_uploads(plan, source, inside.kind, uploads, unowned):
            if isinstance(each, Problem):
                unplaced.append(each)
            else:
                yield each
        yield from summed(unplaced, depth)
        if not (uploads or problems or unowned):
            empty = "expected what students handed in, got nothing. Hint: look into it, and at its name"
            yield Problem(source.name, empty)
    step()


def _download(plan: CollectionPlan, source: Path) -> Download:
    """What helps to read it. A folder stands itself around what lies in it."""
    around = (source.resolve().name,) if source.is_dir() else ()
    return Download(plan.wanted.known, plan.roster, plan.zone, around)


def _of_uploads(
    plan: CollectionPlan, source: Path, kind: Kind, uploads: Sequence[Upload], unowned: Sequence[Problem]
) -> Iterator[Located]:
    """The notebooks of the uploads; and of files that are no upload, if a person said whose they are.

    What a person said counts where nobody knows the student, and where two uploads are of one: two people of one name.
    """
    for problem in unowned:
        (item,) = problem.items
        if students := plan.settled.students_of(item):
            loose = Upload(problem.file, Identity((), ""), item.files)
            yield from _notebooks(plan, source, loose, item, students, settled=True)
        else:
            yield problem
    known = [(upload, item_of(kind, upload), _student_of(plan, kind, upload)) for upload in apart(uploads)]
    times = Counter((student, upload.assignment) for upload, _, student in known if isinstance(student, str))
    for upload, item, student in known:
        if isinstance(student, str) and times[student, upload.assignment] == 1:
            yield from _notebooks(plan, source, upload, item, (student,))
        elif students := plan.settled.students_of(item):
            yield from _notebooks(plan, source, upload, item, students, settled=True)
        elif isinstance(student, str):
            yield from _notebooks(plan, source, upload, item, (student,))
        else:
            reason = (archive_inside(upload) or student).advice
            yield Problem(upload.label, reason, (replace(item, nobody=True),))


def _student_of(plan: CollectionPlan, kind: Kind, upload: Upload) -> str | MalformedError:
    """Whose an upload is; or why nobody knows."""
    try:
        with hostile("a student's files that can be read"):
            _require_student(plan, kind, upload)
            return resolve(upload.who, plan.roster)
    except MalformedError as error:
        return error


def _require_student(plan: CollectionPlan, kind: Kind, upload: Upload) -> None:
    """A folder that is called as an assignment is no student's: somebody named the folder around it."""
    name = upload.who.fallback
    if kind == "folder" and name in plan.wanted.known and not (plan.roster and name in plan.roster.by_id):
        raise MalformedError(
            f"expected a name of a student, got the assignment's, {name!r}",
            hint="collect the folder that holds STUDENT/ASSIGNMENT/, or the one inside with -a",
        )


def _notebooks(
    plan: CollectionPlan,
    source: Path,
    upload: Upload,
    item: SourceItem,
    students: Sequence[str],
    *,
    settled: bool = False,
) -> Iterator[Located]:
    for student in students:
        yield from _chosen(plan, source, upload, item, student, settled=settled)


def _chosen(
    plan: CollectionPlan, source: Path, upload: Upload, item: SourceItem, student: str, *, settled: bool
) -> Sequence[Located]:
    """One student's notebooks, or the problem with them."""
    try:
        with hostile("a student's files that can be read"):
            return [
                LocatedNotebook(
                    student,
                    choice,
                    item.kind,
                    source.name,
                    item,
                    upload.received,
                    upload.late,
                    plan.roster.extension(student) if plan.roster else None,
                    dict(upload.identity),
                    upload.name_at_host(choice.file),
                    upload.person,
                    upload.remarks,
                    settled=settled,
                )
                for choice in choose(upload.files, plan.wanted, upload.assignment)
            ]
    except WrongFilesError as error:
        problem = Problem(upload.label, error.advice, (item,))
        known = error.assignment and (plan.roster or upload.named_by_host)
        if not known:
            return (problem,)
        host_name, identity = upload.name_at_host(upload.files[0][0]), dict(upload.identity)
        return (WrongFiles(student, error.assignment, error.refused, problem, item.kind, identity, host_name),)
    except MalformedError as error:
        return (Problem(upload.label, (archive_inside(upload) or error).advice, (item,)),)
