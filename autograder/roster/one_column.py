"""Writes one column into our own roster file. Every other byte of the file stays: columns, order, quotes, line ends.

A cell is written only if it is empty. The file is read again for it, so that what a person typed meanwhile is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import AutograderError
from autograder.files import read_bytes, write_atomically
from autograder.roster.columns import layout_of, meaning
from autograder.roster.read import whole_number
from autograder.roster.table import TABLE, encoding_of, read_table, separator_of


@dataclass(slots=True)
class _Line:
    """One line of a table. cells: as they stand, with their quotes.  end: its line end."""

    cells: list[str]
    end: str

    def text(self, index: int) -> str:
        """A cell without quotes and space around; "" behind the last one."""
        raw = self.cells[index] if index < len(self.cells) else ""
        return (raw[1:-1].replace('""', '"') if raw.startswith('"') else raw).strip()

    def put(self, index: int, value: str, separator: str) -> None:
        """Write a cell, in quotes if it needs them or if all others of the line have them."""
        present = [cell for cell in self.cells if cell.strip()]
        quoted = any(sign in value for sign in (separator, '"', "\r", "\n")) or all(c.startswith('"') for c in present)
        self.cells += [""] * (index + 1 - len(self.cells))
        self.cells[index] = '"' + value.replace('"', '""') + '"' if quoted else value


def fill_column(path: Path, column: str, values: Mapping[str, str]) -> dict[str, str]:
    """Write `values`, {student's id: text}, into a column, which is added if there is none.

    Returns {id: text} of the cells that hold something else: these stay.  Raises AutograderError for a host's file.
    """
    if layout_of(read_table(path)).host:
        raise AutograderError(f"{path}: expected our own list with the column id, got a host's file.")
    data = read_bytes(path, TABLE)
    encoding = encoding_of(data)
    text = data.decode(encoding)
    separator, body = separator_of(text.removeprefix("\ufeff"))
    lines = list(_lines(body, separator))
    others = _fill(lines, column, values, separator)
    whole = text[: len(text) - len(body)] + "".join(separator.join(line.cells) + line.end for line in lines)
    if whole != text:
        write_atomically(path.resolve(), whole.encode(encoding), path.stat().st_mode & 0o777)
    return others


def _fill(lines: list[_Line], column: str, values: Mapping[str, str], separator: str) -> dict[str, str]:
    head, *rows = [line for line in lines if any(cell.strip() for cell in line.cells)]
    names = [head.text(i) for i in range(len(head.cells))]
    identity = next(i for i, name in enumerate(names) if meaning(name) == "id")
    place = next((i for i, name in enumerate(names) if column in {_joined(name), meaning(name)}), len(names))
    todo = {student: line for line in rows if (student := whole_number(line.text(identity))) in values}
    if place == len(names) and todo:
        head.put(place, column, separator)
    others = {}
    for student, line in todo.items():
        if not line.text(place):
            line.put(place, values[student], separator)
        elif line.text(place) != values[student]:
            others[student] = line.text(place)
    return others


def _joined(head: str) -> str:
    """A header such as `Remote: a1` as we write it."""
    return re.sub(r"\A(remote)\s*:\s*", "remote:", head, flags=re.IGNORECASE)


def _lines(text: str, separator: str) -> Iterator[_Line]:
    """The lines of a table that `read_table` has read, so its quotes are in order."""
    sign = re.escape(separator)
    token = re.compile(rf'("(?:[^"]|"")*"|[^{sign}\r\n]*)({sign}|\r\n|\r|\n|\Z)')
    cells: list[str] = []
    at = 0
    while at < len(text):
        match = token.match(text, at)
        assert match is not None, "read_table has read this text"
        cells.append(match[1])
        at = match.end()
        if match[2] != separator:
            yield _Line(cells, match[2])
            cells = []
    if cells:  # the text ends with a separator
        yield _Line([*cells, ""], "")
