"""GitHub Classroom's and Classroom 50's downloads: a repository each, in a folder `PREFIX-USER`.

Often `PREFIX-submissions` stands around them. The prefix is the assignment's name there, which need not be its name
here. Without the folder around, the prefix counts if the roster knows users behind it, or if it is an assignment's
name. A user who accepts an assignment twice gets `PREFIX-USER-1`. A team has its own name in the place of the user.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import partial

from autograder.errors import MalformedError
from autograder.intake.assignment_names import meant_assignment
from autograder.intake.entries import WORK, Entry
from autograder.intake.hosts.group_work import for_members, present_members
from autograder.intake.hosts.uploads import Download, Host, Piece, Upload, Uploads, common_starts, gathered
from autograder.roster.roster import Identity, Roster

_AROUND = "-submissions"
_AGAIN = re.compile(r"(.+)-\d{1,2}", re.DOTALL | re.ASCII)


def prefix_of(tops: Collection[str], download: Download) -> str:
    """What stands in front of each user, with its `-`; "" if the folders are not such a download.

    tops: the names of the folders.
    """
    prefixes = _prefixes(tops)
    around = f"{download.around[-1].removesuffix(_AROUND)}-" if download.around else ""
    if around in prefixes and download.around[-1].endswith(_AROUND):
        return around
    if any(_is_known(top, download.roster) for top in tops):
        return ""
    known = {p: sum(_is_known(top.removeprefix(p), download.roster) for top in tops) for p in prefixes}
    best = max(prefixes, key=lambda p: known[p], default="")
    if best and 2 * known[best] > len(tops):
        return best
    named = [p for p in prefixes if meant_assignment(p[:-1], download.assignments)]
    return named[-1] if named else ""


def _prefixes(tops: Collection[str]) -> list[str]:
    """What all names can begin with, the shortest first. `PREFIX-submissions` is a folder around users, and no user."""
    return [] if any(top.endswith(_AROUND) for top in tops) else common_starts(tops, "-")


def _is_known(user: str, roster: Roster | None) -> bool:
    return bool(_owner(user, roster)) or bool(roster and roster.members(user))


def _owner(user: str, roster: Roster | None) -> str:
    """The student of the roster with this user name, or with the one before a `-1`; "" if there is none."""
    match = _AGAIN.fullmatch(user)
    names = (user, match[1]) if match else (user,)
    return next((owner for name in names if (owner := _exact_owner(name, roster))), "")


def _exact_owner(user: str, roster: Roster | None) -> str:
    """By the column `github`; by the id only where it has no user name of that student: users choose their own."""
    if roster is None:
        return ""
    by_id = [s for column in ("id", "email") for s in roster.owners(column, user) if not roster.by_id[s].github]
    return next(iter((*roster.owners("github", user), *by_id)), "")


def _read(entries: Sequence[Entry], download: Download) -> Uploads:
    tops = {e.parts[0] for e in entries if len(e.parts) > 1}
    prefix = prefix_of(tops, download)
    with_work = {e.parts[0] for e in entries if _is_in_place(e.parts, download) and e.parts[-1].lower().endswith(WORK)}
    uploads, problems = gathered(entries, partial(_piece, prefix, with_work, download))
    return [each for upload in uploads for each in _of_members(upload, download.roster)], problems


def _is_in_place(parts: Sequence[str], download: Download) -> bool:
    """Whether a file lies at the top of its repository, or in a folder that is called as an assignment."""
    inside = parts[1:-1]
    return not inside or (len(inside) == 1 and bool(meant_assignment(inside[0], download.assignments)))


def _piece(prefix: str, with_work: Collection[str], download: Download, entry: Entry) -> Piece | None:
    """None for settings such as `.github/`, and for other folders of a repository that has work in its place."""
    top, *inside = entry.parts
    if not inside:
        raise MalformedError(f"expected a folder {prefix}USER for each student, got a file")
    in_place = _is_in_place(entry.parts, download)
    if any(part.startswith(".") for part in inside[:-1]) or (top in with_work and not in_place):
        return None
    user = top.removeprefix(prefix)
    assignment = inside[0] if in_place and len(inside) > 1 else ""
    keys = (("github", user),)
    head = Upload(top, Identity(keys, user), identity=keys, person=top, assignment=assignment)
    return Piece(head, inside[-1] if assignment else "/".join(inside), entry)


def _of_members(upload: Upload, roster: Roster | None) -> list[Upload]:
    """The upload of the user; of the one before a `-1`, with a remark; or of each member of a team."""
    user, owner = upload.who.fallback, _owner(upload.who.fallback, roster)
    exact = owner == _exact_owner(user, roster)
    members = present_members(user, roster)
    if members and not (owner and exact):
        return for_members(upload, user, members)
    if not owner:
        return [upload]
    remarks = () if exact else (f"it was taken for a second repository of {owner}",)
    return [replace(upload, who=Identity((("id", owner),), owner), remarks=(*upload.remarks, *remarks))]


HOST = Host("as GitHub Classroom writes", lambda *_: False, _read)
