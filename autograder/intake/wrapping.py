"""Looks through the folders around all of a host's download: `submissions/`, or `submissions/submissions/`.

A folder can also be the only student's of a class, who chose every name in it: with the host's names there, the student
would say whose work it is and when it came. So the folder is looked through only if it is no student's. The roster says
that. Without a roster, a student's folder is called by an id. So a name that cannot be an id, the name of an
assignment, or a word for work that no id has, is safe: the teacher or the host called it so. The one case that is left,
a name that may be an id, ends in one line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from autograder.errors import MalformedError
from autograder.intake.assignment_names import meant_assignment
from autograder.intake.entries import Entry, Kind, is_junk
from autograder.intake.hosts.gradescope_layout import gradescope_list
from autograder.intake.hosts.uploads import Download
from autograder.intake.layout_kinds import HOSTS, kind_of
from autograder.roster.roster import is_folder_name

MOST_FOLDERS = 3  # around a download
_LISTS = (".xlsx", ".xls", ".csv")  # how a host's list beside the only folder ends
# Long words only: `hw12` and `lab3` can be a person's initials, `ilias`, `sakai` and `weeks` are people's names.
_WORK = re.compile(
    r"(?<![a-z])(?:submission|download|export|archive|gradebook|canvas|moodle|blackboard|brightspace|classroom|student|"
    r"assignment|homework|exercise|project|problem|midterm|abgabe|abgaben|einreichung|einreichungen|aufgabe|aufgaben|"
    r"multi_?feedback)s?\d*(?![a-z])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Opened:
    """What lies in the folders around. kind: of it.  download: with these folders in `around`.  taken_off: how many."""

    entries: Sequence[Entry]
    kind: Kind
    download: Download
    taken_off: int = 0


def opened(entries: Sequence[Entry], download: Download) -> Opened:
    """The entries without the folders around a host's download, or as they are. Raises MalformedError."""
    here = Opened(entries, kind_of(entries, download), download)
    each = here
    while each.kind == "folder" and each.taken_off < MOST_FOLDERS:
        top, inside = _only_folder(each.entries)
        if top is None:
            return here
        around = replace(each.download, around=(*each.download.around, top))
        listed = gradescope_list(inside)
        if listed and len(listed.parts) == 1:
            return here  # the list without Gradescope's own folder can be a student's file
        each = Opened(inside, kind_of(inside, around), around, each.taken_off + 1)
    if each.kind == "folder":
        return here
    for top in each.download.around[len(download.around) :]:
        if _is_students(top, download):
            return here
        _require_no_id(top, each.kind, download)
    return each


def _only_folder(entries: Sequence[Entry]) -> tuple[str | None, Sequence[Entry]]:
    """The only folder at the top and what lies in it; None if there are more, or files that are no list."""
    real = [e for e in entries if not is_junk(e.parts)]
    tops = {e.parts[0] for e in real if len(e.parts) > 1}
    files = [e for e in real if len(e.parts) == 1]
    if len(tops) != 1 or not all(e.name.lower().endswith(_LISTS) for e in files):
        return None, entries
    (top,) = tops
    return top, [replace(e, parts=e.parts[1:]) for e in entries if e.parts[0] == top and len(e.parts) > 1]


def _is_students(top: str, download: Download) -> bool:
    """Whether a folder is called as a student of the roster."""
    roster = download.roster
    return roster is not None and any(roster.owners(column, top) for column in ("id", "email", "github"))


def _require_no_id(top: str, kind: Kind, download: Download) -> None:
    """Raises MalformedError if, without a roster, the folder can be a student's."""
    is_work = _WORK.search(top) or meant_assignment(top, download.assignments)
    if download.roster or is_work or not is_folder_name(top):
        return
    raise MalformedError(
        f"expected the layout of one host, got signs of two: one folder at the top, {top[:60]!r} (of a student), "
        f"and in it names {HOSTS[kind].names}",
        hint="give --roster, or collect the folder inside",
    )
