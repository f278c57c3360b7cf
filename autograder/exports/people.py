"""Finds each student's row in a host's file, by everything that is known of the student and of the row.

First come the ways that are certain: the host's own numbers, logins and e-mail addresses, from the roster and from
what `collect` recorded. If they do not agree on one row, nothing is guessed. A student whom they do not find is looked
for by the weak ways, in a fixed order. No row goes to two students.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from autograder.exports.sheet import Sheet
from autograder.roster.roster import Person, in_order, key_of, name_keys, safe_name

Keys = Mapping[str, frozenset[str]]  # {kind: values to compare}; the kinds are the roster's columns, and DERIVED
Reason = Literal["no row", "several rows", "row of several"]
RECORDED = ("canvas_id", "login", "sis_id", "moodle_id", "sid", "email", "name")  # that a host can call a student by
_SAME = ("canvas_id", "login", "sis_id", "moodle_id", "sid", "email")
_CERTAIN = (*((kind, kind) for kind in _SAME), ("email", "login"), ("login", "email"))
# (of the student, of the row).  bare: a login without `@`.  before_at: the part before it.  folder: a name as a folder.
_WEAK = (
    *(("id", kind) for kind in ("login", "sis_id", "canvas_id", "moodle_id", "email", "sid")),
    *(("sid", "sis_id"), ("sis_id", "sid"), ("login", "sis_id"), ("sis_id", "login")),
    *(("bare", "before_at"), ("before_at", "bare"), ("name", "name"), ("id", "folder")),
)
_WHOLE = re.compile(r"(\d+)\.0+")  # a spreadsheet makes 1001.0 of 1001


@dataclass(frozen=True, slots=True)
class HostStudent:
    """A student, and how a host may call this student."""

    id: str
    keys: Keys


@dataclass(frozen=True, slots=True)
class Matches:
    """rows: {student: row}.  reasons: {student: why there is no row}."""

    rows: Mapping[str, int]
    reasons: Mapping[str, Reason] = field(default_factory=dict)


def host_student(student: str, person: Person | None, recorded: Iterable[tuple[str, str]] = ()) -> HostStudent:
    """The student with all that is known. person: of the roster.  recorded: by `collect`: (kind, value).

    The roster is right where both say something. Only Moodle's number is another one in each assignment.
    """
    of_roster = {kind: value for kind in RECORDED if (value := getattr(person, kind, ""))}
    others = [(kind, value) for kind, value in recorded if kind == "moodle_id" or kind not in of_roster]
    if "moodle_id" in dict(others):
        of_roster.pop("moodle_id", None)
    return HostStudent(student, _keys([("id", student), *of_roster.items(), *others]))


def row_keys(sheet: Sheet, row: int, columns: Mapping[str, int]) -> Keys:
    """What a row says of its student. columns: {kind: column}; `first` and `last` make a name."""
    values = {kind: sheet.value(row, column) for kind, column in columns.items()}
    first, last = values.pop("first", ""), values.pop("last", "")
    values.setdefault("name", f"{first} {last}".strip())
    keys = dict(_keys(values.items()))
    emails = frozenset(key.partition("@")[0] for key in keys.get("email", ()) if "@" in key)
    keys["before_at"] = keys.get("before_at", frozenset()) | emails
    return keys


def _keys(known: Iterable[tuple[str, str]]) -> Keys:
    keys: defaultdict[str, set[str]] = defaultdict(set)
    for kind, text in known:
        key = _plain(text)
        if kind == "name":
            keys[kind] |= set(name_keys(text))
            keys["folder"] |= {safe_name(name).casefold() for name in (text, in_order(text)) if name}
        elif key:
            keys[kind].add(key)
            if kind in {"id", "login"}:
                keys["before_at" if "@" in key else "bare"].add(key.partition("@")[0])
            if kind == "moodle_id" and (number := re.search(r"\d+$", key)):
                keys[kind].add(number[0])
    return {kind: frozenset(values) for kind, values in keys.items()}


def _plain(text: str) -> str:
    """A value for comparison. Brightspace writes `#` before logins and numbers, so that no spreadsheet changes them."""
    key = key_of(text.strip().removeprefix("#"))
    whole = _WHOLE.fullmatch(key)
    return whole[1] if whole else key


def match_rows(students: Sequence[HostStudent], rows: Mapping[int, Keys]) -> Matches:
    """Each student's row. rows: what each row says of its student."""
    index: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
    for row, keys in rows.items():
        for kind, values in keys.items():
            for value in values:
                index[kind, value].add(row)
    claims, reasons = _certain(students, index)
    taken = set(claims.values())
    for way in _WEAK:
        waiting = [s for s in students if s.id not in claims and s.id not in reasons]
        guesses = {s.id: guess for s in waiting if (guess := _guess(s, way, index, rows, taken)) is not None}
        claims |= guesses
        taken |= set(guesses.values())
    count = Counter(claims.values())
    reasons |= {student: "row of several" for student, row in claims.items() if count[row] > 1}
    for student in students:
        if student.id not in claims and student.id not in reasons:
            several = any(len(_rows(student, way, index)) > 1 for way in _WEAK)
            reasons[student.id] = "several rows" if several else "no row"
    return Matches({student: row for student, row in claims.items() if student not in reasons}, reasons)


def _certain(
    students: Iterable[HostStudent], index: Mapping[tuple[str, str], Collection[int]]
) -> tuple[dict[str, int], dict[str, Reason]]:
    """The rows that the certain ways agree on, and the students for whom they do not agree."""
    claims: dict[str, int] = {}
    reasons: dict[str, Reason] = {}
    for student in students:
        groups = [rows for way in _CERTAIN if (rows := _rows(student, way, index))]
        if groups:
            common = set.intersection(*groups)
            if len(common) == 1:
                claims[student.id] = common.pop()
            else:
                reasons[student.id] = "several rows"
    return claims, reasons


def _rows(student: HostStudent, way: tuple[str, str], index: Mapping[tuple[str, str], Collection[int]]) -> set[int]:
    ours, theirs = way
    return {row for value in student.keys.get(ours, ()) for row in index.get((theirs, value), ())}


def _guess(
    student: HostStudent,
    way: tuple[str, str],
    index: Mapping[tuple[str, str], Collection[int]],
    rows: Mapping[int, Keys],
    taken: Collection[int],
) -> int | None:
    """The only row that a weak way gives, if no student has it and nothing that is known speaks against it."""
    candidates = _rows(student, way, index)
    if len(candidates) != 1:
        return None
    (row,) = candidates
    return None if row in taken or _differ(student.keys, rows[row]) else row


def _differ(ours: Keys, theirs: Keys) -> bool:
    """Whether both sides have a number or a login of the host, and these are not the same."""
    for kind in ("canvas_id", "sis_id", "login"):
        one, other = ({key.partition("@")[0] for key in keys.get(kind, ())} for keys in (ours, theirs))
        if one and other and not one & other:
            return True
    return False
