"""Which of the files that a student uploaded is the notebook, and of which assignment. Reads only uploaded zips."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from autograder.errors import MalformedError
from autograder.intake.archives import open_zip, zip_entries
from autograder.intake.entries import MAX_FILES, Budget, Entry, is_junk

_COPY = re.compile(r"(?:-\d+| ?\(\d+\))+$")  # what Canvas and browsers add to the name of a file handed in again


@dataclass(frozen=True, slots=True)
class WantedNotebooks:
    """What is being collected. assignments: to look for.  only: the one that was asked for, or "".

    known: all of the course.
    """

    assignments: tuple[str, ...]
    only: str
    known: tuple[str, ...]


def choose(
    files: Sequence[tuple[str, Entry]], wanted: WantedNotebooks, folder: str
) -> list[tuple[str, str, Callable[[], bytes]]]:
    """(assignment, the file's name, its bytes) of an upload. folder: the assignment that its place tells, or "".

    The upload has one budget for all that is read of it.

    Raises MalformedError with the names of the files where it is not plain which to take.
    """
    if len(files) > MAX_FILES:
        raise MalformedError(f"expected at most {MAX_FILES} files, got {len(files)}")
    budget = Budget()
    notebooks = _notebooks(files)
    if not notebooks:
        notebooks = _notebooks(_unzipped(files, budget))
    if not notebooks:
        raise MalformedError(f"expected a notebook, got {_list([name for name, _ in files])}")
    if folder and folder not in wanted.assignments:
        if folder in wanted.known:
            return []  # another assignment than the one asked for
        raise MalformedError(f"no assignment of this course is called {folder!r}")
    target = folder or wanted.only
    if target:
        return [(target, *_the_one(notebooks, target, wanted, budget))]
    groups: dict[str, list[tuple[str, Entry]]] = {}
    for name, entry in notebooks:
        groups.setdefault(_stem(name), []).append((name, entry))
    strange = [g[0][0] for stem, g in groups.items() if stem not in wanted.assignments]
    if strange:
        raise MalformedError(f"expected notebooks called as assignments are, got {_list(strange)}", hint="-a NAME")
    return [(stem, *_the_one(group, stem, wanted, budget)) for stem, group in groups.items()]


def _the_one(
    notebooks: Sequence[tuple[str, Entry]], assignment: str, wanted: WantedNotebooks, budget: Budget
) -> tuple[str, Callable[[], bytes]]:
    named = [n for n in notebooks if _stem(n[0]) == assignment]
    candidates = (
        named if len(named) == 1 else [n for n in notebooks if _stem(n[0]) not in set(wanted.known) - {assignment}]
    )
    if len(candidates) != 1:
        raise MalformedError(f"expected one notebook for {assignment}, got {_list([n for n, _ in notebooks])}")
    name, entry = candidates[0]
    return name, partial(entry.read, budget)


def _notebooks(files: Sequence[tuple[str, Entry]]) -> list[tuple[str, Entry]]:
    return [(name, e) for name, e in files if name.lower().endswith(".ipynb") and not is_junk(tuple(name.split("/")))]


def _unzipped(files: Sequence[tuple[str, Entry]], budget: Budget) -> list[tuple[str, Entry]]:
    """What the zips among an upload hold, one level deep. Raises MalformedError for a file in it that is not sound."""
    files_inside: list[tuple[str, Entry]] = []
    for name, entry in files:
        if name.lower().endswith(".zip"):
            entries, problems = zip_entries(open_zip(io.BytesIO(entry.read(budget))))
            if problems:
                raise MalformedError(f"{name}: {problems[0].file}: {problems[0].reason}")
            files_inside += [(e.name, Entry(e.parts, partial(_inside, entry, e.name))) for e in entries]
            if len(files_inside) > MAX_FILES:
                raise MalformedError(f"{name}: expected at most {MAX_FILES} files, got more")
    return files_inside


def _inside(outer: Entry, name: str, budget: Budget) -> bytes:
    """One file of a zip in the archive. Opened anew: the zips of a whole class would not fit into memory."""
    entries, _ = zip_entries(open_zip(io.BytesIO(outer.read(budget))))
    return next(e for e in entries if e.name == name).read(budget)


def _stem(name: str) -> str:
    return _COPY.sub("", name.rpartition("/")[2][: -len(".ipynb")])


def _list(names: Sequence[str]) -> str:
    shown = ", ".join(repr(n[:60]) for n in names[:5]) or "nothing"
    return f"{shown} and {len(names) - 5} more" if len(names) > 5 else shown
