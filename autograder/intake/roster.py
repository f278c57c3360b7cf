"""The roster says whose work it is, and which folder it goes to.

`students.csv` has a header and a line a student: `id`, and any of `name`, `email`, `canvas_id`, `moodle_id`, `remote`,
`extension`. `id` is the folder's name. With a roster, only the work of its students is placed.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from autograder.errors import AutograderError, MalformedError
from autograder.files import FileKind, read_text
from autograder.intake.times import moment

MAX_STUDENTS = 20_000
ROSTER = FileKind("a roster", 20 << 20, "it needs a header and one line a student; remove what else is in it")
LONGEST = 100  # characters; nbgrader's gradebook takes 128
LONGEST_BYTES = 200  # a file system takes 255, and 100 characters of some scripts are 300 or 400
_KEYS = ("id", "email", "canvas_id", "moodle_id", "name")
_UNIQUE = _KEYS[:-1]  # two people may have one name; then the name says nothing


@dataclass(frozen=True, slots=True)
class RosterEntry:
    """A line of the roster. extension: this student's deadline, or None."""

    id: str
    remote: str = ""
    extension: datetime | None = None


@dataclass(frozen=True, slots=True)
class Roster:
    """Who is in the class. index: (column, value in small letters) → ids."""

    students: tuple[RosterEntry, ...]
    index: Mapping[tuple[str, str], tuple[str, ...]]

    def extension(self, student: str) -> datetime | None:
        """A student's own deadline, if any."""
        return next((s.extension for s in self.students if s.id == student), None)


@dataclass(frozen=True, slots=True)
class Identity:
    """What a source says of a student. keys: (column of the roster, value).  fallback: a folder without a roster."""

    keys: tuple[tuple[str, str], ...]
    fallback: str


def resolve(who: Identity, roster: Roster | None) -> str:
    """The student's id. Raises MalformedError where there is none, or more than one."""
    if roster is None:
        if not is_folder_name(who.fallback):
            raise MalformedError(f"expected a student's id, got {who.fallback!r}", hint="--roster")
        return who.fallback
    for column, value in who.keys:
        ids = roster.index.get((column, value.strip().casefold()), ()) if value.strip() else ()
        if len(ids) > 1:
            raise MalformedError(f"{len(ids)} students of the roster have the {column} {value!r}")
        if ids:
            return ids[0]
    looked_up = ", ".join(f"{column} {value!r}" for column, value in who.keys if value) or "nothing"
    raise MalformedError(f"nobody in the roster has the {looked_up}")


def is_folder_name(text: str) -> bool:
    """Whether a student's id may name a folder as it is."""
    return text == safe_name(text) != ""


def safe_name(text: str) -> str:
    """A name as a folder: letters and digits of any script, `._@+-`; everything else becomes `-`."""
    plain = unicodedata.normalize("NFC", text)
    signs = (c if unicodedata.category(c)[0] in "LNM" or c in "._@+-" else "-" for c in plain[: 2 * LONGEST])
    name = "-".join(part for part in "".join(signs).split("-") if part).lstrip(".")[:LONGEST]
    return name.encode()[:LONGEST_BYTES].decode(errors="ignore").rstrip("-")


def read_roster(path: Path) -> Roster:
    """Raises AutograderError, with the line, for a file that is no roster."""
    text = read_text(path, ROSTER)
    try:
        rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise AutograderError(f"{path}: expected CSV, got {error}.") from None
    if not rows or "id" not in rows[0]:
        raise AutograderError(f"{path}: expected a header with the column id and a line a student, got none.")
    if len(rows) > MAX_STUDENTS:
        raise AutograderError(f"{path}: expected at most {MAX_STUDENTS} students, got {len(rows)}.")
    students = tuple(_student(path, line, row) for line, row in enumerate(rows, 2))
    return Roster(students, _index(path, rows))


def _student(path: Path, line: int, row: Mapping[str, str | None]) -> RosterEntry:
    identity = _cell(row, "id")
    if not is_folder_name(identity):
        raise AutograderError(
            f"{path}, student {line - 1}: expected an id of letters, digits and ._@+-, got {identity[:60]!r}. "
            f"Hint: {safe_name(identity) or 'a number'!r}."
        )
    late = _cell(row, "extension")
    try:
        extension = moment(late) if late else None
    except ValueError:
        raise AutograderError(
            f"{path}, student {line - 1}: expected an extension such as 2026-11-30T23:59+01:00, got {late[:40]!r}."
        ) from None
    return RosterEntry(identity, _cell(row, "remote"), extension)


def _index(path: Path, rows: Iterable[Mapping[str, str | None]]) -> dict[tuple[str, str], tuple[str, ...]]:
    index: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for row in rows:
        for column in _KEYS:
            value = _cell(row, column).removeprefix("Participant ").casefold()
            if value:
                index[column, value].append(_cell(row, "id"))
    for (column, value), ids in index.items():
        if column in _UNIQUE and len(ids) > 1:
            raise AutograderError(f"{path}: expected each {column} once, got {value!r} {len(ids)} times.")
    return {key: tuple(ids) for key, ids in index.items()}


def _cell(row: Mapping[str, str | None], column: str) -> str:
    value = row.get(column)
    return value.strip() if isinstance(value, str) else ""
