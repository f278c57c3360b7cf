"""Blackboard's *Assignment File Download*: `ASSIGNMENT_USER_attempt_2026-11-27-10-11-12_FILE`, one upload an attempt.

Beside the files of an attempt lies `ASSIGNMENT_USER_attempt_2026-11-27-10-11-12.txt`, Blackboard's note on it. Its
first line ends with the user in brackets, `Name: Jane Doe (s1234567)`; below it stands what the student typed, and none
of that is read. The time is the local time of Blackboard, so it is of the course's `timezone`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from autograder.errors import MalformedError
from autograder.intake.boundary import hostile
from autograder.intake.entries import Budget, Entry
from autograder.intake.hosts.group_work import for_members, present_members
from autograder.intake.hosts.uploads import (
    USER_COLUMNS,
    Download,
    Host,
    Piece,
    Upload,
    Uploads,
    common_starts,
    gathered,
    with_zone_remark,
)
from autograder.roster.roster import Identity, Roster
from autograder.times import beginning

# The first `_attempt_` is Blackboard's: a student writes only behind it.
_NAME = re.compile(
    r"(?P<head>.+?)_attempt_(?P<time>\d{4}(?:-\d\d){5})(?:(?P<note>\.txt)|_(?P<file>.+))", re.DOTALL | re.ASCII
)
_USER = re.compile(r"\(([^()]*)\)\s*$")
_NOTE = ""  # the student's name of a file that is Blackboard's own
_NOTE_BYTES = 1 << 17  # of a note that is read
_FIRST_LINE = 500  # characters
_MOST_NOTES = 20


def _writes(name: str, is_file: bool, _: Download) -> bool:
    return is_file and _NAME.fullmatch(name) is not None


def _read(entries: Sequence[Entry], download: Download) -> Uploads:
    start = _start(entries, download)
    uploads, problems = gathered(entries, partial(_piece, start, download))
    attempts = [_without_note(upload) for upload in with_zone_remark(uploads, download)]
    return [each for upload in attempts for each in _of_members(upload, download.roster)], problems


def _piece(start: str | None, download: Download, entry: Entry) -> Piece:
    match = _NAME.fullmatch(entry.parts[0]) if len(entry.parts) == 1 else None
    if not match:
        raise MalformedError("expected a name as in a Blackboard archive, ASSIGNMENT_USER_attempt_TIME_FILE")
    if start is None:
        raise MalformedError("its name does not say where the user begins", hint="a roster with the column login")
    user = match["head"].removeprefix(start)
    who = Identity(tuple((column, user) for column in USER_COLUMNS), user)
    with hostile("a time that exists"):
        when = datetime.strptime(match["time"], "%Y-%m-%d-%H-%M-%S")  # noqa: DTZ007 — the next line gives the zone
        received = beginning(when, download.zone or UTC)
    label = f"Blackboard user {user}, {match['time']}"
    head = Upload(label, who, identity=(("login", user),), person=user, received=received)
    return Piece(head, match["file"] or _NOTE, entry)


def _without_note(upload: Upload) -> Upload:
    """The upload without Blackboard's note; with it, if the student only typed something."""
    files = tuple(file for file in upload.files if file[0] != _NOTE)
    typed = tuple(("what was typed.txt", entry) for _, entry in upload.files)
    return replace(upload, files=files or typed)


def _of_members(upload: Upload, roster: Roster | None) -> list[Upload]:
    """Each member's, if a group stands where the user stands else."""
    if roster is None or any(roster.owners(column, upload.person) for column in USER_COLUMNS):
        return [upload]
    members = present_members(upload.person, roster)
    return for_members(upload, upload.person, members) if members else [upload]


def _start(entries: Sequence[Entry], download: Download) -> str | None:
    """What stands in front of every user: the assignment's name there, and `_`. None if that is not clear.

    Both can hold a `_`. The roster tells, or the notes, or what all names have in common.
    """
    notes = {match["head"]: e for e in entries if (match := _NAME.fullmatch(e.parts[0])) and match["note"]}
    heads = {match["head"] for e in entries if (match := _NAME.fullmatch(e.parts[0]))}
    starts = common_starts(heads, "_")
    if len(starts) == 1:
        return starts[0]
    for users in (_known_users(heads, starts, download.roster), _noted_users(notes)):
        count = {start: sum(start + user in heads for user in users) for start in starts}
        most = max(count.values(), default=0)
        if most:
            best = [start for start in starts if count[start] == most]
            return best[0] if len(best) == 1 else None
    return starts[-1] if len(heads) > 1 and starts else None


def _known_users(heads: Collection[str], starts: Sequence[str], roster: Roster | None) -> set[str]:
    """Users that the roster knows, of all that the heads can end with."""
    users = {head.removeprefix(start) for head in heads for start in starts}
    return {u for u in users if roster and (roster.members(u) or any(roster.owners(c, u) for c in USER_COLUMNS))}


def _noted_users(notes: Mapping[str, Entry]) -> set[str]:
    """The users that the first lines of the notes name, of a few notes."""
    return {user for entry in [*notes.values()][:_MOST_NOTES] if (user := _noted_user(entry))}


def _noted_user(entry: Entry) -> str:
    """What stands in brackets at the end of a note's first line: Blackboard writes it behind the name."""
    try:
        text = entry.read(Budget(_NOTE_BYTES)).decode("utf-8-sig", "replace")
    except MalformedError:
        return ""
    match = _USER.search(text.lstrip().partition("\n")[0][:_FIRST_LINE])
    return match[1] if match else ""


HOST = Host("as Blackboard writes", _writes, _read)
