"""The history of a results folder: every grading is kept inside it, in files that are named by their SHA-256.

    DIR/.history/results/SHA256.json    a result file's bytes
    DIR/.history/gradings/SHA256.json   {"schema": 1, "parent": SHA256 or null,
                                         "results": {ASSIGNMENT: {STUDENT: SHA256}},
                                         "earlier": {ASSIGNMENT: {STUDENT: {ATTEMPT: SHA256}}}}
    DIR/.history/current                the last grading's SHA256

No file holds a time, an order or a counter. So two gradings of the same class into new folders give the same history,
and a run that changes nothing adds nothing. `current` is written last: a run that was killed has added nothing, and the
next run adds the grading once. Every name in a file is checked before it becomes a path. A file is refused if its bytes
do not have the SHA-256 of its name. The name of the folder begins with a dot, and no assignment's name does.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from autograder.errors import AutograderError, FileError
from autograder.files import FileKind, read_bytes, write_atomically
from autograder.records.grades import Key
from autograder.records.result import Result
from autograder.records.store import result_path

FOLDER = ".history"
_GRADING = FileKind("a file of the history", 20 << 20)
Files = Mapping[Key, str]  # {key: sha256 of its result file}
_SHA256 = r"^[0-9a-f]{64}$"
_PREFIX = re.compile(r"[0-9a-f]{4,64}")
_START_ANEW = f"restore it from a copy; or move {FOLDER} away, and a new history begins"
Sha256 = Annotated[str, StringConstraints(pattern=_SHA256)]
Attempt = Annotated[int, Field(ge=1)]
FolderName = Annotated[str, StringConstraints(pattern=r"^[^./\x00][^/\x00]{0,199}$")]


class Grading(BaseModel):
    """One grading: which result every student had on every assignment, and which grading came before."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    schema_: Literal[1] = Field(1, alias="schema")
    parent: Sha256 | None
    results: dict[FolderName, dict[str, Sha256]]
    earlier: dict[FolderName, dict[str, dict[Attempt, Sha256]]]

    @property
    def files(self) -> dict[Key, str]:
        """All results of the grading in one table."""
        newest = {(a, s, 0): sha for a, students in self.results.items() for s, sha in students.items()}
        return newest | {
            (a, s, n): sha
            for a, students in self.earlier.items()
            for s, attempts in students.items()
            for n, sha in attempts.items()
        }

    def to_json(self) -> str:
        """The file's text."""
        return self.model_dump_json(by_alias=True, indent=1) + "\n"


def current(folder: Path) -> str | None:
    """The last grading's id, or None where nothing was recorded. Raises AutograderError if it is no id."""
    path = folder / FOLDER / "current"
    if not path.exists() and not path.is_symlink():
        return None
    text = _read(path, "the last grading's id").decode("ascii", "replace").strip()
    if not re.fullmatch(_SHA256, text):
        raise AutograderError(f"{path}: expected a grading's id, got something else. Hint: {_START_ANEW}.")
    return text


def read_grading(folder: Path, identity: str) -> Grading:
    """The grading of that id. Raises AutograderError where the file is not what its name says."""
    path = grading_path(folder, identity)
    data = _read_named(path, identity, "the grading of that id")
    try:
        return Grading.model_validate_json(data)
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"][:1])
        raise AutograderError(
            f"{path}: expected a grading, got something else at {where or 'its beginning'}. Hint: {_START_ANEW}."
        ) from None


def gradings(folder: Path) -> Iterator[tuple[str, Grading]]:
    """Every grading and its id, the last first."""
    identity = current(folder)
    while identity:
        grading = read_grading(folder, identity)
        yield identity, grading
        identity = grading.parent


def resolve(folder: Path, name: str) -> str:
    """The id of `current`, of `previous`, or of the grading whose id begins with `name`.

    Raises AutograderError if there is none.
    """
    last = current(folder)
    if last is None:
        raise AutograderError(f"{folder}: expected an earlier grading, got none. Hint: autograder grade first.")
    if name == "current":
        return last
    if name == "previous":
        parent = read_grading(folder, last).parent
        if parent is None:
            raise AutograderError(f"{folder}: expected an earlier grading, got one only. Hint: nothing changed yet.")
        return parent
    matches = [i for i, _ in gradings(folder) if i.startswith(name)] if _PREFIX.fullmatch(name) else []
    if len(matches) != 1:
        got = f"{len(matches)} that begin so" if matches else "none of that name"
        raise AutograderError(
            f"{name!r}: expected current, previous or the beginning of a grading's id, got {got}. "
            "Hint: autograder diff --list."
        )
    return matches[0]


def read_texts(folder: Path, identity: str) -> dict[Key, str]:
    """The result files of a grading, each with the bytes of its name. Raises AutograderError where one has not."""
    files = read_grading(folder, identity).files
    return {key: _read_result(folder, key, sha)[1] for key, sha in files.items()}


def read_graded(folder: Path, identity: str) -> list[Result]:
    """The results of a grading, by assignment and student. Raises AutograderError for a file with other bytes."""
    files = read_grading(folder, identity).files
    return [_read_result(folder, key, sha)[0] for key, sha in sorted(files.items())]


def read_changed(folder: Path, old: str, new: str) -> Iterator[tuple[Result | None, Result | None]]:
    """The pairs of results in which two gradings differ, one after the other; None where a grading has none.

    Results that both gradings have are not read. For a class of 10,000 in which one result changed, that saves 10 s and
    2 GB.
    """
    before, after = read_grading(folder, old).files, read_grading(folder, new).files
    for key in sorted(k for k in {*before, *after} if before.get(k) != after.get(k)):
        a, b = (_read_result(folder, key, files[key])[0] if key in files else None for files in (before, after))
        yield a, b


def files_of(folder: Path) -> list[Path]:
    """A file of each folder that `record` writes into, for `claimed`."""
    return [folder / FOLDER / "current", grading_path(folder, "x"), _object_path(folder, "x")]


def record(folder: Path, files: Files) -> str | None:
    """Add a grading if it differs from the last one. Returns the id of the last one. Call it only under `claimed`.

    The bytes come from the history, or else from the results folder. First the results are written, then the grading,
    then `current`, so the history is whole after each step. After a kill, the same call writes the missing files.
    """
    parent = current(folder)
    if files == (read_grading(folder, parent).files if parent else {}):
        return parent
    for key, sha in files.items():
        _keep(folder, key, sha)
    text = _grading(parent, files).to_json()
    identity = sha256(text.encode())
    write_atomically(grading_path(folder, identity), text)
    write_atomically(folder / FOLDER / "current", f"{identity}\n")
    return identity


def _grading(parent: str | None, files: Files) -> Grading:
    newest: dict[str, dict[str, str]] = {}
    earlier: dict[str, dict[str, dict[int, str]]] = {}
    for (assignment, student, attempt), sha in sorted(files.items()):
        if attempt:
            earlier.setdefault(assignment, {}).setdefault(student, {})[attempt] = sha
        else:
            newest.setdefault(assignment, {})[student] = sha
    return Grading(schema=1, parent=parent, results=newest, earlier=earlier)


def _keep(folder: Path, key: Key, sha: str) -> None:
    """Make sure that the history has the result, whole. One that a power cut left short is written again."""
    path = _object_path(folder, sha)
    if path.exists() and sha256(_read(path, "a result")) == sha:
        return
    data = _read_named(result_path(folder, *key), sha, "the result that was just written")
    write_atomically(path, data.decode())


def _read_result(folder: Path, key: Key, sha: str) -> tuple[Result, str]:
    path = _object_path(folder, sha)
    data = _read_named(path, sha, "the result of that id")
    try:
        result = Result.from_json(data)
    except ValidationError:
        raise AutograderError(f"{path}: expected a result, got something else. Hint: {_START_ANEW}.") from None
    if (result.assignment, result.student, result.attempt) != key:
        raise AutograderError(f"{path}: expected the result of {key[1]!r} on {key[0]}, got another's.")
    return result, data.decode()


def _read_named(path: Path, sha: str, what: str) -> bytes:
    data = _read(path, what)
    if sha256(data) != sha:
        raise AutograderError(f"{path}: expected {what}, got other bytes: cut short or changed. Hint: {_START_ANEW}.")
    return data


def _read(path: Path, what: str) -> bytes:
    try:
        return read_bytes(path, _GRADING)
    except FileError as error:
        raise AutograderError(f"{path}: expected {what}, got {error.got}. Hint: {_START_ANEW}.") from None


def grading_path(folder: Path, identity: str) -> Path:
    """The path of the grading with that id."""
    return folder / FOLDER / "gradings" / f"{identity}.json"


def _object_path(folder: Path, sha: str) -> Path:
    return folder / FOLDER / "results" / f"{sha}.json"


def sha256(data: bytes) -> str:
    """The SHA-256 of `data` in hexadecimals: the name of a file of the history."""
    return hashlib.sha256(data).hexdigest()
