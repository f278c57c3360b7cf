"""Blackboard: the file of *Work Offline, Download*, with our scores in it, to upload in the same place.

Blackboard knows a student by `Username`, and a column by the number at the end of its header:
`Homework 1 [Total Pts: 100 Score] |12345`. Other columns of grades are not written back, because a score may have
changed since the download. The download is CSV, or tab-separated in UTF-16 with the ending `.xls`.
Format: https://help.blackboard.com/Learn/Instructor/Original/Grade/Grading_Tasks/Work_Offline_With_Grade_Data
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
from autograder.roster.columns import meaning
from autograder.text import one_line

_COLUMN = re.compile(r"(?P<title>.*?)\s*(?:\[(?P<points>[^\]]*)\])?\s*\|\s*\d+", re.DOTALL)
_KINDS = {"login": "login", "id": "sis_id", "sis_id": "sis_id", "first": "first", "last": "last", "email": "email"}


def fill(sheet: Sheet, wanted: Wanted, columns: Mapping[str, Sequence[str]]) -> Filled:
    """The downloaded file with our scores. columns: {assignment: what its column may be called}.

    Raises AutograderError if it has no user names.
    """
    kinds = {kind: i for i, head in enumerate(sheet.header) if (kind := _KINDS.get(meaning(head), ""))}
    if "login" not in kinds:
        got = one_line(", ".join(sheet.header), 200)
        raise AutograderError(
            f"{sheet.name}: expected a column Username, got {got}. "
            "Hint: download it in Blackboard by Work Offline, with the user information."
        )
    places, lacking = find_columns(sheet, wanted, columns, _title)
    kept = [i for i, head in enumerate(sheet.header) if not _COLUMN.fullmatch(head) or i in places.values()]
    rows = {i: row_keys(sheet, i, kinds) for i in range(1, len(sheet.rows)) if sheet.value(i, kinds["login"])}
    filled = fill_in(sheet, wanted, rows, places, kept=kept, name_of=lambda row: sheet.value(row, kinds["login"]))
    maxima = {name: _points(sheet.header[column]) for name, column in places.items()}
    return replace(filled, no_columns=lacking, notes=other_maxima(wanted, maxima, "Blackboard"))


def is_download(sheet: Sheet) -> bool:
    """Whether Blackboard wrote it: it numbers its columns, and has user names."""
    logins = any(_KINDS.get(meaning(head)) == "login" for head in sheet.header)
    return logins and any(_COLUMN.fullmatch(head) for head in sheet.header)


def _title(head: str) -> str:
    match = _COLUMN.fullmatch(head)
    return match["title"] if match else head


def _points(head: str) -> list[float]:
    """The possible points that a header names: `[Total Pts: 100 Score]`, in any language; none if it names none."""
    match = _COLUMN.fullmatch(head)
    return first_number(match["points"] or "") if match else []
