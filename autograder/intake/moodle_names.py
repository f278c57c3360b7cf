"""Reads the names in front of the numbers of a Moodle archive: `Jane Doe`, or `Team 1-Jane Doe` where groups are used.

A name can hold a `-`, too, and both are one text. So a group is taken off only where the roster or the whole archive
says that it is one.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from autograder.roster.roster import Roster

MOODLE = re.compile(r"(?P<name>[^_]*)_(?P<number>\d+)_assignsubmission_(?P<plugin>[a-z]+)_?(?P<file>.*)", re.DOTALL)
NO_TEAM = re.compile(r"[^_]*_assignsubmission_[a-z]+_?.*", re.DOTALL)
SIGN = "_assignsubmission_"


def without_group(name: str, names: Collection[str], roster: Roster | None) -> Iterator[str]:
    """What may be the student's own name behind a group's. names: all that stand in the archive."""
    if roster is None or "-" not in name:
        return
    parts = name.split("-")
    for cut in range(1, len(parts)):
        group, student = "-".join(parts[:cut]), "-".join(parts[cut:]).strip()
        if set(roster.members(group)) & set(roster.owners("name", student)):
            yield student
    if _all_have_groups(names, roster):
        yield name.partition("-")[2].strip()


def _all_have_groups(names: Collection[str], roster: Roster) -> bool:
    """Whether no name is in the roster as it stands, and two or more are without their part before the first `-`."""
    behind = [name.partition("-")[2].strip() for name in names]
    as_they_stand = any(roster.owners("name", name) for name in names)
    return not as_they_stand and sum(bool(roster.owners("name", name)) for name in behind) > 1
