"""The files of a source, named but not yet read, and what cannot be taken, with the reason.

A name is text to look at and to show. It never becomes a path that is written.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from autograder.files import read_bytes
from autograder.intake.reader import NOTEBOOK

Kind = Literal["canvas", "moodle", "gradescope", "folder", "git"]
MAX_ENTRIES = 20_000
MAX_DEPTH = 8


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a source. parts: its path there, outermost first.  read: its bytes; raises MalformedError."""

    parts: tuple[str, ...]
    read: Callable[[], bytes]

    @property
    def name(self) -> str:
        """The path, to show."""
        return "/".join(self.parts)


@dataclass(frozen=True, slots=True)
class Problem:
    """A file that was not taken. file: its name in the source.  reason: what is wrong with it, without a full stop."""

    file: str
    reason: str


def is_junk(parts: tuple[str, ...]) -> bool:
    """Whether an editor or an operating system left the file behind: no student handed it in knowingly."""
    return any(p in {"__MACOSX", ".ipynb_checkpoints", ".git", ".DS_Store"} or p.startswith("._") for p in parts)


def folder_entries(root: Path) -> tuple[list[Entry], list[Problem]]:
    """Every file below a folder, sorted. Links are not followed; they and everything odd are problems."""
    entries: list[Entry] = []
    problems: list[Problem] = []
    for parts, path in _walk(root, ()):
        mode = path.lstat().st_mode
        if len(entries) >= MAX_ENTRIES:
            problems.append(Problem(root.name, f"more than {MAX_ENTRIES} files: the rest is left out"))
            break
        if stat.S_ISREG(mode):
            entries.append(Entry(parts, lambda path=path: read_bytes(path, NOTEBOOK)))  # type: ignore[misc]
        elif not is_junk(parts):
            odd = "a symbolic link" if stat.S_ISLNK(mode) else "a folder too deep" if stat.S_ISDIR(mode) else "no file"
            problems.append(Problem("/".join(parts), f"expected a file, got {odd}"))
    return entries, problems


def _walk(folder: Path, parts: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Path]]:
    for each in sorted(os.scandir(folder), key=lambda e: e.name):
        names = (*parts, each.name)
        if each.is_dir(follow_symlinks=False) and len(names) < MAX_DEPTH:
            if not each.name.startswith("."):
                yield from _walk(Path(each.path), names)
        else:
            yield names, Path(each.path)
