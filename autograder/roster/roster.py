"""The people of a class, and how to recognise them. `read` makes a Roster of a file.

A student's `id` is the folder's name everywhere. All other columns only help to recognise the student, or are shown.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from autograder.errors import AutograderError, MalformedError

LONGEST = 100  # characters; nbgrader's gradebook takes 128
LONGEST_BYTES = 200  # a file system takes 255, and 100 characters of some scripts are 300 or 400
UNIQUE = ("id", "email", "login", "canvas_id", "sis_id", "moodle_id", "sid", "github", "gitlab")  # one student a value


@dataclass(frozen=True, slots=True)
class Person:
    """A line of the roster.

    login, canvas_id, sis_id: of Canvas.  moodle_id: in one assignment of Moodle.  sid: of Gradescope.
    github, gitlab: a user name.  remote: of git.  remotes: (assignment, remote), where an assignment has its own.
    extension: this student's deadline, or None.  withdrawn: left the class.  excused: from these assignments.
    """

    id: str
    name: str = ""
    email: str = ""
    section: str = ""
    groups: tuple[str, ...] = ()
    login: str = ""
    canvas_id: str = ""
    sis_id: str = ""
    moodle_id: str = ""
    sid: str = ""
    github: str = ""
    gitlab: str = ""
    remote: str = ""
    remotes: tuple[tuple[str, str], ...] = ()
    extension: datetime | None = None
    withdrawn: bool = False
    excused: frozenset[str] = frozenset()

    def user_on(self, server: Literal["github", "gitlab"]) -> str:
        """The user name on a server; "" if none is known."""
        return self.github if server == "github" else self.gitlab

    def remote_of(self, assignment: str) -> str:
        """The git remote in which this student hands in an assignment; "" if none is known."""
        return dict(self.remotes).get(assignment, self.remote)

    def repositories(self, assignments: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """{remote: those of the assignments that are handed in there}."""
        places: dict[str, tuple[str, ...]] = {}
        for assignment in assignments:
            if remote := self.remote_of(assignment):
                places[remote] = (*places.get(remote, ()), assignment)
        return places


@dataclass(frozen=True, slots=True)
class Roster:
    """The class. source: the file, for messages.  index: (column, value as `key_of` gives it) → ids."""

    students: tuple[Person, ...]
    source: str = "the roster"
    index: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict, repr=False)
    by_id: Mapping[str, Person] = field(default_factory=dict, repr=False)

    @property
    def present(self) -> tuple[Person, ...]:
        """The students who did not leave."""
        return tuple(s for s in self.students if not s.withdrawn)

    def name_of(self, student: str) -> str:
        """A student's name; "" if the roster has none."""
        return self.by_id[student].name if student in self.by_id else ""

    def extension(self, student: str) -> datetime | None:
        """A student's own deadline, if any."""
        return self.by_id[student].extension if student in self.by_id else None

    def owners(self, column: str, value: str) -> tuple[str, ...]:
        """The ids of the students who have this value in a column; of most columns it is one at most."""
        keys = name_keys(value) if column == "name" else (key_of(value),)
        return tuple(student for key in keys if key for student in self.index.get((column, key), ()))

    def members(self, group: str) -> tuple[str, ...]:
        """The ids of a group's members. The group's name is compared by its letters and digits alone."""
        return self.index.get(("group", _letters(group)), ())


@dataclass(frozen=True, slots=True)
class Identity:
    """What a source says of a student. keys: (column of the roster, value).  fallback: a folder without a roster."""

    keys: tuple[tuple[str, str], ...]
    fallback: str


def make_roster(students: Iterable[Person], source: str) -> Roster:
    """Index the students. Raises AutograderError if a value that must be one student's is of two."""
    everyone = tuple(students)
    index: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for student in everyone:
        for column, value in _values(student):
            if value and student.id not in index[column, value]:
                index[column, value].append(student.id)
    ids = [s.id.casefold() for s in everyone]
    twice = next((s.id for s in everyone if ids.count(s.id.casefold()) > 1), "") if len(set(ids)) < len(ids) else ""
    if twice:
        raise AutograderError(f"{source}: expected each id once, got {twice!r} {ids.count(twice.casefold())} times.")
    for (column, value), owners in index.items():
        if column in UNIQUE and len(owners) > 1:
            raise AutograderError(f"{source}: expected each {column} once, got {value!r} {len(owners)} times.")
    return Roster(everyone, source, {k: tuple(v) for k, v in index.items()}, {s.id: s for s in everyone})


def _values(student: Person) -> Iterable[tuple[str, str]]:
    """What a student can be recognised by."""
    yield from ((column, key_of(getattr(student, column))) for column in UNIQUE)
    yield from (("name", key) for key in name_keys(student.name))
    yield from (("group", _letters(group)) for group in student.groups)


def key_of(text: str) -> str:
    """The key by which two values are compared: capitals and kinds of the same letter do not matter."""
    return unicodedata.normalize("NFC", text).strip().casefold()


def in_order(name: str) -> str:
    """A name with the first name first: `Doe, Jane` is `Jane Doe`."""
    last, comma, first = name.partition(",")
    return " ".join(f"{first} {last}".split() if comma else name.split())


def name_keys(name: str) -> tuple[str, ...]:
    """The key of a full name, or none."""
    plain = in_order(name)
    return (key_of(plain),) if plain else ()


def _letters(text: str) -> str:
    return "".join(c for c in key_of(text) if c.isalnum())


def resolve(who: Identity, roster: Roster | None) -> str:
    """The student's id. Raises MalformedError where there is none, or more than one."""
    if roster is None:
        if not is_folder_name(who.fallback):
            raise MalformedError(f"expected a student's id, got {who.fallback!r}", hint="--roster")
        return who.fallback
    for column, value in who.keys:
        ids = roster.owners(column, value)
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
