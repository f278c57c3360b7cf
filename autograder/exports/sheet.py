"""Reads and writes a CSV file of another system: a Canvas gradebook, a Moodle worksheet.

All other cells stay as they are in the file, with their quotes and with bytes that are no UTF-8. (Python's `csv` would
write other bytes.) UTF-8 and UTF-16, with a BOM or a line `sep=;` at the top, come out as they came in.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import AutograderError
from autograder.files import FileKind, read_bytes
from autograder.text import one_line

SHEET = FileKind("a CSV file", 20 << 20, "export one course at a time", links=True)
_BOM = "\ufeff"
_SEP = re.compile(r'"?sep=(?P<separator>[,;\t])"?(?:\r\n|\r|\n)', re.IGNORECASE)  # a line of Excel
_UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
# How bytes that are no text of the encoding come back as they were.
_ODD_BYTES = {"utf-8": "surrogateescape", "utf-16-le": "surrogatepass", "utf-16-be": "surrogatepass"}


@dataclass(frozen=True, slots=True)
class Sheet:
    """name: for messages.  rows: cells as in the file, the header first.  ends: of each row, its line break or "".

    start: what stands before the header: a BOM, a line `sep=;`, or both.
    """

    name: str
    rows: tuple[tuple[str, ...], ...]
    ends: tuple[str, ...]
    separator: str
    start: str = ""
    encoding: str = "utf-8"

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
        """The file with new text in some cells, a number or a word; with only some columns if they are given."""
        lines = []
        for i, (row, end) in enumerate(zip(self.rows, self.ends, strict=True)):
            chosen = columns if columns and len(row) > 1 else range(len(row))
            texts = (self._cell(row[j], cells[i, j]) if (i, j) in cells else row[j] for j in chosen)
            lines.append(self.separator.join(texts) + end)
        return (self.start + "".join(lines)).encode(self.encoding, _ODD_BYTES[self.encoding])

    def _cell(self, before: str, text: str) -> str:
        """The text in quotes if the cell had them, or if the text holds the separator."""
        return f'"{text}"' if before[:1] == '"' or self.separator in text else text


def read_sheet(path: Path) -> Sheet:
    """A CSV file with a header. Raises AutograderError."""
    return parse_sheet(read_bytes(path, SHEET), str(path))


def parse_sheet(data: bytes, name: str) -> Sheet:
    """A sheet from bytes. The separator is the commonest of comma, semicolon and tab in the header."""
    encoding = _UTF16.get(data[:2], "utf-8")
    text = _decoded(data, encoding, name)
    start = _BOM if text.startswith(_BOM) else ""
    sep = _SEP.match(text, len(start))
    start = text[: sep.end()] if sep else start
    text = text[len(start) :]
    if not text.strip():
        raise _no_csv(name, "an empty file")
    first = re.sub('"[^"]*"', "", re.split(r"[\r\n]", text, maxsplit=1)[0])
    separator = sep["separator"] if sep else max(",;\t", key=first.count)
    rows, ends = _split(text, separator)
    for number, row in enumerate(rows[1:], 2):
        if len(row) not in {1, len(rows[0])} or (len(row) == 1 < len(rows[0]) and row[0]):
            raise AutograderError(
                f"{name}: expected {len(rows[0])} cells in every row, got {len(row)} in row {number}. "
                "Hint: download it anew."
            )
    return Sheet(name, tuple(rows), tuple(ends), separator, start, encoding)


def _decoded(data: bytes, encoding: str, name: str) -> str:
    if data[:4] == b"PK\3\4":
        raise _no_csv(name, "a zip or a workbook of Excel")
    try:
        text = data.decode(encoding, _ODD_BYTES[encoding])
    except UnicodeDecodeError:
        raise _no_csv(name, "another encoding") from None
    if "\0" in text:
        raise _no_csv(name, "another encoding")
    return text


def _no_csv(name: str, got: str) -> AutograderError:
    return AutograderError(f"{name}: expected CSV text in UTF-8, got {got}. Hint: download it anew, as CSV.")


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
    """The key by which two names of columns are compared."""
    return text.strip().casefold()
