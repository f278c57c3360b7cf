"""Canvas's *Download Submissions*: `NAME[_LATE]_USER_ATTACHMENT_FILE`, see `canvas_names`.

In a group assignment the group's name stands in front, with the number of one member; students of no group come under
their own names in the same archive. A name of the roster's groups counts as one if the number is a member's, or if the
roster has no number of any member. If two members handed in, the file with the highest number is the newest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from autograder.errors import MalformedError
from autograder.intake.canvas_names import CanvasName, is_anonymous, readings
from autograder.intake.entries import Entry
from autograder.intake.hosts.group_work import for_members, present_members
from autograder.intake.hosts.uploads import Download, Host, Piece, Upload, Uploads, gathered
from autograder.roster.roster import Identity, Roster


def _writes(name: str, is_file: bool, _: Download) -> bool:
    return is_file and bool(readings(name))


def _read(entries: Sequence[Entry], download: Download) -> Uploads:
    anonymous = is_anonymous({e.parts[0] for e in entries})
    uploads, problems = gathered(entries, partial(_piece, download.roster, anonymous))
    roster = download.roster
    return list(_with_groups(uploads, roster, anonymous) if roster else uploads), problems


def _piece(roster: Roster | None, anonymous: bool, entry: Entry) -> Piece:
    way = _way(roster, anonymous, entry)
    keys = (("canvas_id", way.user),)
    head = Upload(f"Canvas user {way.user}", Identity(keys, way.user), identity=keys, person=way.user)
    return Piece(head, way.file, entry, way.late)


def _way(roster: Roster | None, anonymous: bool, entry: Entry) -> CanvasName:
    """The user and the mark are of one reading. Raises MalformedError where two hold, and no roster tells which."""
    ways = readings(entry.parts[0]) if len(entry.parts) == 1 else ()
    if anonymous:
        ways = tuple(way for way in ways if way.anonymous)
    if not ways:
        raise MalformedError("expected a name as in a Canvas archive, NAME_USER_ATTACHMENT_FILE")
    if len(ways) == 1:
        return ways[0]
    known = tuple(way for way in ways if roster and roster.owners("canvas_id", way.user))
    if len(known) != 1:
        raise MalformedError(
            f"its name can be of the Canvas users {' or '.join(way.user for way in ways[:5])}",
            hint="a roster with the column canvas_id",
        )
    return known[0]


def _with_groups(uploads: Sequence[Upload], roster: Roster, anonymous: bool) -> Iterator[Upload]:
    """The uploads, of which a group's is each member's."""
    groups: dict[tuple[str, ...], list[tuple[Upload, str]]] = {}
    for upload in uploads:
        group = "" if anonymous else _group(upload, roster)
        if group:
            groups.setdefault(present_members(group, roster), []).append((upload, group))
        else:
            yield upload
    for members, handed_in in groups.items():
        upload, group = max(handed_in, key=lambda pair: _newest_file(pair[0]))
        if len(handed_in) > 1:
            upload = replace(upload, remarks=(f"the group handed in {len(handed_in)} times: the newest was taken",))
        owner = "".join(roster.owners("canvas_id", upload.person))
        yield from for_members(upload, group, members, owner)


def _group(upload: Upload, roster: Roster) -> str:
    """The group of the roster in whose name the upload is, or ""."""
    way = next(way for way in readings(upload.files[0][1].parts[0]) if way.user == upload.person)
    everyone = roster.members(way.person)
    owners = roster.owners("canvas_id", upload.person)
    is_members = bool(set(owners) & set(everyone))
    numberless = not owners and not any(roster.by_id[student].canvas_id for student in everyone)
    return way.person if present_members(way.person, roster) and (is_members or numberless) else ""


def _newest_file(upload: Upload) -> int:
    """The highest number of its files. Canvas counts upwards."""
    names = (readings(entry.parts[0]) for _, entry in upload.files)
    numbers = (way.attachment for ways in names for way in ways if way.user == upload.person)
    return max((int(number[:20]) for number in numbers if number), default=0)


HOST = Host("as Canvas writes", _writes, _read)
