"""Reads what students ask: the files that lie beside notebooks, and a list that the instructor gives."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from autograder.errors import AutograderError, MalformedError
from autograder.files import FileKind
from autograder.intake.assignment_names import meant_assignment
from autograder.intake.regrade_reason import reason_in
from autograder.regrades.regrade_request import Asking
from autograder.roster.roster import UNIQUE, Identity, Roster, resolve
from autograder.roster.table import RosterTable, read_table
from autograder.text import nearest, one_line

_LIST = FileKind("a list of requests", 20 << 20, "it needs a header and one line a request", links=True)
# A form of Google or Microsoft has its own columns beside these.
_COLUMNS = {
    "student": ("student", "student id", "id", "login", "username", "email", "email address"),
    "assignment": ("assignment", "exercise"),
    "reason": ("reason", "why", "text"),
    "question": ("question",),
}


def asked_in_files(submitted: Path, assignments: Sequence[str]) -> Iterator[Asking]:
    """One for each STUDENT/ASSIGNMENT/regrade.md; no link is followed."""
    if not submitted.is_dir():
        return
    for folder in sorted(p for p in submitted.iterdir() if p.is_dir() and not p.is_symlink()):
        for name in assignments:
            place = folder / name
            file, text = reason_in(place) if place.is_dir() and not place.is_symlink() else ("", "")
            if text.strip() and not folder.name.startswith("."):
                yield Asking(folder.name, name, "", text, "file", file)


def asked_in_list(
    path: Path, assignments: Sequence[str], roster: Roster | None, students: Collection[str]
) -> list[Asking]:
    """The lines of a CSV with student, assignment, reason and perhaps question. Raises AutograderError for a wrong one.

    students: who is known where there is no roster.
    """
    table = read_table(path, _LIST)
    columns = _columns(table)
    return [
        Asking(
            _student(_cell(row, columns, "student"), roster, students, f"{path}, line {number}"),
            _assignment(_cell(row, columns, "assignment"), assignments, f"{path}, line {number}"),
            _cell(row, columns, "question"),
            _reason(_cell(row, columns, "reason"), f"{path}, line {number}"),
            "list",
            path.name,
        )
        for number, row in table.rows
    ]


def _columns(table: RosterTable) -> dict[str, str]:
    """{what: the header of its column}. Raises AutograderError if one is missing."""
    folded = {
        " ".join(header.replace("_", " ").replace("-", " ").split()).casefold(): header for header in table.header
    }
    columns = {what: next((folded[n] for n in names if n in folded), "") for what, names in _COLUMNS.items()}
    missing = [what for what, header in columns.items() if not header and what != "question"]
    if missing:
        got = ", ".join(one_line(header, 40) for header in table.header[:10])
        raise AutograderError(
            f"{table.source}: expected the columns student, assignment, reason and perhaps question, got {got}. "
            f"Hint: call one of them {missing[0]}."
        )
    return columns


def _cell(row: Mapping[str, str], columns: Mapping[str, str], what: str) -> str:
    return row[columns[what]] if columns[what] else ""


def _student(value: str, roster: Roster | None, students: Collection[str], where: str) -> str:
    if value in (roster.by_id if roster else students):
        return value
    if roster:
        try:
            return resolve(Identity(tuple((column, value) for column in (*UNIQUE, "name")), value), roster)
        except MalformedError:
            students = roster.by_id
    whose = "a student of the roster" if roster else "a student who handed in"
    raise AutograderError(f"{where}: expected {whose}, got {one_line(value, 60)!r}.{nearest(value, students)}")


def _assignment(value: str, assignments: Sequence[str], where: str) -> str:
    meant = meant_assignment(value, assignments)
    if not meant:
        got = f"{one_line(value, 60)!r}.{nearest(value, assignments)}"
        raise AutograderError(f"{where}: expected one of {', '.join(assignments)}, got {got}")
    return meant


def _reason(value: str, where: str) -> str:
    if not value.strip():
        raise AutograderError(f"{where}: expected a reason, got none. Hint: remove the line, or ask the student.")
    return value
