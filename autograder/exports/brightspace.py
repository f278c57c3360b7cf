"""Brightspace: the file of *Grades, Enter Grades, Export*, with our scores in it, to import in the same place.

It has `OrgDefinedId` or `Username` or both, a column `Homework 1 Points Grade <Numeric MaxPoints:100>` for each item,
and at the end `End-of-Line Indicator` with `#` in every row. An import takes nothing else, so nothing else is written.
Export with the points of the grades. `#` in front of a name or a number is no part of it.
Format: https://community.d2l.com/brightspace/kb/articles/3538-importing-grades and https://kb.wisc.edu/page.php?id=4330
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from autograder.errors import AutograderError
from autograder.exports.filling import Filled, Wanted, fill_in, find_columns, other_maxima
from autograder.exports.numbers import first_number
from autograder.exports.people import row_keys
from autograder.exports.sheet import Sheet
from autograder.roster.columns import plain
from autograder.text import one_line

_KINDS = {
    "orgdefinedid": "sis_id",
    "org defined id": "sis_id",
    "username": "login",
    "first name": "first",
    "last name": "last",
    "email": "email",
}
_KEYS = ("sis_id", "login")  # by which Brightspace knows a student
_END = "end of line indicator"
_COLUMN = re.compile(r"(?P<title>.*) Points Grade(?:\s*<(?P<facts>[^>]*)>)?", re.DOTALL | re.IGNORECASE)
_POINTS = re.compile(r"MaxPoints:([0-9.,]+)")


def fill(sheet: Sheet, wanted: Wanted, columns: Mapping[str, Sequence[str]]) -> Filled:
    """The exported file with our scores. columns: {assignment: what its column may be called}.

    Raises AutograderError if it says nowhere who a student is.
    """
    heads = [plain(head) for head in sheet.header]
    kinds = {kind: i for i, head in enumerate(heads) if (kind := _KINDS.get(head))}
    keys = [kinds[kind] for kind in _KEYS if kind in kinds]
    if not keys:
        got = one_line(", ".join(sheet.header), 200)
        raise AutograderError(
            f"{sheet.name}: expected a column OrgDefinedId or Username, got {got}. "
            "Hint: export the grades from Brightspace, Key Field: Both."
        )
    places, lacking = find_columns(sheet, wanted, columns, _title)
    kept = sorted({*keys, *places.values(), *(i for i, head in enumerate(heads) if head == _END)})
    rows = {i: row_keys(sheet, i, kinds) for i in range(1, len(sheet.rows)) if any(sheet.value(i, key) for key in keys)}
    filled = fill_in(
        sheet, wanted, rows, places, kept=kept, name_of=lambda row: sheet.value(row, keys[-1]).removeprefix("#")
    )
    maxima = {name: _points(sheet.header[column]) for name, column in places.items()}
    return replace(filled, no_columns=lacking, notes=other_maxima(wanted, maxima, "Brightspace"))


def is_export(sheet: Sheet) -> bool:
    """Whether Brightspace exported it: it ends with a column of its own."""
    return any(plain(head) == _END for head in sheet.header)


def _title(head: str) -> str:
    match = _COLUMN.fullmatch(head)
    return match["title"] if match else head


def _points(head: str) -> list[float]:
    """The possible points that a header names; none if it names none."""
    match = _POINTS.search(head)
    return first_number(match[1]) if match else []
