"""Moodle: a grading worksheet of one assignment, downloaded there and filled in here.

Its columns differ by site, settings and language, so this module makes no header. Moodle reads the identifier (the
number at its end), the grade and the time of the last grade, each by its name in the site's language.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from autograder.errors import AutograderError
from autograder.exports.sheet import Filled, Sheet, key_of, rows_of, score_cells
from autograder.marks import Mark
from autograder.text import one_line

IDENTIFIER = "Identifier"
_END = re.compile(r"\d+$")


def fill(
    sheet: Sheet,
    marks: Sequence[Mark],
    id_column: str = IDENTIFIER,
    grade_column: str = "Grade",
    *,
    missing_as_zero: bool = False,
) -> Filled:
    """The worksheet with our scores in its grade column. Every other byte stays as it was.

    A student is `Participant 123` or `123` in the identifier's column, or the text of another `id_column`.
    Raises AutograderError if a column is missing or marks are of several assignments.
    """
    names = sorted({m.result.assignment for m in marks})
    if len(names) != 1:
        raise AutograderError(f"moodle: expected one assignment, got {', '.join(names) or 'none'}. Hint: -a NAME.")
    students = _students(sheet, sheet.require(id_column, hint="--id-column NAME, for another language"), id_column)
    column = sheet.require(grade_column, hint="--grade-column NAME, for another language")
    cells, unmatched = score_cells(marks, students, {names[0]: column}, missing_as_zero=missing_as_zero)
    return Filled(sheet.to_bytes(cells), len(cells), unmatched, _notes(sheet, marks))


def _students(sheet: Sheet, column: int, name: str) -> dict[str, int]:
    rows = rows_of(sheet, column)
    if key_of(name) != key_of(IDENTIFIER):
        return rows
    return {**{match[0]: row for key, row in rows.items() if (match := _END.search(key))}, **rows}


def _notes(sheet: Sheet, marks: Sequence[Mark]) -> tuple[str, ...]:
    """Notes about scores that Moodle will refuse or read differently: another maximum, or a score above it."""
    column = sheet.column("Maximum Grade")
    most = _number(sheet.value(1, column)) if column is not None and len(sheet.rows) > 1 else None
    if most is None:
        return ()
    notes = []
    ours = marks[0].result.max_score
    if most != ours:
        notes.append(f"expected a maximum grade of {ours:g} in Moodle, got {most:g}")
    above = [m.result.student for m in marks if m.score > most]
    if above:
        names = one_line(", ".join(above), 200)
        notes.append(f"expected scores of at most {most:g}, which is all that Moodle takes, got more for {names}")
    return tuple(notes)


def _number(text: str) -> float | None:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None
