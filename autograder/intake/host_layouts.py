"""Reads who handed in which files from the names that Canvas, Moodle, Gradescope and plain folders give.

Canvas (its lib/content_zipper.rb): `NAME[_LATE]_USER_ATTACHMENT_FILE`, or `[LATE_]anon_XXXXX_ATTACHMENT_FILE`; what was
typed into a box is `…_USER_text.html`.
Moodle: `FULL NAME_NUMBER_assignsubmission_file_/FILE`, or the same without the folder. The number is the assignment's.
Gradescope: `submission_metadata.yml` beside `submission_N/FILE`.  Folders: `STUDENT/ASSIGNMENT/FILE`, or flat.
The part that the host writes comes first, so that what a student calls a file decides nothing. The layout is decided by
the names at the top alone, which no student gives.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from autograder.errors import MalformedError
from autograder.intake.entries import Budget, Entry, Kind, Problem, is_junk
from autograder.intake.gradescope_metadata import METADATA, read_metadata
from autograder.intake.received import RECORD, TIMESTAMP
from autograder.intake.roster import Identity, Roster, safe_name
from autograder.intake.submissions import EARLIER

_CANVAS = re.compile(r"(?P<name>.*?)(?P<late>_LATE)?_(?P<user>\d+)_(?P<attachment>\d+)_(?P<file>.+)", re.DOTALL)
_CANVAS_ANONYMOUS = re.compile(
    r"(?P<late>LATE_)?(?P<user>anon_[A-Za-z0-9]+)_(?P<attachment>\d+)_(?P<file>.+)", re.DOTALL
)
_CANVAS_TEXT = re.compile(r"(?P<name>.*?)(?P<late>_LATE)?_(?P<user>\d+)_(?P<file>(?:text|link)\.html)", re.DOTALL)
_MOODLE = re.compile(r"(?P<name>[^_]*)_(?P<number>\d+)_assignsubmission_(?P<plugin>[a-z]+)_?(?P<file>.*)", re.DOTALL)
_GRADESCOPE = re.compile(r"assignment_\d+_export")
_GRADESCOPE_FOLDER = re.compile(r"submission_\d+")
_NAMES: Mapping[Kind, str] = {"canvas": "as Canvas writes", "moodle": "as Moodle writes", "folder": "of students"}


@dataclass(frozen=True, slots=True)
class Upload:
    """The files that one student handed in. label: to show.  files: (the student's own name of it, the entry).

    assignment: as a folder says it, or "".  received: by the host's clock, or None.  late: by the host, or None.
    """

    label: str
    who: Identity
    files: tuple[tuple[str, Entry], ...]
    assignment: str = ""
    received: datetime | None = None
    late: bool | None = None


@dataclass(frozen=True, slots=True)
class _Piece:
    """One file, and what its name says."""

    who: Identity
    file: str
    entry: Entry
    label: str
    assignment: str = ""
    late: bool | None = None


def kind_of(entries: Sequence[Entry]) -> Kind:
    """By the names at the top alone, each counted once: the host or the teacher wrote them, no student did.

    What a student puts below such a name decides nothing, however many files it is. Raises MalformedError where the
    names are signs of two layouts.
    """
    tops = {e.parts[0]: len(e.parts) == 1 for e in entries if not is_junk(e.parts[:1])}  # whether it is a file
    counts: dict[Kind, int] = {"moodle": 0, "canvas": 0}
    for name, is_file in tops.items():
        if _MOODLE.fullmatch(name):
            counts["moodle"] += 1
        elif is_file and _canvas(name):
            counts["canvas"] += 1
    most = max(counts, key=lambda kind: counts[kind])
    hosts = sum(counts.values())
    kind: Kind = most if 2 * counts[most] > len(tops) else "folder"
    if metadata := _gradescope_list(entries):
        if _is_all_gradescope(tops, metadata):
            return "gradescope"
        raise _conflict(f"{metadata.name} (an export of Gradescope)", f"{len(tops)} names at the top ({_NAMES[kind]})")
    if kind == "folder" and 2 * hosts > len(tops):
        raise _conflict(*(f"{counts[k]} names at the top ({_NAMES[k]})" for k in counts))
    return kind


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


def read_layout(
    kind: Kind, entries: Sequence[Entry], assignments: Sequence[str], roster: Roster | None
) -> tuple[list[Upload], list[Problem]]:
    """The uploads, in order, and the files that belong to nobody. Raises MalformedError for the whole source."""
    real = [e for e in entries if not is_junk(e.parts)]
    if kind == "gradescope":
        return _gradescope(real)
    pieces: list[_Piece] = []
    problems: list[Problem] = []
    handled = set()
    for entry in real:
        try:
            if kind == "canvas":
                pieces.append(_canvas_piece(entry, roster))
            elif kind == "moodle":
                pieces.append(_moodle_piece(entry))
            elif piece := _folder_piece(entry, assignments):
                pieces.append(piece)
            else:
                continue
        except MalformedError as error:
            problems.append(Problem(entry.name, error.advice))
        handled.add(entry.parts[0])
    return _grouped(pieces), [*problems, *_without_work(entries, handled)]


def _without_work(entries: Sequence[Entry], handled: set[str]) -> list[Problem]:
    """The names at the top below which no student's file lies: a student who handed in no more must be listed."""
    names = dict.fromkeys(e.parts[0] for e in entries if not is_junk(e.parts[:1]))
    grader = {TIMESTAMP, RECORD}
    return [
        Problem(name, "expected a notebook, got only files of an editor, a system or a grader")
        for name in names
        if name not in handled | grader
    ]


def _grouped(pieces: Sequence[_Piece]) -> list[Upload]:
    groups: dict[tuple[Identity, str], list[_Piece]] = {}
    for piece in pieces:
        groups.setdefault((piece.who, piece.assignment), []).append(piece)
    return [
        Upload(
            group[0].label,
            who,
            tuple((p.file, p.entry) for p in group),
            assignment,
            late=None if group[0].late is None else any(p.late for p in group),
        )
        for (who, assignment), group in groups.items()
    ]


def _canvas(name: str) -> re.Match[str] | None:
    return next((m for p in (_CANVAS_ANONYMOUS, _CANVAS, _CANVAS_TEXT) if (m := p.fullmatch(name))), None)


def _canvas_piece(entry: Entry, roster: Roster | None) -> _Piece:
    """Raises MalformedError where the name can be read in two ways: `x_1_2_3_a.ipynb` is user 1's or user 2's.

    The first is a file called `3_a`, the second a person who calls herself `x_1`. Only a roster can tell.
    """
    match = _canvas(entry.parts[0]) if len(entry.parts) == 1 else None
    if not match:
        raise MalformedError("expected a name as in a Canvas archive, NAME_USER_ATTACHMENT_FILE")
    users, file = [match["user"]], match["file"]
    following = re.fullmatch(r"(\d+)_(.+)", file, re.DOTALL)
    previous = match.groupdict().get("attachment", "")
    while following:
        users.append(previous)
        previous = following[1]
        following = re.fullmatch(r"(\d+)_(.+)", following[2], re.DOTALL)
    if len(users) > 1:
        known = [u for u in users if roster and ("canvas_id", u.casefold()) in roster.index]
        if len(known) != 1:
            raise MalformedError(
                f"its name can be of the Canvas users {' or '.join(users[:5])}",
                hint="a roster with the column canvas_id",
            )
        users = known
    user = users[0]
    return _Piece(Identity((("canvas_id", user),), user), file, entry, f"Canvas user {user}", late=bool(match["late"]))


def _moodle_piece(entry: Entry) -> _Piece:
    match = _MOODLE.fullmatch(entry.parts[0])
    if not match:
        raise MalformedError("expected a name as in a Moodle archive, FULL NAME_NUMBER_assignsubmission_file_…")
    file = "/".join(entry.parts[1:]) or match["file"]
    who = Identity((("moodle_id", match["number"]), ("name", match["name"])), safe_name(match["name"]))
    return _Piece(who, file, entry, f"{match['name']} ({match['number']})")


def _folder_piece(entry: Entry, assignments: Sequence[str]) -> _Piece | None:
    """None for a file that a grader put beside a submission, and for an earlier attempt."""
    parts = entry.parts
    if parts[-1] in {TIMESTAMP, RECORD} or EARLIER in parts[2:3]:
        return None
    if len(parts) > 3:
        raise MalformedError("expected STUDENT/ASSIGNMENT/NOTEBOOK.ipynb, got a deeper folder")
    if len(parts) == 3:
        return _Piece(_named(parts[0]), parts[2], entry, f"{parts[0]}/{parts[1]}", parts[1])
    if len(parts) == 2:
        return _Piece(_named(parts[0]), parts[1], entry, parts[0])
    stem, _, ending = parts[0].rpartition(".")
    for name in sorted(assignments, key=len, reverse=True):
        if match := re.fullmatch(f"(.+)[_-]{re.escape(name)}|{re.escape(name)}[_-](.+)", stem, re.DOTALL):
            return _Piece(_named(match[1] or match[2]), parts[0], entry, parts[0], name)
    if stem in assignments:
        raise MalformedError("expected a name that says whose it is, got only the assignment's")
    return _Piece(_named(stem), f"notebook.{ending}", entry, parts[0])


def _named(student: str) -> Identity:
    return Identity((("id", student), ("email", student)), student)


def _gradescope_list(entries: Sequence[Entry]) -> Entry | None:
    """What can be Gradescope's list of submissions: at the top, or in the folder of an export."""
    lists = [e for e in entries if e.parts[-1] == METADATA and _is_export(e.parts[:-1])]
    return min(lists, key=lambda e: len(e.parts), default=None)


def _is_export(folder: Sequence[str]) -> bool:
    return not folder or (len(folder) == 1 and _GRADESCOPE.fullmatch(folder[0]) is not None)


def _gradescope(entries: Sequence[Entry]) -> tuple[list[Upload], list[Problem]]:
    """A submission of a group is each member's."""
    metadata = _gradescope_list(entries)
    assert metadata is not None, "kind_of saw it"
    depth = len(metadata.parts)
    submissions, problems = read_metadata(metadata.read(Budget()))
    refused = {problem.file for problem in problems}
    uploads = []
    folders: dict[str, list[tuple[str, Entry]]] = {name: [] for name in submissions}
    for entry in entries:
        folder = entry.parts[depth - 1]
        if len(entry.parts) > depth and folder in folders:
            folders[folder].append(("/".join(entry.parts[depth:]), entry))
        elif entry is not metadata and folder not in refused:
            problems.append(Problem(entry.name, f"{METADATA} does not name its folder"))
    for name, submission in submissions.items():
        if not submission.people:
            problems.append(Problem(name, f"{METADATA} names nobody who handed it in"))
        uploads += [Upload(name, p, tuple(folders[name]), received=submission.received) for p in submission.people]
    return uploads, problems
