"""Sakai's *Download All*: `LAST, FIRST(USER)/Submission attachment(s)/FILE`, with Sakai's own files beside the folder.

`timestamp.txt` is one of them: the time in UTC, `2026-11-27T10:11:12.345Z`, or `20261127101112345` in older versions. A
student's files lie one folder deeper, so no student can write it. A group has `TITLE (ID)`. Some downloads have no
folders: `LAST, FIRST(USER)_Submission attachment(s)_FILE`. The name of the inner folder depends on the language
(assignment/impl/.../AssignmentServiceImpl.java, `zipSubmissions`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import partial

from autograder.errors import MalformedError
from autograder.intake.boundary import hostile
from autograder.intake.entries import Budget, Entry
from autograder.intake.hosts.group_work import for_members, present_members
from autograder.intake.hosts.uploads import USER_COLUMNS, Download, Host, Piece, Upload, Uploads, gathered
from autograder.intake.received import TIMESTAMP
from autograder.roster.roster import Identity, Roster
from autograder.times import written_time

_FOLDER = re.compile(r"(?P<name>.+?)(?P<space> ?)\((?P<user>[^()]+)\)", re.DOTALL)
_PERSON = re.compile(r"[^,]*,.*\([^()]+\)", re.DOTALL)
_GROUP = re.compile(r".+ \([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\)", re.DOTALL)
_FLAT = re.compile(r"([^()]*,[^()]*\([^()]+\))_(?:Submission attachment\(s\)_(.+)|(timestamp\.txt))", re.DOTALL)
_TEACHERS = "feedback"  # begins the name of the folder that the teacher filled
_TYPED = "submissiontext.html"
_SHEETS = frozenset({"grades.csv", "grades.xls", "grades.xlsx"})
_LONGEST_TIME = 100  # characters
_TIME_BYTES = 1 << 16
_OLD_TIME = re.compile(r"(\d{14})(\d{3})", re.ASCII)


def _writes(name: str, is_file: bool, _: Download) -> bool:
    forms = (_FLAT,) if is_file else (_PERSON, _GROUP)
    return any(form.fullmatch(name) for form in forms)


def _read(entries: Sequence[Entry], download: Download) -> Uploads:
    paths = [(_path(entry), entry) for entry in entries]
    times = {path[0]: entry for path, entry in paths if path[1:] == (TIMESTAMP,)}
    filled = {path[0] for path, _ in paths if _is_students(path)}
    real = [entry for path, entry in paths if not _is_own(path) or (_is_typed(path) and path[0] not in filled)]
    uploads, problems = gathered(real, partial(_piece, times))
    return [each for upload in uploads for each in _of_members(upload, download.roster)], problems


def _path(entry: Entry) -> tuple[str, ...]:
    """Where the entry lies if Sakai makes folders."""
    match = _FLAT.fullmatch(entry.parts[0]) if len(entry.parts) == 1 else None
    if not match:
        return entry.parts
    person, file, own = match.groups()
    return (person, own) if own else (person, "Submission attachment(s)", file)


def _is_own(path: Sequence[str]) -> bool:
    """Whether Sakai or the teacher made it: the sheet of grades, and all that is not in a folder of the student's."""
    if len(path) == 1:
        return path[0] in _SHEETS
    return _FOLDER.fullmatch(path[0]) is not None and not _is_students(path)


def _is_typed(path: Sequence[str]) -> bool:
    """Whether it is what the student typed."""
    return len(path) == len(("student", "file")) and path[1].casefold().endswith(_TYPED)


def _is_students(path: Sequence[str]) -> bool:
    return len(path) > len(("student", "folder")) and not path[1].casefold().startswith(_TEACHERS)


def _piece(times: Mapping[str, Entry], entry: Entry) -> Piece:
    top, *inside = _path(entry)
    match = _FOLDER.fullmatch(top)
    if not match or not inside:
        raise MalformedError("expected a folder as Sakai writes it, LAST, FIRST(USER)")
    user = match["name"] if match["space"] else match["user"]
    who = Identity(tuple((column, user) for column in USER_COLUMNS), user)
    when = _time(times[top]) if top in times else None
    remarks = () if when or top not in times else ("the time of its timestamp.txt was not understood",)
    identity = () if match["space"] else (("login", user),)
    head = Upload(top, who, identity=identity, person=top, received=when, host_name=top, remarks=remarks)
    return Piece(head, "/".join(inside[1:]) or inside[0], entry)


def _time(entry: Entry) -> datetime | None:
    """What Sakai's timestamp.txt says, or None."""
    try:
        with hostile("a time"):
            text = entry.read(Budget(_TIME_BYTES)).decode("utf-8-sig").strip()
            if match := _OLD_TIME.fullmatch(text):
                return datetime.strptime(match[1], "%Y%m%d%H%M%S").replace(tzinfo=UTC, microsecond=1000 * int(match[2]))
            return written_time(re.sub(r"(\.\d{6})\d+", r"\1", text[:_LONGEST_TIME]))  # Java writes nanoseconds
    except MalformedError:
        return None


def _of_members(upload: Upload, roster: Roster | None) -> list[Upload]:
    """Each member's, if it is a group's: its name is in front of a space."""
    match = _FOLDER.fullmatch(upload.person)
    members = present_members(match["name"], roster) if match and match["space"] else ()
    return for_members(upload, upload.who.fallback, members) if members else [upload]


HOST = Host("as Sakai writes", _writes, _read, _is_own)
