"""Where feedback stands on a server: the notes of one student's repository, and the hidden line that marks ours.

A student can write the hidden line, too. So a note counts only if the server says that our token's user wrote it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from autograder.ci.feedback_pages import Message
from autograder.errors import HostError

MAX_NOTES = 2000  # of one repository, also of others: a student who writes more keeps nobody else waiting
_MARKER = re.compile(r"<!-- autograder (?P<assignment>\S{1,200}) (?P<digest>[0-9a-f]{32}) -->")
_LOGIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,254}")
_FOOTER = "\n\n---\n"
_T = TypeVar("_T", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Note:
    """One note of ours. number: of the server; the older one has the smaller.  text: None if only we can change it."""

    number: int
    assignment: str
    digest: str
    text: str | None = None

    def says(self, message: Message) -> bool:
        """Whether it says the message. Spaces do not count: servers change them."""
        return self.digest == message.digest and (self.text is None or self.text.split() == message.text.split())


class Board(Protocol):
    """One kind of note on one server. Every method raises HostError."""

    def notes(self, message: Message) -> Sequence[Note]:
        """Our notes about the message's assignment in its repository, the oldest first."""

    def create(self, message: Message) -> None:
        """Write a new note."""

    def edit(self, note: Note, message: Message) -> None:
        """Let a note say the message."""

    def withdraw(self, note: Note, kept: Note, message: Message) -> None:
        """Take a note out of the way, because another one is kept."""


class PartOfAnswer(BaseModel):
    """A part of a server's answer: only the fields that we read."""

    model_config = ConfigDict(extra="ignore")


def read_answer(kind: type[_T], item: object) -> _T:
    """The fields of an answer. Raises HostError for another form."""
    try:
        return kind.model_validate(item)
    except ValidationError as error:
        place = ".".join(map(str, error.errors()[0]["loc"]))
        raise HostError(
            f"expected an answer as the server documents it, got another form at {place[:60]}", "failed"
        ) from None


class NotesByRepository:
    """The notes of each repository, read once. read: all notes of ours in a message's repository, in any order."""

    def __init__(self, read: Callable[[Message], Iterable[Note | None]]) -> None:
        self._read = read
        self._notes: dict[str, list[Note]] = {}

    def about(self, message: Message) -> list[Note]:
        """Those about the message's assignment, the oldest first. Raises HostError."""
        if message.repository not in self._notes:
            notes = filter(None, self._read(message))
            self._notes[message.repository] = sorted(notes, key=lambda note: note.number)
        return [note for note in self._notes[message.repository] if note.assignment == message.assignment]


@contextmanager
def issues_of(message: Message) -> Iterator[None]:
    """Within it, a repository without issues is said in words. Raises HostError."""
    try:
        yield
    except HostError as error:
        if error.kind != "absent":
            raise
        hint = "switch issues on in the settings of the repository, and let the token read and write them"
        raise HostError(f"{message.repository}: expected issues, got none. Hint: {hint}", "absent") from None


def bounded(items: Iterable[Any]) -> Iterator[Any]:
    """The items of a list. Raises HostError if there are more than MAX_NOTES."""
    iterator = iter(items)
    yield from islice(iterator, MAX_NOTES)
    if next(iterator, None) is not None:
        raise HostError(f"expected a repository with at most {MAX_NOTES} issues, got more", "failed")


def body_of(message: Message) -> str:
    """The text of a note, with the commit, the students to notify, and the hidden line at the end."""
    commit = [f"Commit {message.commit}."] if message.commit else []
    names = [f"@{login}" for login in message.logins if _LOGIN.fullmatch(login)]
    about = " ".join([*commit, *names])
    marker = f"<!-- autograder {message.assignment} {message.digest} -->"
    return f"{message.text}{_FOOTER}{about}\n\n{marker}\n"


def note_of(number: int, body: str) -> Note | None:
    """The note that a body of ours is; None for another text."""
    text, _, footer = body.replace("\r\n", "\n").rpartition(_FOOTER)
    match = _MARKER.fullmatch(footer.rstrip().rpartition("\n")[2])
    return Note(number, match["assignment"], match["digest"], text) if match else None
