"""Fills in a CSV file of another system: a Canvas gradebook, a Moodle worksheet.

All other cells stay as they are in the file, with their quotes and with bytes that are no UTF-8. (Python's `csv` would
write other bytes.)
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import AutograderError
from autograder.files import FileKind, read_bytes
from autograder.marks import Mark
from autograder.text import one_line, points_text

SHEET = FileKind("a CSV file", 20 << 20, "export one course at a time", links=True)
_BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class Sheet:
    """name: for messages.  rows: cells as in the file, the header first.  ends: of each row, its line break or ""."""

    name: str
    rows: tuple[tuple[str, ...], ...]
    ends: tuple[str, ...]
    separator: str
    bom: str = ""

    @property
    def header(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(_value(cell) for cell in self.rows[0])

    def value(self, row: int, column: int) -> str:
        """A cell's text, without quotes and without space around it; "" where the row is empty."""
        return _value(self.rows[row][column]) if column < len(self.rows[row]) else ""

    def column(self, name: str) -> int | None:
        """The one column of that name, in any case. Raises AutograderError if there are two."""
        columns = [i for i, head in enumerate(self.header) if key_of(head) == key_of(name)]
        if len(columns) > 1:
            raise AutograderError(f"{self.name}: expected one column {name}, got {len(columns)}. Hint: delete one.")
        return columns[0] if columns else None

    def require(self, name: str, hint: str) -> int:
        """As `column`. Raises AutograderError if there is none."""
        column = self.column(name)
        if column is None:
            got = one_line(", ".join(self.header), 200)
            raise AutograderError(f"{self.name}: expected a column {name}, got {got}. Hint: {hint}.")
        return column

    def to_bytes(self, cells: Mapping[tuple[int, int], str], columns: Sequence[int] = ()) -> bytes:
        """The file with new text in some cells; with only some columns if they are given. The text needs no quotes."""
        lines = []
        for i, (row, end) in enumerate(zip(self.rows, self.ends, strict=True)):
            chosen = columns if columns and len(row) > 1 else range(len(row))
            lines.append(self.separator.join(cells.get((i, j), row[j]) for j in chosen) + end)
        return (self.bom + "".join(lines)).encode("utf-8", "surrogateescape")


@dataclass(frozen=True, slots=True)
class Filled:
    """A filled file. written: number of scores.  unmatched: students without a row.  notes: for the instructor."""

    data: bytes
    written: int
    unmatched: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def read_sheet(path: Path) -> Sheet:
    """A CSV file with a header. Raises AutograderError."""
    return parse_sheet(read_bytes(path, SHEET), str(path))


def parse_sheet(data: bytes, name: str) -> Sheet:
    """A sheet from bytes. The separator is the commonest of comma, semicolon and tab in the header."""
    if b"\0" in data or not data.strip():
        got = "another encoding" if data.strip() else "an empty file"
        raise AutograderError(f"{name}: expected CSV text in UTF-8, got {got}. Hint: download it anew, as CSV.")
    text = data.decode("utf-8", "surrogateescape")
    bom = _BOM if text.startswith(_BOM) else ""
    text = text.removeprefix(_BOM)
    first = re.split(r"[\r\n]", text, maxsplit=1)[0]
    separator = max(",;\t", key=first.count)
    rows, ends = _split(text, separator)
    for number, row in enumerate(rows[1:], 2):
        if len(row) not in {1, len(rows[0])} or (len(row) == 1 < len(rows[0]) and row[0]):
            raise AutograderError(
                f"{name}: expected {len(rows[0])} cells in every row, got {len(row)} in row {number}. "
                "Hint: download it anew."
            )
    return Sheet(name, tuple(rows), tuple(ends), separator, bom)


def _split(text: str, separator: str) -> tuple[list[tuple[str, ...]], list[str]]:
    end = rf"({separator}|\r\n|\r|\n|\Z)"
    quoted, plain = re.compile(rf'("(?:[^"]|"")*+"){end}'), re.compile(rf"([^{separator}\r\n]*+){end}")
    rows: list[tuple[str, ...]] = []
    ends: list[str] = []
    row: list[str] = []
    place = 0
    while place < len(text) or row:
        match = quoted.match(text, place) or plain.match(text, place)
        assert match is not None  # `plain` always matches
        row.append(match[1])
        place = match.end()
        if match[2] != separator:
            rows.append(tuple(row))
            ends.append(match[2])
            row = []
    return rows, ends


def _value(cell: str) -> str:
    quoted = len(cell) > 1 and cell[0] == cell[-1] == '"'
    return (cell[1:-1].replace('""', '"') if quoted else cell).strip()


def key_of(text: str) -> str:
    """The key by which two names are compared."""
    return text.strip().casefold()


def rows_of(sheet: Sheet, column: int) -> dict[str, int]:
    """{key of a student: row}. A student with two rows gets none, because either could be meant."""
    keys = [(key_of(sheet.value(i, column)), i) for i in range(1, len(sheet.rows))]
    count = Counter(key for key, _ in keys)
    return {key: i for key, i in keys if key and count[key] == 1}


def score_cells(
    marks: Sequence[Mark], students: Mapping[str, int], columns: Mapping[str, int], *, missing_as_zero: bool
) -> tuple[dict[tuple[int, int], str], tuple[str, ...]]:
    """{(row, column): score}, and the students who have no row. students: from `rows_of`.  columns: by assignment."""
    cells = {
        (students[key_of(mark.result.student)], columns[mark.result.assignment]): text
        for mark in marks
        if key_of(mark.result.student) in students and (text := score_text(mark, missing_as_zero=missing_as_zero))
    }
    unmatched = {mark.result.student for mark in marks if key_of(mark.result.student) not in students}
    return cells, tuple(sorted(unmatched))


def score_text(mark: Mark, *, missing_as_zero: bool = False) -> str:
    """The text for a gradebook: "" if nothing was handed in, or if there is no verdict yet; malformed counts 0."""
    if not mark.result.has_verdict or (mark.result.status == "missing" and not missing_as_zero):
        return ""
    return points_text(mark.score)
