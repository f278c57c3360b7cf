"""The parts that all hosts have in common: an upload, the pieces that it is made of, and what helps to read a download.

A host writes names at the top of its download. A student writes only what comes behind them. So each host's module
looks for its own signs from the left, and takes the rest as the name of the student's file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo

from autograder.errors import MalformedError
from autograder.intake.entries import Entry, File, Problem
from autograder.roster.roster import Identity, Roster, safe_name

Keys = tuple[tuple[str, str], ...]
NO_WORK = "expected a notebook, got only files of an editor, a system or a grader"
USER_COLUMNS = ("login", "id", "email", "sis_id")  # of the roster: what a host's user name can be there


@dataclass(frozen=True, slots=True)
class Download:
    """What helps to read a download. assignments: names of the course.  zone: of a host's clock that names none.

    around: the folders around it, the outermost first.
    """

    assignments: Sequence[str] = ()
    roster: Roster | None = None
    zone: tzinfo | None = None
    around: tuple[str, ...] = ()

    def owner_of(self, user: str) -> str:
        """The student of the roster whom a host can call so; "" if there is none, or if there are two."""
        columns = USER_COLUMNS if self.roster else ()
        owners = {student for column in columns if self.roster for student in self.roster.owners(column, user)}
        return owners.pop() if len(owners) == 1 else ""


@dataclass(frozen=True, slots=True)
class Upload:
    """The files that one student handed in at one time. label: to show.  files: (the student's own name, the entry).

    identity: how the host calls this one student, for the record; empty for the others of a group.
    person: what the host writes for one person or group, so that two uploads can be told apart.
    assignment: as a folder says it, or "".  received: by the host's clock, or None.  late: by the host, or None.
    host_name: of the upload; "" means the outermost name of each file.  remarks: for the person who collects.
    named_by_host: whether a host or a folder says whose they are; else only the name of the file does.
    """

    label: str
    who: Identity
    files: tuple[File, ...] = ()
    identity: Keys = ()
    person: str = ""
    assignment: str = ""
    received: datetime | None = None
    late: bool | None = None
    host_name: str = ""
    remarks: tuple[str, ...] = ()
    named_by_host: bool = True

    def name_at_host(self, file: str) -> str:
        """What the host called the file, or the zip of the student's that holds it. A plain folder has no host."""
        if self.host_name or not self.person:
            return self.host_name
        plain = [entry for name, entry in self.files if name == file]
        zips = [entry for name, entry in self.files if name.lower().endswith(".zip")]
        return next((entry.parts[0] for entry in plain or zips), "")


@dataclass(frozen=True, slots=True)
class Piece:
    """One file of an upload. head: the upload without its files.  late: as the host marks this file, or None."""

    head: Upload
    file: str
    entry: Entry
    late: bool | None = None


Uploads = tuple[list[Upload], list[Problem]]


@dataclass(frozen=True, slots=True)
class Host:
    """A host. names: how messages call its names.  writes: whether it writes this name, of a file or not, at the top.

    read: the uploads, and the files that belong to nobody.  is_own: whether it wrote the file at this path for itself.
    """

    names: str
    writes: Callable[[str, bool, Download], bool]
    read: Callable[[Sequence[Entry], Download], Uploads]
    is_own: Callable[[Sequence[str]], bool] = lambda _: False


def gathered(entries: Sequence[Entry], piece_of: Callable[[Entry], Piece | None]) -> Uploads:
    """The uploads that the pieces make, in order. piece_of: None for a file that is no work; raises MalformedError.

    A name at the top without any work is a problem: a student who handed in no more must be listed.
    """
    pieces: dict[Upload, list[Piece]] = {}
    problems: list[Problem] = []
    idle = dict.fromkeys(e.parts[0] for e in entries)
    for entry in entries:
        try:
            piece = piece_of(entry)
        except MalformedError as error:
            problems.append(Problem(entry.name, error.advice))
        else:
            if piece is None:
                continue
            pieces.setdefault(replace(piece.head, label=""), []).append(piece)
        idle.pop(entry.parts[0], None)
    return [_upload(group) for group in pieces.values()], [*problems, *(Problem(name, NO_WORK) for name in idle)]


def _upload(group: Sequence[Piece]) -> Upload:
    marks = [piece.late for piece in group if piece.late is not None]
    files = tuple((piece.file, piece.entry) for piece in group)
    return replace(group[0].head, files=files, late=any(marks) if marks else None)


def with_zone_remark(uploads: Sequence[Upload], download: Download) -> list[Upload]:
    """The uploads; the first with a time says that it was taken for UTC, if the course names no zone."""
    first = next((upload for upload in uploads if upload.received), None)
    if download.zone or first is None:
        return [*uploads]
    remark = 'the host writes its local time, which was read as UTC: course.toml needs timezone = "Europe/Berlin", say'
    return [replace(u, remarks=(*u.remarks, remark)) if u is first else u for u in uploads]


def named_people(people: Iterable[tuple[str, str]]) -> Callable[[str, str], str]:
    """Gives each (name, number) a folder for a class without a roster: the name, with the number where two share it."""
    count = Counter(safe_name(name).casefold() for name, _ in set(people))
    return lambda name, number: safe_name(f"{name} {number}" if count[safe_name(name).casefold()] > 1 else name)


def common_starts(names: Collection[str], sign: str) -> list[str]:
    """What all names begin with, up to and with a sign, the shortest first; something stands behind it in each."""
    first = min(names, key=len, default="")
    starts = (first[: i + 1] for i, each in enumerate(first[:-1]) if each == sign and i)
    return [start for start in starts if all(name.startswith(start) for name in names)]
