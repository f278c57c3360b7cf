"""Remembers what a release was made of, so that nothing is made twice while no byte and no version has changed.

A record lies in work/release/. It names folders and files, and has a hash over all of them and the installed versions,
and a hash over what was made. Whoever edits either side gets a new release.
"""

from __future__ import annotations

import functools
import hashlib
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

import autograder
from autograder.course import Course
from autograder.files import write_atomically

FIRST_PAGE = "open first"  # so begin the names of its records; no assignment can have one
MADE_BY_USE = frozenset({"__pycache__", ".ipynb_checkpoints", ".OTTER_LOG"})  # when a person opens a notebook
_NO_PART = MADE_BY_USE | {"samples"}  # a release does not read them


class ReleaseRecord(BaseModel):
    """What a release was made of, and what it made. made_of, made: SHA-256."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    folders: tuple[Path, ...]
    files: tuple[Path, ...]
    made_of: str
    made: str


def is_unchanged(course: Course, name: str) -> bool:
    """Whether a release would make what is there. A record that cannot be read is none."""
    try:
        record = ReleaseRecord.model_validate_json(_file(course, name).read_bytes())
    except (OSError, ValidationError):
        return False
    if record.made_of != _hash([*record.folders, *record.files], _versions() + _our_bytes()):
        return False
    return record.made == _hash(_made(course, name))


def page_search(name: str) -> str:
    """The record of a search of the first page for this assignment's answers: who edits one need not load them all."""
    return f"{FIRST_PAGE}, {name}"


def is_first_page_unchanged(course: Course) -> bool:
    """Whether the first page lies beside the assignments as it is, and was searched for all their answers."""
    return all(is_unchanged(course, each) for each in (FIRST_PAGE, *map(page_search, course.names())))


def remember(course: Course, name: str, folders: Iterable[Path], files: Iterable[Path]) -> None:
    """Write the record of a release that was made just now. folders, files: all that it depends on."""
    parts = tuple(sorted(set(folders))), tuple(sorted(set(files)))
    record = ReleaseRecord(
        folders=parts[0],
        files=parts[1],
        made_of=_hash([*parts[0], *parts[1]], _versions() + _our_bytes()),
        made=_hash(_made(course, name)),
    )
    _file(course, name).parent.mkdir(parents=True, exist_ok=True)
    write_atomically(_file(course, name), record.model_dump_json(indent=1).encode())


def _file(course: Course, name: str) -> Path:
    return course.work / "release" / f"{name}.json"


def _made(course: Course, name: str) -> list[Path]:
    """Where a release writes."""
    if name.startswith(FIRST_PAGE):
        return [course.assignments / Path(course.open_first).name]
    return [course.assignments / name, course.work / "source" / name, course.work / "otter" / name]


def _versions() -> str:
    """Python and all that is installed: pip names a folder after each version."""
    places = {sysconfig.get_path(kind) for kind in ("purelib", "platlib")}
    return "\n".join([sys.version, *sorted(p.name for place in places for p in Path(place).glob("*.dist-info"))])


@functools.cache
def _our_bytes() -> str:
    """A hash over this package, which does not change while it runs."""
    return _hash([Path(autograder.__file__).parent])


def _hash(paths: Iterable[Path], beside: str = "") -> str:
    """Over names and bytes of these files, and of all files in these folders. One that is missing counts, too."""
    whole = hashlib.sha256(beside.encode())
    for path in paths:
        for file in _files(path):
            data = file.read_bytes() if file.is_file() else b"missing"
            whole.update(f"\n{file}\n{hashlib.sha256(data).hexdigest()}".encode())
    return whole.hexdigest()


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    yield from sorted(p for p in path.rglob("*") if p.is_file() and not _NO_PART & set(p.relative_to(path).parts))
