"""An autograder.zip, as `otter assign` and `otter generate` make it, or the folder into which Gradescope unpacks it.

A teacher's archive is no attack, but it may be broken: each fault is one line.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import CourseError, MalformedError
from autograder.files import size_text
from autograder.intake.archives import open_zip, zip_entries
from autograder.intake.boundary import hostile
from autograder.intake.entries import Budget, Entry, Problem, folder_entries, is_junk
from autograder.otter_courses.otter_settings import FILE, OtterSettings, settings_of

MAX_TESTS = 500
MAX_TEST_BYTES = 1 << 20
REQUIREMENTS = ("requirements.txt", "environment.yml")


@dataclass(frozen=True, slots=True)
class OtterArchive:
    """The files of an archive. tests: text of tests/*.py by path.  files: the teacher's, for the student's folder.

    requirements: the text of each file that lists packages, by its name.
    """

    settings: OtterSettings
    tests: Mapping[str, str]
    files: Mapping[str, bytes]
    requirements: Mapping[str, str]


def read_archive(path: Path) -> OtterArchive:
    """Read an archive or a folder. Raises CourseError with one line that names what is wrong."""
    if not path.exists():
        raise CourseError(f"{path}: expected an autograder.zip of otter, got no file.")
    try:
        with hostile("an autograder.zip of otter"):
            if path.is_dir():
                return _archive(*folder_entries(path))
            with path.open("rb") as file:
                return _archive(*zip_entries(open_zip(file)))
    except MalformedError as error:
        raise CourseError(f"{path}: {error.advice}.") from None
    except CourseError as error:
        raise CourseError(f"{path}: {error}") from None


def _archive(entries: Iterable[Entry], problems: Iterable[Problem]) -> OtterArchive:
    for problem in problems:
        if problem.file.split("/")[0] in {"tests", "files", FILE}:
            raise CourseError(f"{problem.file}: {problem.reason}.")
    budget = Budget()
    by_name = {entry.name: entry for entry in entries if not is_junk(entry.parts)}
    tests = {
        n: _text(e, budget, MAX_TEST_BYTES) for n, e in by_name.items() if _is_in(n, "tests") and n.endswith(".py")
    }
    if not tests:
        raise CourseError("expected test files in tests/, got none. Hint: give the zip that otter assign makes.")
    if len(tests) > MAX_TESTS:
        raise CourseError(f"expected at most {MAX_TESTS} test files, got {len(tests)}.")
    return OtterArchive(
        _settings(by_name.get(FILE), budget),
        tests,
        {n.partition("/")[2]: e.read(budget) for n, e in by_name.items() if _is_in(n, "files")},
        {n: _text(by_name[n], budget, MAX_TEST_BYTES) for n in REQUIREMENTS if n in by_name},
    )


def _is_in(name: str, folder: str) -> bool:
    return name.partition("/")[0] == folder and "/" in name


def _text(entry: Entry, budget: Budget, limit: int) -> str:
    data = entry.read(budget)
    if len(data) > limit:
        raise CourseError(f"{entry.name}: expected at most {size_text(limit)}, got more.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise CourseError(f"{entry.name}: expected UTF-8 text, got other bytes.") from None


def _settings(entry: Entry | None, budget: Budget) -> OtterSettings:
    if entry is None:
        return settings_of({})
    try:
        document = json.loads(_text(entry, budget, MAX_TEST_BYTES))
    except (ValueError, RecursionError) as error:
        raise CourseError(f"{FILE}: expected JSON, got text that is none ({type(error).__name__}).") from None
    return settings_of(document)
