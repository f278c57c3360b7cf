"""Reads who handed in which files from the names that Canvas, Moodle, Gradescope and plain folders give.

Canvas: see `canvas_names`.
Moodle: `FULL NAME_NUMBER_assignsubmission_file_/FILE`, or the same without the folder. The number is the student's in
this assignment; where Moodle hides names, the name is the word for a participant.
Gradescope: `submission_metadata.yml` beside `submission_N/FILE`.  Folders: `STUDENT/ASSIGNMENT/FILE`, or flat.
The part that the host writes comes first, so that what a student calls a file decides nothing. `layout_kinds` decides
the layout.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from autograder.errors import MalformedError
from autograder.intake.canvas_names import is_anonymous, readings
from autograder.intake.entries import CHECKPOINTS, WORK, Budget, Entry, Kind, Problem, is_junk
from autograder.intake.gradescope_metadata import METADATA, read_metadata
from autograder.intake.layout_kinds import MOODLE, MOODLE_SIGN, gradescope_list
from autograder.intake.moodle_names import without_group
from autograder.intake.received import RECORD, TIMESTAMP
from autograder.intake.submissions import EARLIER
from autograder.roster.roster import Identity, Roster, safe_name

# What Moodle writes in the place of a name that it hides, in some of its languages.
_PARTICIPANT = frozenset(
    "participant participante partecipante participants teilnehmer teilnehmer/in teilnehmer-in teilnehmer*in "
    "teilnehmerin deelnemer deltager deltaker deltagare osallistuja uczestnik účastník résztvevő участник учасник "
    "συμμετέχων katılımcı 参加者 参与者 參與者 참가자 المشارك".split()
)


@dataclass(frozen=True, slots=True)
class Upload:
    """The files that one student handed in. label: to show.  files: (the student's own name of it, the entry).

    assignment: as a folder says it, or "".  received: by the host's clock, or None.  late: by the host, or None.
    named_by_host: whether a host or a folder says whose they are; else only the name of the file does.
    """

    label: str
    who: Identity
    files: tuple[tuple[str, Entry], ...]
    assignment: str = ""
    received: datetime | None = None
    late: bool | None = None
    named_by_host: bool = True


@dataclass(frozen=True, slots=True)
class _Piece:
    """One file, and what its name says."""

    who: Identity
    file: str
    entry: Entry
    label: str
    assignment: str = ""
    late: bool | None = None


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
    anonymous = _hides_names(kind, real)
    people = {(match["name"], match["number"]) for e in real if (match := MOODLE.fullmatch(e.parts[0]))}
    names = {name for name, _ in people}
    folders = Counter(safe_name(name).casefold() for name, _ in people)
    for entry in (*real, *_only_checkpoints(entries, {e.parts[0] for e in real})):
        try:
            if kind == "canvas":
                pieces.append(_canvas_piece(entry, roster, anonymous=anonymous))
            elif kind == "moodle":
                pieces.append(_moodle_piece(entry, names, roster, folders, anonymous=anonymous))
            elif piece := _folder_piece(entry, assignments):
                pieces.append(piece)
            else:
                continue
        except MalformedError as error:
            problems.append(Problem(entry.name, error.advice))
        handled.add(entry.parts[0])
    return _grouped(pieces), [*problems, *_without_work(entries, handled)]


def _only_checkpoints(entries: Sequence[Entry], handled: set[str]) -> list[Entry]:
    """Jupyter's own copies below names that have no other file: the student did hand in something."""
    copies = [e for e in entries if CHECKPOINTS in e.parts[1:] and e.parts[0] not in handled]
    places = [(e, e.parts.index(CHECKPOINTS)) for e in copies]
    return [replace(e, parts=(*e.parts[:i], "/".join(e.parts[i:]))) for e, i in places if not is_junk(e.parts[:i])]


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
            named_by_host=group[0].label != group[0].entry.name or len(group[0].entry.parts) > 1,
        )
        for (who, assignment), group in groups.items()
    ]


def _canvas_piece(entry: Entry, roster: Roster | None, *, anonymous: bool) -> _Piece:
    """The user and the mark are of one reading. Raises MalformedError where two hold, and no roster tells which."""
    ways = readings(entry.parts[0]) if len(entry.parts) == 1 else ()
    if anonymous:
        ways = tuple(way for way in ways if way.anonymous)
    if not ways:
        raise MalformedError("expected a name as in a Canvas archive, NAME_USER_ATTACHMENT_FILE")
    if len(ways) > 1:
        known = tuple(way for way in ways if roster and ("canvas_id", way.user.casefold()) in roster.index)
        if len(known) != 1:
            raise MalformedError(
                f"its name can be of the Canvas users {' or '.join(way.user for way in ways[:5])}",
                hint="a roster with the column canvas_id",
            )
        ways = known
    user = ways[0].user
    return _Piece(Identity((("canvas_id", user),), user), ways[0].file, entry, f"Canvas user {user}", late=ways[0].late)


def _moodle_piece(
    entry: Entry, names: Collection[str], roster: Roster | None, folders: Mapping[str, int], *, anonymous: bool
) -> _Piece:
    """folders: how many people would have each folder, in small letters: then the number tells them apart."""
    match = MOODLE.fullmatch(entry.parts[0])
    if not match:
        raise MalformedError("expected a name as in a Moodle archive, FULL NAME_NUMBER_assignsubmission_file_…")
    file = "/".join(entry.parts[1:]) or match["file"]
    numbered = anonymous or folders[safe_name(match["name"]).casefold()] > 1
    folder = f"{match['name']} {match['number']}" if numbered else match["name"]
    people = (match["name"], *without_group(match["name"], names, roster))
    keys = (("moodle_id", match["number"]), *(("name", name) for name in dict.fromkeys(people)))
    who = Identity(keys, safe_name(folder))
    return _Piece(who, file, entry, f"{match['name']} ({match['number']})")


def _hides_names(kind: Kind, entries: Sequence[Entry]) -> bool:
    """Whether the host hides whose work it is. Moodle then writes one and the same word in front of each number."""
    tops = {e.parts[0] for e in entries}
    if kind != "moodle":
        return kind == "canvas" and is_anonymous(tops)
    people = {(match["name"].strip().casefold(), match["number"]) for top in tops if (match := MOODLE.fullmatch(top))}
    names = {name for name, _ in people}
    return len(names) == 1 and (len(people) > 1 or names <= _PARTICIPANT)


def _folder_piece(entry: Entry, assignments: Sequence[str]) -> _Piece | None:
    """None for a file that a grader put beside a submission, for an earlier attempt, and for what lies too deep."""
    parts = entry.parts
    if parts[-1] in {TIMESTAMP, RECORD} or EARLIER in parts[2:3]:
        return None
    if MOODLE_SIGN in parts[0]:
        raise MalformedError("expected a folder that is called as a student, got a name as Moodle writes")
    if len(parts) > 3 and not parts[-1].lower().endswith(WORK):
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
    return Identity((("id", student), ("email", student), ("github", student)), student)


def _gradescope(entries: Sequence[Entry]) -> tuple[list[Upload], list[Problem]]:
    """A submission of a group is each member's."""
    metadata = gradescope_list(entries)
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
