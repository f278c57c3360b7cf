"""Tells which host arranged a download, by the names at the top alone. The host or the teacher wrote them, no student.

What a student puts below such a name, or calls a file, decides nothing, however many files it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from autograder.errors import MalformedError
from autograder.intake.canvas_names import readings, share_a_number
from autograder.intake.entries import Entry, Kind, is_junk
from autograder.intake.gradescope_metadata import METADATA
from autograder.roster.roster import Roster

MOODLE = re.compile(r"(?P<name>[^_]*)_(?P<number>\d+)_assignsubmission_(?P<plugin>[a-z]+)_?(?P<file>.*)", re.DOTALL)
MOODLE_SIGN = "_assignsubmission_"
_BLACKBOARD = re.compile(r".+_attempt_\d{4}(?:-\d\d){5}(?:[_.].*)?", re.DOTALL)
_EXPORT = re.compile(r"assignment_\d+_export(?: ?\(\d+\))?")  # a browser adds ` (1)` to a second download
_GRADESCOPE_FOLDER = re.compile(r"submission_\d+")
_NAMES: Mapping[Kind, str] = {
    "canvas": "as Canvas writes",
    "moodle": "as Moodle writes",
    "gradescope": "as Gradescope writes",
    "folder": "of students",
}


def unwrapped(entries: Sequence[Entry], roster: Roster | None) -> Sequence[Entry]:
    """The entries without one folder around all of a host's download, or the same entries if there is none.

    Raises MalformedError without a roster: then the folder can be a student's, who chose the names in it.
    """
    tops = {e.parts[:1] for e in entries if not is_junk(e.parts)}
    inside = [replace(e, parts=e.parts[1:]) for e in entries if e.parts[:1] in tops and len(e.parts) > 1]
    if len(tops) != 1 or len(inside) < sum(e.parts[:1] in tops for e in entries):
        return entries
    ((top,),) = tops
    if _EXPORT.fullmatch(top) or (roster and any((c, top.casefold()) in roster.index for c in ("id", "email"))):
        return entries
    metadata = gradescope_list(inside)
    if metadata and len(metadata.parts) == 1:
        return entries  # the list without Gradescope's own folder can be a student's file
    kind = kind_of(inside)
    if kind != "folder" and roster is None:
        raise MalformedError(
            f"expected the layout of one host, got signs of two: one folder at the top, {top[:60]!r} (of a student), "
            f"and in it names {_NAMES[kind]}",
            hint="give --roster, or collect the folder inside",
        )
    return entries if kind == "folder" else inside


def upload_depth(kind: Kind, entries: Sequence[Entry]) -> int:
    """How many parts of a path say whose upload it is."""
    metadata = gradescope_list(entries) if kind == "gradescope" else None
    return len(metadata.parts) if metadata else 1


def kind_of(entries: Sequence[Entry]) -> Kind:
    """Raises MalformedError where the names are signs of two layouts, or of a host that we do not read."""
    tops = {e.parts[0]: len(e.parts) == 1 for e in entries if not is_junk(e.parts[:1])}  # whether it is a file
    if metadata := gradescope_list(entries):
        if _is_all_gradescope(tops, metadata):
            return "gradescope"
        raise _conflict(
            f"{metadata.name} (an export of Gradescope)", f"{len(tops)} names at the top ({_NAMES[_most(tops)]})"
        )
    kind = _most(tops)
    if kind == "folder" or (kind == "canvas" and all(map(_BLACKBOARD.fullmatch, tops))):
        _require_no_blackboard(tops)
    counts = _counts(tops)
    if kind == "folder" and 2 * sum(counts.values()) > len(tops):
        raise _conflict(*(f"{counts[k]} names at the top ({_NAMES[k]})" for k in counts))
    if kind == "canvas" and counts["canvas"] < len(tops):
        other = next(name for name, is_file in tops.items() if not (is_file and readings(name)))
        raise MalformedError(
            f"expected all names at the top as Canvas writes them, got {other[:60]!r}",
            hint="collect each download from a folder of its own",
        )
    return kind


def _counts(tops: Mapping[str, bool]) -> dict[Kind, int]:
    moodle = {name for name in tops if MOODLE.fullmatch(name)}
    canvas = {name for name, is_file in tops.items() if is_file and name not in moodle and readings(name)}
    return {"moodle": len(moodle), "canvas": 0 if share_a_number(canvas) else len(canvas)}


def _most(tops: Mapping[str, bool]) -> Kind:
    """The host that wrote more than half of the names, or "folder"."""
    counts = _counts(tops)
    most = max(counts, key=lambda kind: counts[kind])
    return most if 2 * counts[most] > len(tops) else "folder"


def _require_no_blackboard(tops: Mapping[str, bool]) -> None:
    name = next((name for name in tops if _BLACKBOARD.fullmatch(name)), None)
    if name:
        raise MalformedError(
            f"expected an archive of Canvas, Moodle or Gradescope, got names as Blackboard writes them: {name[:60]!r}",
            hint="put each notebook into STUDENT/ASSIGNMENT/, and collect the folder",
        )


def _is_all_gradescope(tops: Mapping[str, bool], metadata: Entry) -> bool:
    """Whether the folder that holds the list is all there is, or most of what lies beside the list is its folders."""
    if len(metadata.parts) == 2:
        return len(tops) == 1
    folders = sum(not is_file and _GRADESCOPE_FOLDER.fullmatch(name) is not None for name, is_file in tops.items())
    return 2 * folders > len(tops) - 1 or len(tops) == 1


def _conflict(*signs: str) -> MalformedError:
    return MalformedError(
        f"expected the layout of one host, got signs of two: {' and '.join(signs)}",
        hint="collect each download from a folder of its own",
    )


def gradescope_list(entries: Sequence[Entry]) -> Entry | None:
    """What can be Gradescope's list of submissions: at the top, or in the folder of an export."""
    lists = [e for e in entries if e.parts[-1] == METADATA and _is_export(e.parts[:-1])]
    return min(lists, key=lambda e: len(e.parts), default=None)


def _is_export(folder: Sequence[str]) -> bool:
    return not folder or (len(folder) == 1 and _EXPORT.fullmatch(folder[0]) is not None)
