"""Reads a table as spreadsheets and hosts save it: comma, semicolon or tab, with or without a BOM, UTF-8 or UTF-16."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import AutograderError
from autograder.files import FileKind, read_bytes

TABLE = FileKind(
    "a roster", 20 << 20, "it needs a header and one line a student; remove what else is in it", links=True
)
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_SEPARATORS = ",;\t"


@dataclass(frozen=True, slots=True)
class RosterTable:
    """header: as in the file, without space around.  rows: (the line's number, {header: text}), no empty ones."""

    source: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, Mapping[str, str]], ...]


def read_table(path: Path, kind: FileKind = TABLE) -> RosterTable:
    """Raises AutograderError, in one line, for a file that is no table. kind: what the file is for."""
    text = _decoded(path, read_bytes(path, kind))
    separator, text = _separator(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        lines = [(reader.line_num, [cell.strip() for cell in row]) for row in reader]
    except csv.Error as error:
        raise AutograderError(f"{path}: expected CSV, got {error}. Hint: save it as CSV in UTF-8.") from None
    lines = [(number, row) for number, row in lines if any(row)]
    if not lines:
        raise AutograderError(f"{path}: expected a header and a line a student, got an empty file.")
    header = lines[0][1]
    while not header[-1]:
        header.pop()
    for number, row in lines[1:]:
        if any(row[len(header) :]):
            raise AutograderError(f"{path}, line {number}: expected {len(header)} cells, got {len(row)}.")
    rows = ((number, dict(zip(header, [*row, *[""] * len(header)], strict=False))) for number, row in lines[1:])
    return RosterTable(str(path), tuple(header), tuple(rows))


def _decoded(path: Path, data: bytes) -> str:
    if data[:4] == b"PK\3\4":
        raise AutograderError(f"{path}: expected CSV, got a zip or a workbook of Excel. Hint: save it as CSV in UTF-8.")
    try:
        text = data.decode("utf-16" if data[:2] in _UTF16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        got = f"byte 0x{data[error.start]:02x} at {error.start}" if error.start < len(data) else "half a letter"
        raise AutograderError(f"{path}: expected UTF-8, got {got}. Hint: save it as CSV in UTF-8.") from None
    if "\0" in text:
        raise AutograderError(f"{path}: expected CSV in UTF-8, got another encoding. Hint: save it as CSV in UTF-8.")
    return text


def _separator(text: str) -> tuple[str, str]:
    """The separator and the text without Excel's line `sep=;`."""
    text = text.lstrip("\r\n")
    first, _, rest = text.replace("\r\n", "\n").replace("\r", "\n").partition("\n")
    mark = first.strip().strip('"').lower()
    if mark.startswith("sep="):
        separator = first.strip().strip('"')[4:5]
        return (separator if separator in _SEPARATORS and separator else ","), rest
    return max(_SEPARATORS, key=first.count), text
