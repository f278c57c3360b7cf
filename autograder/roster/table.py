"""Reads a table as spreadsheets and hosts save it: comma, semicolon or tab, with or without a BOM, UTF-8 or UTF-16."""

from __future__ import annotations

import codecs
import csv
import io
import re
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
    separator, text = separator_of(text)
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


def encoding_of(data: bytes) -> str:
    """The encoding of a table, which keeps the byte order mark if it is used to write the text again."""
    if data[:2] in _UTF16:
        return "utf-16-le" if data[:2] == codecs.BOM_UTF16_LE else "utf-16-be"
    return "utf-8"


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


def separator_of(text: str) -> tuple[str, str]:
    """The separator, and the text from the header on: without empty lines and Excel's line `sep=;` before it."""
    text = text.lstrip("\r\n")
    first = re.split(r"[\r\n]", text, maxsplit=1)[0]
    mark = first.strip().strip('"')
    if mark.lower().startswith("sep="):
        sign = mark[4:5]
        return (sign if sign and sign in _SEPARATORS else ","), re.sub(r"\A(?:\r\n|\r|\n)", "", text[len(first) :])
    return max(_SEPARATORS, key=first.count), text
