"""A group's work is each member's. Only a roster with the column `groups` can say who the members are.

A student can choose the name that a host shows. So a group's name counts only where nothing else says whose work it is,
or where the host's number in front of it is a member's; and `collect` names the group, for a person to look at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from autograder.intake.hosts.uploads import Upload
from autograder.roster.roster import Identity, Roster


def present_members(group: str, roster: Roster | None) -> tuple[str, ...]:
    """The ids of a group's members who did not leave the class."""
    everyone = roster.members(group) if roster and group else ()
    return tuple(student for student in everyone if roster and not roster.by_id[student].withdrawn)


def for_members(upload: Upload, group: str, members: Sequence[str], owner: str = "") -> list[Upload]:
    """The upload of each member. owner: the member whom the host's number names; the others have no identity there."""
    remark = f"it is the work of the group {group[:60]!r}: it counts for {', '.join(members)}"
    return [
        replace(
            upload,
            who=Identity((("id", student),), student),
            identity=upload.identity if student == owner else (),
            remarks=(*upload.remarks, remark) if student == members[0] else (),
        )
        for student in members
    ]
