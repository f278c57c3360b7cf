"""Canvas: a gradebook CSV to import, best made by filling in one that Canvas exported.

Only the columns about the student and the columns of our assignments are written back. Another score may have changed
in Canvas since the export, and an import would undo the change. `EX` is Canvas's word for an excused student.
Format: https://community.canvaslms.com/t5/Instructor-Guide/How-do-I-import-grades-in-the-Gradebook/ta-p/807
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from autograder.errors import AutograderError
from autograder.exports.filling import Filled, Wanted, fill_in, find_columns, other_maxima
from autograder.exports.numbers import decimal_sign, read_number
from autograder.exports.people import Keys, row_keys
from autograder.exports.sheet import Sheet, key_of
from autograder.text import csv_text, points_text, spreadsheet_text

EXCUSED = "EX"
MATCH = {"login": "SIS Login ID", "id": "ID", "sis": "SIS User ID"}
_KINDS = {
    "student": "name",
    "lastname": "last",
    "firstname": "first",
    "id": "canvas_id",
    "sis user id": "sis_id",
    "sis login id": "login",
}
_IDENTITY = {*_KINDS, "integration id", "root account", "section"}
_OF_MATCH = {"login": "login", "id": "canvas_id", "sis": "sis_id"}
_NEW = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
_NUMBER = re.compile(r" \(\d+\)$")
_NOBODY = {"points possible", "student, test", "test student"}


def fill(sheet: Sheet, wanted: Wanted, columns: Mapping[str, Sequence[str]], *, match: str = "") -> Filled:
    """A gradebook that Canvas exported, with our scores. columns: {assignment: what its column may be called}.

    match: the only way to recognise a student, of MATCH; "" for all.  Raises AutograderError if it is no gradebook.
    """
    wanted = replace(wanted, excused=EXCUSED)
    kinds = {kind: i for i, head in enumerate(sheet.header) if (kind := _KINDS.get(key_of(head)))}
    if "canvas_id" not in kinds or not kinds.keys() & {"name", "last"}:
        sheet.require("Student", hint="export the gradebook from Canvas, in English")
        sheet.require("ID", hint="export the gradebook from Canvas, in English")
    if match:
        sheet.require(_column(match), hint="--match login, id or sis")
    places, lacking = find_columns(sheet, wanted, columns, lambda head: _NUMBER.sub("", head))
    kept = [i for i, head in enumerate(sheet.header) if key_of(head) in _IDENTITY or i in places.values()]
    names = kinds.get("name", kinds.get("last", 0))
    rows = _rows(sheet, kinds, names, _OF_MATCH.get(match, ""))
    filled = fill_in(sheet, wanted, rows, places, kept=kept, name_of=lambda row: sheet.value(row, names))
    return replace(filled, no_columns=lacking, notes=_notes(sheet, wanted, places, names))


def is_gradebook(sheet: Sheet) -> bool:
    """Whether Canvas exported it: no other file has these names of columns together."""
    heads = {key_of(head) for head in sheet.header}
    return bool(
        {"id", "section"} <= heads and heads & {"student", "lastname"} and heads & {"sis user id", "sis login id"}
    )


def _rows(sheet: Sheet, kinds: Mapping[str, int], names: int, only: str) -> dict[int, Keys]:
    """What each student's row says of the student. only: the one kind that counts, or ""."""
    chosen = {kind: column for kind, column in kinds.items() if only in {"", kind}}
    return {
        row: row_keys(sheet, row, chosen)
        for row in range(1, len(sheet.rows))
        if key_of(sheet.value(row, names)) not in _NOBODY
        and any(sheet.value(row, kinds[kind]) for kind in kinds.keys() & {"canvas_id", "login", "sis_id"})
    }


def new(wanted: Wanted, columns: Mapping[str, Sequence[str]], *, match: str = "") -> Filled:
    """A small file that Canvas can import. Canvas makes an assignment from a column that it does not know."""
    wanted, names = replace(wanted, excused=EXCUSED), wanted.assignments
    texts = {(m.result.student, m.result.assignment): wanted.text(m) for m in wanted.marks}
    rows = [
        [*_NEW, *(columns[name][0] for name in names)],
        ["    Points Possible", *[""] * (len(_NEW) - 1), *(points_text(wanted.max_score(name)) for name in names)],
    ]
    for student, cells in sorted(_identities(wanted, match).items()):
        rows.append([*map(spreadsheet_text, cells), *(texts.get((student, name), "") for name in names)])
    written = sum(text not in {"", EXCUSED} for text in texts.values())
    return Filled(csv_text(rows).encode("utf-8", "replace"), written)


def _identities(wanted: Wanted, match: str) -> dict[str, list[str]]:
    """{student: the cells of _NEW}: what the roster and `collect` know, or else the id in the column of `match`."""
    identities = {}
    for mark in wanted.marks:
        student, person = mark.result.student, mark.student
        recorded = wanted.recorded.get((mark.result.assignment, student), {})
        cells = [
            mark.name,
            (person.canvas_id if person else "") or recorded.get("canvas_id", ""),
            person.sis_id if person else "",
            person.login if person else "",
            person.section if person else "",
        ]
        if match or not any(cells[1:4]):
            cells[_NEW.index(_column(match or "login"))] = student
        if student not in identities or cells[1]:
            identities[student] = cells
    return identities


def _column(match: str) -> str:
    if match not in MATCH:
        raise AutograderError(f"--match: expected login, id or sis, got {match!r}.")
    return MATCH[match]


def _notes(sheet: Sheet, wanted: Wanted, places: Mapping[str, int], names: int) -> tuple[str, ...]:
    """Notes about columns for which Canvas has another maximum."""
    rows = [i for i in range(1, len(sheet.rows)) if key_of(sheet.value(i, names)) == "points possible"]
    texts = {name: [sheet.value(row, column) for row in rows] for name, column in places.items()}
    sign = decimal_sign(text for group in texts.values() for text in group)
    maxima = {name: [n for t in group if (n := read_number(t, sign)) is not None] for name, group in texts.items()}
    return other_maxima(wanted, maxima, "Canvas")
