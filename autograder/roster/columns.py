"""Says which column of a table means what: in our own `students.csv`, and in the files that hosts give.

A host's file has columns for much else, so unknown ones are passed over. In our own file an unknown column is a
mistyped one, and is refused.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from autograder.errors import AutograderError
from autograder.roster.table import RosterTable
from autograder.text import one_line

OWN = (
    *("id", "name", "email", "section", "groups"),
    *("login", "canvas_id", "sis_id", "moodle_id", "sid", "github", "gitlab", "remote"),
    *("extension", "withdrawn", "excused"),
)
# How people and hosts head these columns, as `plain` gives it. First and last name make the name; role and status say
# who counts. Moodle writes the site's language.
_ALIASES: Mapping[str, str] = {
    "id": "id,student id,studentid,student number,netid,net id,matriculation number,matrikelnummer",
    "name": "name,full name,fullname,student,student name,vollständiger name,nom complet,nombre completo,"
    "volledige naam,nome completo,pełna nazwa,imię i nazwisko",
    "first": "first name,firstname,given name,vorname,prénom,nombre,voornaam,nome,fornavn,förnamn,imię,имя,名",
    "last": "last name,lastname,surname,family name,nachname,nom,nom de famille,apellido(s),apellidos,achternaam,"
    "cognome,etternavn,efternavn,efternamn,nazwisko,фамилия,姓",
    "email": "email,e mail,mail,email address,e mail address,e mail adresse,adresse de courriel,adresse email,"
    "dirección de correo,dirección email,correo electrónico,e mailadres,indirizzo email,e post,e postadresse,"
    "epost,adres e mail,adres email,адрес электронной почты",
    "section": "section,sections,class,class section,lab,abschnitt",
    "groups": "groups,group,group name,team,teams,gruppen,gruppe,groupes,groupe,grupos,grupo,groepen,groep,gruppi,"
    "gruppo,grupy",
    "login": "login,sis login id,login id,username,user name,anmeldename,benutzername,nom d'utilisateur,"
    "nombre de usuario,nome de usuário,nome utente,gebruikersnaam,nazwa użytkownika",
    "canvas_id": "canvas id,canvas user id,canvasid",
    "sis_id": "sis id,sis user id,id number,idnumber,id nummer,numéro d'identification,número de id",
    "moodle_id": "moodle id,identifier,moodleid,participant number",
    "sid": "sid,gradescope id,gradescope sid",
    "github": "github,github username,github user,github login,github name",
    "gitlab": "gitlab,gitlab username,gitlab user,gitlab login,gitlab name",
    "remote": "remote,repository,repo,git,git remote,url",
    "extension": "extension,extended until,deadline",
    "withdrawn": "withdrawn,dropped,left",
    "excused": "excused,excused from,exempt",
    "role": "role,roles,rolle,rollen,rôles,rôle,roles del usuario,ruoli,ruolo,rollen im kurs",
    "status": "status",
}
_GRADES_OF_BLACKBOARD = re.compile(r".*\|\s*\d+", re.DOTALL)
_OWN_REMOTE = re.compile(r"remote\s*:\s*(\S+)", re.IGNORECASE)  # the remote of one assignment
_PARTICIPANT = re.compile(r"[^\W\d_][^\d]* \d+")
_BY_ALIAS = {alias: column for column, aliases in _ALIASES.items() for alias in aliases.split(",")}
Places = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Layout:
    """Where each of our columns stands in a table. host: who wrote it, or "" for our own.  at: {column: header}.

    remotes: {assignment: header}, for columns such as `remote:a1`.
    """

    host: str
    at: Mapping[str, str]
    remotes: Mapping[str, str] = field(default_factory=dict)

    def cell(self, row: Mapping[str, str], column: str) -> str:
        """The cell's text; "" where the table has no such column."""
        return row[self.at[column]] if column in self.at else ""


def layout_of(table: RosterTable) -> Layout:
    """Raises AutograderError for a header that is no roster's, or holds a column that we do not know."""
    named = {plain(head): head for head in reversed(table.header) if head}
    at = {column: head for head in reversed(table.header) if (column := _BY_ALIAS.get(plain(head)))}
    for host, read in _HOSTS:
        if (places := read(table, named, at)) is not None:
            return Layout(host, places)
    return _own(table.header, at, table.source)


# Of each host: {our column: the header}, or None if the table is not the host's.
# named: {plain header: header}.  at: {our column: header}, by the aliases.


def _canvas_gradebook(_: RosterTable, named: Places, at: Places) -> Places | None:
    """With the name in one column, or with first and last name apart."""
    if "id" not in named or not {"sis login id", "sis user id", "section"} & named.keys():
        return None
    apart = {"lastname", "firstname"} <= named.keys()
    if "student" not in named and not apart:
        return None
    return {**_without(at, "id", *(("name",) if apart else ("first", "last"))), "canvas_id": named["id"]}


def _canvas_groups(_: RosterTable, named: Places, at: Places) -> Places | None:
    if not {"canvas user id", "login id", "group name"} <= named.keys():
        return None
    return {**at, **_named(named, sis_id="user id")}


def _brightspace(_: RosterTable, named: Places, at: Places) -> Places | None:
    if "end of line indicator" not in named or not {"orgdefinedid", "username"} & named.keys():
        return None
    return {**_without(at, "id"), **_named(named, sis_id="orgdefinedid")}


def _blackboard(table: RosterTable, _: Places, at: Places) -> Places | None:
    if not {"first", "last", "login"} <= at.keys() or not any(map(_GRADES_OF_BLACKBOARD.fullmatch, table.header)):
        return None
    return {**_without(at, "id"), **_named(at, sis_id="id")}


def _github_classroom(_: RosterTable, named: Places, at: Places) -> Places | None:
    if not {"identifier", "github username"} <= named.keys():
        return None
    return {**_without(at, "moodle_id"), "id": named["identifier"]}


def _classroom_50(_: RosterTable, named: Places, at: Places) -> Places | None:
    if not {"username", "first name", "last name", "github id"} <= named.keys():
        return None
    return {**_without(at, "login"), "id": named["username"], "github": named["username"]}


def _moodle_worksheet(table: RosterTable, _: Places, at: Places) -> Places | None:
    if not _is_worksheet(table, at):
        return None
    return {**_without(at, "id"), "moodle_id": at.get("moodle_id") or at["id"]}


def _people_by(column: str, _: RosterTable, __: Places, at: Places) -> Places | None:
    """A list of people without ids of ours. column: that has to be there."""
    names = {"first", "last"} <= at.keys() or "name" in at
    return at if names and "id" not in at and column in at else None


_HOSTS: Sequence[tuple[str, Callable[[RosterTable, Places, Places], Places | None]]] = (
    ("canvas", _canvas_gradebook),
    ("canvas", _canvas_groups),
    ("brightspace", _brightspace),
    ("blackboard", _blackboard),
    ("classroom50", _classroom_50),
    ("github", _github_classroom),
    ("moodle", _moodle_worksheet),
    ("gradescope", partial(_people_by, "sid")),
    ("moodle", partial(_people_by, "email")),
)


def _is_worksheet(table: RosterTable, at: Mapping[str, str]) -> bool:
    """Whether it is a grading worksheet of Moodle: people are called `Participant 222`, in the site's language."""
    head = at.get("moodle_id") or at.get("id")
    return bool(head and table.rows and "name" in at and _PARTICIPANT.fullmatch(table.rows[0][1][head]))


def _own(header: Sequence[str], at: Mapping[str, str], source: str) -> Layout:
    remotes = {match[1]: head for head in header if (match := _OWN_REMOTE.fullmatch(head))}
    for head in header:
        if head in remotes.values():
            if header.count(head) > 1:
                raise AutograderError(f"{source}: expected one column {one_line(head, 60)}, got two or more.")
            continue
        if head and plain(head) not in _BY_ALIAS:
            close = difflib.get_close_matches(plain(head).replace(" ", "_"), OWN, n=1)
            hint = f" Hint: {close[0]}?" if close else ""
            raise AutograderError(
                f"{source}: expected columns among {', '.join(OWN)}, got {one_line(head, 40)!r}.{hint}"
            )
        if sum(_BY_ALIAS.get(plain(h)) == _BY_ALIAS.get(plain(head)) for h in header if h and head) > 1:
            raise AutograderError(f"{source}: expected one column {_BY_ALIAS[plain(head)]}, got two or more.")
    if "id" not in at:
        raise AutograderError(
            f"{source}: expected a header with the column id and a line a student, got "
            f"{one_line(', '.join(header), 100)!r}. Hint: or the file of people or grades as your host gave it."
        )
    return Layout("", at, remotes)


def _without(at: Mapping[str, str], *columns: str) -> dict[str, str]:
    return {column: head for column, head in at.items() if column not in columns}


def _named(headers: Mapping[str, str], **columns: str) -> dict[str, str]:
    """{our column: the header}, of those that there are."""
    return {ours: headers[theirs] for ours, theirs in columns.items() if theirs in headers}


def meaning(head: str) -> str:
    """Which of the roster's columns a header of a host's file means; "" if none."""
    return _BY_ALIAS.get(plain(head), "")


def plain(head: str) -> str:
    """A header for comparison: small letters, and one space in the place of signs that people vary."""
    return re.sub(r"[\s_\-.:]+", " ", unicodedata.normalize("NFC", head)).strip().casefold()
