"""ILIAS's download of an exercise: `TITLE/Submissions/LAST_FIRST_LOGIN_ID/FILE`, or with `Team N/` around the folder.

German sites write `Abgaben`. The archive for feedback has `multi_feedback…/` instead. The names are plain ASCII, and
all parts can hold a `_`; so the roster tells where the login begins, or it is the last part before the number. Some
versions keep the time in front of a file, `20261127101112_a1.ipynb`, and some take it off. So a student could write
it, and it only says which of the student's files is the newest (Modules/Exercise/classes/class.ilExSubmission.php).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from autograder.errors import MalformedError
from autograder.intake.entries import Entry, File
from autograder.intake.hosts.group_work import for_members, present_members
from autograder.intake.hosts.uploads import USER_COLUMNS, Download, Host, Piece, Upload, Uploads, gathered
from autograder.roster.roster import Identity

_FOLDER = re.compile(r"[^_]+_[^_]+.*_[^_]+_\d+", re.DOTALL | re.ASCII)
_TEAM = re.compile(r"[^\W\d_]+[ _]\d+")
_AROUND = re.compile(r"submissions?|abgaben?|multi_?feedback.*", re.IGNORECASE | re.DOTALL)
_STAMP = re.compile(r"(\d{14})_(.+)", re.DOTALL | re.ASCII)
_LATE = re.compile(r"(?:late submission|versp(?:ae|ä|a)tete abgabe)[ _]-[ _](.+)", re.IGNORECASE | re.DOTALL)


def _writes(name: str, is_file: bool, download: Download) -> bool:
    """Such a name alone is no sign: a teacher can write it. A login of the roster is one, or the folder around."""
    inside = any(_AROUND.fullmatch(folder) for folder in download.around)
    if is_file:
        return False
    if _TEAM.fullmatch(name):
        return inside
    return _FOLDER.fullmatch(name) is not None and (inside or len(_known_logins(name, download)) == 1)


def _known_logins(folder: str, download: Download) -> list[str]:
    """The ends of the name that the roster knows as a login."""
    words = folder.split("_")[:-1]
    ends = ["_".join(words[at:]) for at in range(1, len(words))]
    return [end for end in ends if download.owner_of(end)]


def _read(entries: Sequence[Entry], download: Download) -> Uploads:
    uploads, problems = gathered([e for e in entries if not _is_own(e.parts)], partial(_piece, download))
    return [each for upload in uploads for each in _of_members(_with_newest(upload), download)], problems


def _piece(download: Download, entry: Entry) -> Piece:
    team, *parts = entry.parts if _TEAM.fullmatch(entry.parts[0]) else ("", *entry.parts)
    if len(parts) < len(("folder", "file")) or not _FOLDER.fullmatch(parts[0]):
        raise MalformedError("expected a folder as ILIAS writes it, LAST_FIRST_LOGIN_ID")
    known = _known_logins(parts[0], download)
    if len(known) > 1:
        raise MalformedError(f"its name can be of the users {' or '.join(known[:5])}")
    login = known[0] if known else parts[0].split("_")[-2]
    who = Identity(tuple((column, login) for column in USER_COLUMNS), login)
    host_name = "/".join([team, parts[0]] if team else parts[:1])
    head = Upload(parts[0], who, identity=(("login", login),), person=host_name, host_name=host_name)
    match = _LATE.fullmatch(parts[1])
    file = "/".join([match[1] if match else parts[1], *parts[2:]])
    return Piece(head, file, entry, late=True if match else None)


def _with_newest(upload: Upload) -> Upload:
    """The upload with the newest of the files that differ by the time in front alone, and without that time."""
    newest: dict[str, tuple[str, File]] = {}
    for name, entry in upload.files:
        match = _STAMP.fullmatch(name)
        stamp, file = (match[1], match[2]) if match else ("", name)
        newest[file] = max(newest.get(file, ("", (file, entry))), (stamp, (file, entry)), key=lambda pair: pair[0])
    return replace(upload, files=tuple(file for _, file in newest.values()))


def _of_members(upload: Upload, download: Download) -> list[Upload]:
    """Each member's, if a team handed it in: the team is a group of the roster, or the only one of the uploader."""
    team, roster = upload.host_name.rpartition("/")[0], download.roster
    owner = download.owner_of(upload.who.fallback)
    if not team or not roster or not owner:
        return [upload]
    groups = roster.by_id[owner].groups
    group = team if owner in roster.members(team) else groups[0] if len(groups) == 1 else ""
    members = present_members(group, roster)
    return for_members(upload, group, members, owner) if members else [upload]


def _is_own(path: Sequence[str]) -> bool:
    """Whether it is the sheet of grades."""
    return len(path) == 1 and path[0].lower().endswith((".xlsx", ".xls", ".csv"))


HOST = Host("as ILIAS writes", _writes, _read, _is_own)
