"""The files of a source, named but not yet read, and what cannot be taken, with the reason.

A name is text to look at and to show. It never becomes a path that is written.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from autograder.errors import MalformedError
from autograder.files import read_bytes
from autograder.intake.boundary import hostile
from autograder.intake.reader import NOTEBOOK

Kind = Literal[
    "canvas",
    "moodle",
    "gradescope",
    "blackboard",
    "brightspace",
    "ilias",
    "sakai",
    "classroom",
    "folder",
    "git",
    "portal",
]
MAX_FILES = 2000  # of one upload
MAX_UPLOAD = 256 << 20  # bytes that may be read for one upload, of archives inside archives, too
MAX_DEPTH = 8
MAX_LINES = 5  # of problems of one upload
CHECKPOINTS = ".ipynb_checkpoints"  # Jupyter's folder for what was saved before
WORK = (".ipynb", ".zip")  # how a file ends that can be the work or hold it


class Budget:
    """How many bytes may still be read for one upload. Each upload has its own: none can use up another's."""

    def __init__(self, total: int = MAX_UPLOAD) -> None:
        self.left = total

    def spend(self, count: int) -> None:
        """Raises MalformedError when it is used up."""
        self.left -= count
        if self.left < 0:
            raise MalformedError("the archive grows beyond what a student hands in: a bomb?")


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a source. parts: its path there, outermost first.  read: its bytes; raises MalformedError."""

    parts: tuple[str, ...]
    read: Callable[[Budget], bytes]

    @property
    def name(self) -> str:
        """The path, to show."""
        return "/".join(self.parts)


File = tuple[str, Entry]  # with the student's own name of it


@dataclass(frozen=True, slots=True)
class SourceItem:
    """Something in a source about which a person can decide. label: what the source calls it.

    files: what belongs to it; none if nothing of it can be read.  commit: of a repository, or "".
    key: (column of the roster, value) by which the host itself names the student; None if only file names do.
    nobody: whether it is not known whose it is, so that a person can say it.
    called: how the source calls the student, for a guess.
    """

    label: str
    kind: Kind
    files: tuple[File, ...] = ()
    commit: str = ""
    key: tuple[str, str] | None = None
    nobody: bool = False
    called: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """A file that was not taken. file: its name in the source.  reason: what is wrong with it, without a full stop.

    items: about which a person can decide; none if the problem is of the whole source.
    """

    file: str
    reason: str
    items: tuple[SourceItem, ...] = field(default=(), compare=False)


def summed(problems: Iterable[Problem], depth: int = 1) -> list[Problem]:
    """The problems, of which each upload has a few: one student's files must not hide what the others have.

    depth: how many parts of a path say whose upload it is.
    """
    uploads: dict[str, dict[str, list[Problem]]] = {}
    for problem in problems:
        parts = problem.file.split("/")
        uploads.setdefault("/".join(parts[:depth]), {}).setdefault(problem.reason, []).append(problem)
    return [line for upload, reasons in uploads.items() for line in _lines(upload, list(reasons.values()))]


def _lines(upload: str, alike: list[list[Problem]]) -> Iterator[Problem]:
    """A line a reason. alike: the problems of an upload, those of one reason together."""
    for group in alike[:MAX_LINES]:
        first, number = group[0], len(group)
        yield Problem(first.file, first.reason + (f" ({number} files)" if number > 1 else ""), _items(group))
    if len(alike) > MAX_LINES:
        rest = [problem for group in alike[MAX_LINES:] for problem in group]
        yield Problem(upload, f"{len(rest)} more problems", _items(rest))


def _items(problems: Iterable[Problem]) -> tuple[SourceItem, ...]:
    return tuple(item for problem in problems for item in problem.items)


def is_junk(parts: tuple[str, ...]) -> bool:
    """Whether an editor or an operating system left the file behind: no student handed it in knowingly."""
    left = {"__MACOSX", CHECKPOINTS, ".git", ".DS_Store"}
    return parts[-1].startswith("._") or any(p in left for p in parts)


def folder_entries(root: Path) -> tuple[list[Entry], list[Problem]]:
    """Every file below a folder, sorted. Links are not followed; they and everything odd are problems.

    Each name at the top is one student's or a few: one that cannot be read, or has too many files, costs no other.
    """
    entries: list[Entry] = []
    problems: list[Problem] = []
    for top in sorted(os.listdir(root)):  # noqa: PTH208 — names that are no UTF-8 stay as they are
        try:
            with hostile("a file or a folder that can be read"):
                files, odd = _below(root / top)
        except MalformedError as error:
            problems.append(Problem(top, error.advice))
        else:
            entries += files
            problems += odd
    return entries, problems


def _below(top: Path) -> tuple[list[Entry], list[Problem]]:
    """The file `top`, or the files below it. Raises MalformedError for too many."""
    entries: list[Entry] = []
    problems: list[Problem] = []
    for parts, path in _walk(top, (top.name,)):
        mode = path.lstat().st_mode
        if len(entries) + len(problems) >= MAX_FILES:
            raise MalformedError(f"expected at most {MAX_FILES} files, got more")
        if stat.S_ISREG(mode):
            entries.append(Entry(parts, lambda budget, path=path: _read(path, budget)))  # type: ignore[misc]
        elif not is_junk(parts):
            odd = "a symbolic link" if stat.S_ISLNK(mode) else "a folder too deep" if stat.S_ISDIR(mode) else "no file"
            problems.append(Problem("/".join(parts), f"expected a file, got {odd}"))
    return entries, problems


def _walk(path: Path, parts: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Path]]:
    if path.is_symlink() or not path.is_dir() or len(parts) >= MAX_DEPTH:
        yield parts, path
    elif not path.name.startswith(".") or path.name == CHECKPOINTS:
        for each in sorted(os.listdir(path)):  # noqa: PTH208
            yield from _walk(path / each, (*parts, each))


def _read(path: Path, budget: Budget) -> bytes:
    data = read_bytes(path, NOTEBOOK)
    budget.spend(len(data))
    return data
