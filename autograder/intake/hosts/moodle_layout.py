"""Moodle's *Download all submissions*: `FULL NAME_NUMBER_assignsubmission_file_/FILE`, or the same without the folder.

The number is the student's in this assignment. Where names are hidden, one word for a participant stands for the
name. In an assignment for teams, the team and the team's own number stand there: `TEAM_NUMBER_assignsubmission_file/`,
and `Default group_assignsubmission_file/` for students of no team (mod/assign/classes/downloader.php).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import partial

from autograder.errors import MalformedError
from autograder.intake.entries import Entry
from autograder.intake.hosts.group_work import for_members, present_members
from autograder.intake.hosts.uploads import Download, Host, Piece, Upload, Uploads, gathered, named_people
from autograder.intake.moodle_names import MOODLE, NO_TEAM, without_group
from autograder.roster.roster import Identity, Roster, safe_name

# What Moodle writes in the place of a name that it hides, in some of its languages.
_PARTICIPANT = frozenset(
    "participant participante partecipante participants teilnehmer teilnehmer/in teilnehmer-in teilnehmer*in "
    "teilnehmerin deelnemer deltager deltaker deltagare osallistuja uczestnik účastník résztvevő участник учасник "
    "συμμετέχων katılımcı 参加者 参与者 參與者 참가자 المشارك".split()
)


def _writes(name: str, _is_file: bool, _: Download) -> bool:
    return MOODLE.fullmatch(name) is not None


def _read(entries: Sequence[Entry], download: Download) -> Uploads:
    people = {(match["name"], match["number"]) for e in entries if (match := MOODLE.fullmatch(e.parts[0]))}
    if _are_teams(people, download.roster):
        uploads, problems = gathered(entries, partial(_team_piece, people, download.roster))
        return [each for upload in uploads for each in _of_members(upload, download.roster)], problems
    folder = partial(_numbered) if _hides_names(people) else named_people(people)
    names = {name for name, _ in people}

    def piece_of(entry: Entry) -> Piece:
        name, number, file = _parts(entry)
        keys = (("moodle_id", number), *(("name", each) for each in _names(name, names, download.roster)))
        return Piece(_head(name, number, Identity(keys, folder(name, number))), file, entry)

    return gathered(entries, piece_of)


def _numbered(name: str, number: str) -> str:
    return safe_name(f"{name} {number}")


def _head(name: str, number: str, who: Identity) -> Upload:
    return Upload(f"{name} ({number})", who, identity=who.keys, person=number)


def _parts(entry: Entry) -> tuple[str, str, str]:
    """(name, number, the student's file). Raises MalformedError."""
    match = MOODLE.fullmatch(entry.parts[0])
    if match:
        return match["name"], match["number"], "/".join(entry.parts[1:]) or match["file"]
    if NO_TEAM.fullmatch(entry.parts[0]):
        raise MalformedError("expected a team with its number, got the folder for students of no team")
    raise MalformedError("expected a name as in a Moodle archive, FULL NAME_NUMBER_assignsubmission_file_…")


def _names(name: str, names: Collection[str], roster: Roster | None) -> Iterator[str]:
    yield from dict.fromkeys((name, *without_group(name, names, roster)))


def _hides_names(people: Collection[tuple[str, str]]) -> bool:
    """Whether Moodle hides whose work it is: then it writes one and the same word in front of each number."""
    names = {name.strip().casefold() for name, _ in people}
    return len(names) == 1 and (len(people) > 1 or names <= _PARTICIPANT)


def _are_teams(people: Collection[tuple[str, str]], roster: Roster | None) -> bool:
    """Whether every name is a team of the roster, and no student's. One that is none shows that it is not for teams."""
    return (
        roster is not None
        and bool(people)
        and all(roster.members(name) and not roster.owners("name", name) for name, _ in people)
    )


def _team_piece(people: Collection[tuple[str, str]], roster: Roster | None, entry: Entry) -> Piece:
    """Its number is the team's: it is nobody's number in the assignment. Raises MalformedError."""
    name, number, file = _parts(entry)
    if sum(other == name for other, _ in people) > 1:
        raise MalformedError("expected each team once, got two of this name with other numbers")
    if roster and set(roster.owners("moodle_id", number)) & set(roster.members(name)):
        raise MalformedError("expected a team, got a team's name with a student's number")
    return Piece(Upload(f"{name} ({number})", Identity((("team", name),), ""), person=number), file, entry)


def _of_members(upload: Upload, roster: Roster | None) -> list[Upload]:
    """Each member's; or the upload as it is, which nobody owns, if no member is left."""
    ((_, team),) = upload.who.keys
    members = present_members(team, roster)
    return for_members(upload, team, members) if members else [upload]


HOST = Host("as Moodle writes", _writes, _read)
