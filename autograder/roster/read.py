"""A file → a Roster: `students.csv`, or what Canvas, Moodle, Gradescope, GitHub Classroom and others give.

`students.csv` has a header and a line a student: `id`, and any of the columns of `columns.OWN`. A column such as
`remote:a1` holds the remote of one assignment, where each assignment has a repository of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, tzinfo
from pathlib import Path

from autograder.errors import AutograderError
from autograder.roster.columns import Layout, layout_of
from autograder.roster.roster import Person, Roster, in_order, is_folder_name, make_roster, safe_name
from autograder.roster.table import RosterTable, read_table
from autograder.text import one_line
from autograder.times import EXAMPLE, deadline

MAX_STUDENTS = 20_000
# By which column of a host's file a student's folder is called: the first that is not empty.
_ID_OF_HOST = {
    "canvas": ("login", "sis_id", "canvas_id"),
    "moodle": ("login", "sis_id", "email"),
    "gradescope": ("sid", "email"),
    "github": ("id", "github"),
    "blackboard": ("login", "sis_id"),
    "brightspace": ("login", "sis_id", "email"),
    "classroom50": ("id",),
}
_WHOLE = re.compile(r"(\d+)\.0+")  # a spreadsheet makes 1001.0 of 1001
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_GONE = frozenset({"withdrawn", "dropped", "left", "inactive", "yes", "y", "true", "x", "1", "ja", "oui"})
_STAYS = frozenset({"", "active", "enrolled", "no", "n", "false", "0", "nein", "non", "student", "present", "current"})
_STUDENT = re.compile(r"student|studier|étud|estudiant|teilnehmer|participant|studente", re.IGNORECASE)


def read_roster(path: Path, zone: tzinfo | None) -> Roster:
    """The roster in a file. zone: of times without an offset.  Raises AutograderError in one line, with the place."""
    table = read_table(path)
    layout = layout_of(table)
    rows = [(number, row) for number, row in table.rows if _is_student(layout, row)]
    if not rows:
        raise AutograderError(f"{path}: expected a line a student, got only a header.")
    if len(rows) > MAX_STUDENTS:
        raise AutograderError(f"{path}: expected at most {MAX_STUDENTS} students, got {len(rows)}.")
    return make_roster((_student(table, layout, number, row, zone) for number, row in rows), str(path))


def _is_student(layout: Layout, row: Mapping[str, str]) -> bool:
    """False for what hosts put beside students: the points possible, test students, teachers."""
    if layout.host == "canvas":
        cells = (layout.cell(row, column).strip() for column in ("name", "first", "last"))
        name = in_order(" ".join(filter(None, cells)))
        return bool(layout.cell(row, "canvas_id")) and name not in {"Points Possible", "Test Student"}
    if layout.host == "blackboard":
        return not layout.cell(row, "login").casefold().endswith("_previewuser")
    role = layout.cell(row, "role") if layout.host else ""
    return not role or bool(_STUDENT.search(role))


def _student(table: RosterTable, layout: Layout, number: int, row: Mapping[str, str], zone: tzinfo | None) -> Person:
    def cell(column: str) -> str:
        text = layout.cell(row, column)
        return whole_number(
            text.removeprefix("#") if layout.host == "brightspace" else text
        )  # `#` keeps spreadsheets away

    where = f"{table.source}, line {number}"
    name = cell("name") or " ".join(filter(None, (cell("first"), cell("last"))))
    if layout.host == "canvas":  # it sorts by the last name: `Doe, Jane`
        name = in_order(name)
    return Person(
        id=_id(layout, cell, where),
        name=" ".join(name.split()),
        email=cell("email") or _address(layout, cell("id")),
        section=cell("section"),
        groups=tuple(part for g in re.split("[;|,]", cell("groups")) if (part := g.strip())),
        login=cell("login"),
        canvas_id=cell("canvas_id"),
        sis_id=cell("sis_id"),
        moodle_id=_number_at_end(cell("moodle_id")),
        sid=cell("sid"),
        github=cell("github").removeprefix("@"),
        gitlab=cell("gitlab").removeprefix("@"),
        remote=cell("remote"),
        remotes=tuple((assignment, row[head]) for assignment, head in layout.remotes.items() if row[head]),
        extension=_extension(cell("extension"), where, zone),
        withdrawn=_withdrawn(cell, layout, where),
        excused=frozenset(filter(None, re.split(r"[\s;|,]+", cell("excused")))),
    )


def _id(layout: Layout, cell: Callable[[str], str], where: str) -> str:
    """The folder's name. In our own file it must be one as it stands; a host's column is made one."""
    text = next(filter(None, map(cell, _ID_OF_HOST.get(layout.host, ("id",)))), "")
    identity = safe_name(text) if layout.host else text
    if not is_folder_name(identity):
        hint = safe_name(text) or "a number"
        raise AutograderError(
            f"{where}: expected an id of letters, digits and ._@+-, got {one_line(text, 60)!r}. Hint: {hint!r}."
        )
    return identity


def _address(layout: Layout, identifier: str) -> str:
    """The identifier, if it is a mail address: a teacher typed it into GitHub Classroom, which has no other column."""
    return identifier if layout.host == "github" and _ADDRESS.fullmatch(identifier) else ""


def whole_number(text: str) -> str:
    """A cell's text, without the fraction that a spreadsheet adds to a whole number."""
    match = _WHOLE.fullmatch(text)
    return match[1] if match else text


def _number_at_end(text: str) -> str:
    """Moodle writes `Participant 222`, with the site's word for it."""
    match = re.search(r"(\d+)$", text)
    return match[1] if match else text


def _extension(text: str, where: str, zone: tzinfo | None) -> datetime | None:
    try:
        return deadline(text, zone) if text else None
    except ValueError:
        example = EXAMPLE if zone else f"{EXAMPLE}+01:00"
        raise AutograderError(f"{where}: expected an extension such as {example}, got {text[:40]!r}.") from None


def _withdrawn(cell: Callable[[str], str], layout: Layout, where: str) -> bool:
    """By the column `withdrawn`, or in our own file by `status`, too. A word that says neither is refused."""
    words = {cell("withdrawn").casefold(), "" if layout.host else cell("status").casefold()}
    odd = words - _GONE - _STAYS
    if odd and not layout.host:
        raise AutograderError(f"{where}: expected withdrawn to be yes, no or empty, got {one_line(min(odd), 40)!r}.")
    return bool(words & _GONE)
