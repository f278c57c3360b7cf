"""Canvas: a gradebook CSV to import, best made by filling in one that Canvas exported.

Only the columns about the student and the columns of our assignments are written back. Another score may have changed
in Canvas since the export, and an import would undo the change.
Format: https://community.canvaslms.com/t5/Instructor-Guide/How-do-I-import-grades-in-the-Gradebook/ta-p/807
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from autograder.errors import AutograderError
from autograder.exports.sheet import Filled, Sheet, key_of, rows_of, score_cells, score_text
from autograder.marks import Mark
from autograder.text import csv_text, one_line, points_text, spreadsheet_text

MATCH = {"login": "SIS Login ID", "id": "ID", "sis": "SIS User ID"}
_IDENTITY = {"student", "id", "sis user id", "sis login id", "integration id", "root account", "section"}
_NEW = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
_NUMBER = re.compile(r" \(\d+\)$")


def fill(
    sheet: Sheet,
    marks: Sequence[Mark],
    columns: Mapping[str, Sequence[str]],
    *,
    match: str = "login",
    missing_as_zero: bool = False,
) -> Filled:
    """A gradebook that Canvas exported, with our scores. columns: {assignment: what its column may be called}.

    Raises AutograderError if a column is missing.
    """
    sheet.require("Student", hint="export the gradebook from Canvas, in English")
    students = rows_of(sheet, sheet.require(_column(match), hint="--match login, id or sis"))
    places = {name: _place(sheet, name, columns[name]) for name in sorted({m.result.assignment for m in marks})}
    cells, unmatched = score_cells(marks, students, places, missing_as_zero=missing_as_zero)
    kept = [i for i, name in enumerate(sheet.header) if key_of(name) in _IDENTITY or i in places.values()]
    return Filled(sheet.to_bytes(cells, kept), len(cells), unmatched, _notes(sheet, marks, places))


def new(
    marks: Sequence[Mark], columns: Mapping[str, Sequence[str]], *, match: str = "login", missing_as_zero: bool = False
) -> Filled:
    """A small file that Canvas can import. Canvas makes an assignment from a column that it does not know."""
    names = sorted({m.result.assignment for m in marks})
    possible = {m.result.assignment: points_text(m.result.max_score) for m in marks}
    texts = {(m.result.student, m.result.assignment): score_text(m, missing_as_zero=missing_as_zero) for m in marks}
    rows = [
        [*_NEW, *(columns[name][0] for name in names)],
        ["    Points Possible", *[""] * (len(_NEW) - 1), *(possible[name] for name in names)],
    ]
    for student in sorted({m.result.student for m in marks}):
        safe = spreadsheet_text(student)
        identity = [safe if column in {"Student", _column(match)} else "" for column in _NEW]
        rows.append([*identity, *(texts.get((student, name), "") for name in names)])
    return Filled(csv_text(rows).encode("utf-8", "replace"), sum(map(bool, texts.values())))


def _column(match: str) -> str:
    if match not in MATCH:
        raise AutograderError(f"--match: expected login, id or sis, got {match!r}.")
    return MATCH[match]


def _place(sheet: Sheet, assignment: str, names: Sequence[str]) -> int:
    """The column of an assignment: `Homework 1 (1234)` is found by `Homework 1`, or by all of it."""
    wanted = {key_of(name) for name in names}
    columns = [i for i, head in enumerate(sheet.header) if {key_of(head), key_of(_NUMBER.sub("", head))} & wanted]
    if len(columns) != 1:
        got = f"{len(columns)}" if columns else "none in " + one_line(", ".join(sheet.header), 200)
        raise AutograderError(
            f"{sheet.name}: expected one column {names[0]!r}, got {got}. Hint: --column {assignment}=HEADER."
        )
    return columns[0]


def _notes(sheet: Sheet, marks: Sequence[Mark], places: Mapping[str, int]) -> tuple[str, ...]:
    """Notes about columns for which Canvas has another maximum."""
    name = sheet.column("Student")
    rows = [
        i for i in range(1, len(sheet.rows)) if name is not None and key_of(sheet.value(i, name)) == "points possible"
    ]
    possible = {m.result.assignment: m.result.max_score for m in marks}
    return tuple(
        f"{assignment}: expected {possible[assignment]:g} points possible in Canvas, got {one_line(said, 20)}"
        for assignment, column in places.items()
        for row in rows
        if (said := sheet.value(row, column)) and not _equal(said, possible[assignment])
    )


def _equal(text: str, points: float) -> bool:
    try:
        return float(text) == points
    except ValueError:
        return False
