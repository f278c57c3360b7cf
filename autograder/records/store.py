"""Result files in a folder: the path of each, and how they are read."""

from __future__ import annotations

import contextlib
import gc
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from autograder.errors import AutograderError, MalformedError, UnreadableError
from autograder.files import FileKind, read_bytes
from autograder.intake.submissions import EARLIER
from autograder.records.result import Result
from autograder.text import file_name

RESULT = FileKind("a result", 20 << 20, "autograder grade --all makes it again")
_EARLIER_ONES = f"*/{EARLIER}/*/*.json"


def read_result(path: Path) -> Result | None:
    """Read a result file. None if there is no file, it was cut short, or its numbers do not add up."""
    read = _read(path)
    return read[0] if read else None


def _read(path: Path) -> tuple[Result, str] | None:
    """The result and the sha256 of its file's bytes, or None."""
    try:
        data = read_bytes(path, RESULT)
        return Result.from_json(data), hashlib.sha256(data).hexdigest()
    except (OSError, MalformedError, ValidationError):
        return None


def all_results(folder: Path) -> list[Result]:
    """The newest attempts of all runs, by assignment and student.

    A file counts only at the path that its result has. So a copy or a linked folder does not bring in a result twice.
    """
    return [r for r in _sorted(folder, "*/*.json") if r.attempt == 0]


def read_results(folder: Path) -> list[Result]:
    """The newest attempts below a folder, by assignment and student.

    Raises AutograderError if there are none, or if the system refuses to read one.
    """
    _require_readable(folder)
    return _some(folder, all_results(folder))


def all_attempts(folder: Path) -> list[Result]:
    """The newest attempts and then the earlier ones."""
    newest = [r for r in _sorted(folder, "*/*.json") if r.attempt == 0]
    return [*newest, *(r for r in _sorted(folder, _EARLIER_ONES) if r.attempt)]


def attempts_and_sha256(folder: Path) -> Iterator[tuple[Result, str]]:
    """All attempts, each with the sha256 of its file's bytes. Each file is read once, when the caller asks for it."""
    yield from (pair for pair in _pairs(folder, "*/*.json") if pair[0].attempt == 0)
    yield from (pair for pair in _pairs(folder, _EARLIER_ONES) if pair[0].attempt)


def read_attempts(folder: Path) -> list[Result]:
    """All attempts below a folder, for marks. Raises AutograderError as `read_results`."""
    _require_readable(folder)
    return _some(folder, all_attempts(folder))


def _require_readable(folder: Path) -> None:
    """Raise UnreadableError if the system refuses to read a result: no list of marks leaves anybody out in silence."""
    for each in (folder, *folder.glob("*"), *folder.glob(f"*/{EARLIER}"), *folder.glob(f"*/{EARLIER}/*")):
        if each.is_dir() and not os.access(each, os.R_OK | os.X_OK):
            raise UnreadableError(str(each), "a folder of results", "no permission to read it")
    for file in (*folder.glob("*/*.json"), *folder.glob(_EARLIER_ONES)):
        if not file.is_symlink() and not os.access(file, os.R_OK):
            raise UnreadableError(str(file), RESULT.name, "no permission to read it")


def _sorted(folder: Path, pattern: str) -> list[Result]:
    with _all_is_kept():
        results = [r for r, _ in _pairs(folder, pattern)]
    return sorted(results, key=lambda r: (r.assignment, r.student, r.attempt))


def _pairs(folder: Path, pattern: str) -> Iterator[tuple[Result, str]]:
    files = sorted(folder.glob(pattern))
    linked = {p for p in {f.parent for f in files} if any(each.is_symlink() for each in _between(folder, p))}
    for path in files:
        pair = None if path.parent in linked else _read(path)
        if pair and path == result_path(folder, pair[0].assignment, pair[0].student, pair[0].attempt):
            yield pair


@contextlib.contextmanager
def _all_is_kept() -> Iterator[None]:
    """Keep Python from searching the results for garbage while they are read: more than half of the time for 1,000.

    `gc.freeze` spares them later searches, too. Results hold no cycles, so they are freed as usual when nobody uses
    them.
    """
    searches = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if searches:
            gc.enable()


def _between(folder: Path, inner: Path) -> list[Path]:
    """The folders from `folder` down to `inner`, without the first."""
    return [p for p in (inner, *inner.parents) if p != folder and p.is_relative_to(folder)]


def _some(folder: Path, results: list[Result]) -> list[Result]:
    if not results:
        raise AutograderError(f"{folder}: expected results, got none. Hint: autograder grade first.")
    return results


def result_path(folder: Path, assignment: str, student: str, attempt: int = 0) -> Path:
    """The path of a result's file. Signs in a student's id that could be harmful in a file name are escaped."""
    if attempt:
        return folder / assignment / EARLIER / file_name(student) / f"{attempt}.json"
    return folder / assignment / f"{file_name(student)}.json"
