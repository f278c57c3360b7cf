"""Brightspace's download of an assignment: `USER-FOLDER - Jane Doe - Nov 27, 2026 1011 AM/FILE`, a folder an attempt.

The number of the user is Brightspace's own, which no roster has; so the name says whose work it is. Some schools have
`23304308 Doe` or `jdoe Jane Doe` there. A group's name stands in its place, or in front of the name with ` - `. Some
versions write `… - FILE` instead of a folder. Beside them lies `index.html`, which is not read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial

from autograder.errors import MalformedError
from autograder.intake.boundary import hostile
from autograder.intake.entries import Entry
from autograder.intake.hosts.group_work import for_members, present_members
from autograder.intake.hosts.host_dates import can_be_date, read_date
from autograder.intake.hosts.uploads import (
    Download,
    Host,
    Keys,
    Piece,
    Upload,
    Uploads,
    gathered,
    named_people,
    with_zone_remark,
)
from autograder.roster.roster import Identity, Roster, key_of
from autograder.times import beginning

_NAME = re.compile(r"(?P<number>\d+)-\d+ - (?P<middle>.+)", re.DOTALL | re.ASCII)
_BETWEEN = " - "


@dataclass(frozen=True, slots=True)
class _Named:
    """What a name says. who: a person or a group, as Brightspace calls them.  date: as it stands there."""

    number: str
    who: str
    date: str
    file: str = ""


def _writes(name: str, is_file: bool, _: Download) -> bool:
    match = _NAME.fullmatch(name)
    parts = match["middle"].split(_BETWEEN) if match else []
    return any(map(can_be_date, parts[1:-1] if is_file else parts[1:][-1:]))


def _named(entry: Entry) -> _Named:
    """Raises MalformedError. The last date of a folder is Brightspace's; in front of a file there must be only one."""
    match = _NAME.fullmatch(entry.parts[0])
    parts = match["middle"].split(_BETWEEN) if match else []
    last = len(parts) - 1
    dates = [last] if len(entry.parts) > 1 else [i for i in range(1, last) if can_be_date(parts[i])]
    if not match or len(dates) != 1 or dates[0] < 1:
        raise MalformedError("expected a name as Brightspace writes it, USER-FOLDER - NAME - DATE")
    at = dates[0]
    file = "/".join(entry.parts[1:]) or _BETWEEN.join(parts[at + 1 :])
    return _Named(match["number"], _BETWEEN.join(parts[:at]), parts[at], file)


def _read(entries: Sequence[Entry], download: Download) -> Uploads:
    real = [e for e in entries if not _is_own(e.parts)]
    people = set()
    for entry in real:
        if _writes(entry.parts[0], len(entry.parts) == 1, download):
            named = _named_or_none(entry)
            people |= {(named.who, named.number)} if named else set()
    identify = partial(_identity, download, named_people(people), _have_numbers({who for who, _ in people}, download))
    uploads, problems = gathered(real, partial(_piece, download, identify))
    dated = with_zone_remark(uploads, download)
    return [each for upload in dated for each in _of_members(upload, download.roster)], problems


def _named_or_none(entry: Entry) -> _Named | None:
    try:
        return _named(entry)
    except MalformedError:
        return None


def _piece(download: Download, identify: Callable[[_Named], tuple[Identity, Keys]], entry: Entry) -> Piece:
    named = _named(entry)
    when = read_date(named.date)
    who, keys = identify(named)
    head = Upload(
        f"{named.who}{_BETWEEN}{named.date}",
        who,
        identity=keys,
        person=f"{named.number} {named.who}",
        received=_received(when, download) if when else None,
        remarks=() if when else (f"its time was not understood: {named.date[:60]!r}",),
    )
    return Piece(head, named.file, entry)


def _received(when: datetime, download: Download) -> datetime:
    with hostile("a time that exists"):
        return beginning(when, download.zone or UTC)


def _have_numbers(names: Collection[str], download: Download) -> bool:
    """Whether the school puts a number or a login in front of every name. One student's name alone shows nothing."""
    first = [name.partition(" ")[0] for name in names if " " in name]
    alike = all(download.owner_of(word) for word in first) or all(re.search(r"\d", word) for word in first)
    return 1 < len(names) == len(first) and alike


def _identity(
    download: Download,
    folder: Callable[[str, str], str],
    have_numbers: bool,
    named: _Named,
) -> tuple[Identity, Keys]:
    """What the roster can know of the name, and what to record of it."""
    word, _, rest = named.who.partition(" ")
    owner = download.owner_of(word) if rest else ""
    keys: Keys = (("name", named.who),)
    if owner and download.roster and (have_numbers or _is_part_of(rest, download.roster.name_of(owner))):
        keys = (*keys, ("id", owner))
    known = have_numbers or len(keys) > 1
    record: Keys = (("name", rest), ("sis_id", word)) if known else (("name", named.who),)
    return Identity(keys, folder(named.who, named.number)), record


def _is_part_of(words: str, name: str) -> bool:
    return bool(words) and set(key_of(words).split()) <= set(key_of(name).replace(",", " ").split())


def _of_members(upload: Upload, roster: Roster | None) -> list[Upload]:
    """Each member's, if a group handed it in."""
    name = dict(upload.who.keys)["name"]
    group = _group(name, roster) if roster and not roster.owners("name", name) else ""
    members = present_members(group, roster)
    number = upload.person.partition(" ")[0]
    return for_members(replace(upload, person=number), group, members) if members else [upload]


def _group(name: str, roster: Roster) -> str:
    """The group of the roster that the name is, or that stands in front of a member's name; else ""."""
    parts = name.split(_BETWEEN)
    for cut in range(1, len(parts)):
        group, member = _BETWEEN.join(parts[:cut]), _BETWEEN.join(parts[cut:])
        if set(roster.members(group)) & set(roster.owners("name", member)):
            return group
    return name


def _is_own(path: Sequence[str]) -> bool:
    return path == ("index.html",)


HOST = Host("as Brightspace writes", _writes, _read, _is_own)
