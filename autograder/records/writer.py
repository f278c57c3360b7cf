"""Writes result files so that no result is lost: before a file changes, the history has what it held.

The history holds the gradings of finished runs. A folder can also hold results that no grading of the history has: of
an older version of this package, of a copy, or of a run that was cut off. Before one of these is replaced, all results
of the folder become a grading of the history. A run that was cut off and goes on replaces none, and so adds no grading.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple, Protocol

from autograder.errors import AutograderError, MalformedError, OneFileError, UnwritableError
from autograder.files import PREFIX, SUFFIX, FileKind, claimed, read_bytes, write_atomically
from autograder.records import history
from autograder.records.grades import Grade, Key, grade_of, grades_csv, key_of
from autograder.records.result import Result
from autograder.records.store import RESULT, attempts_and_sha256, read_result, result_path

_GRADES = FileKind("grades.csv", 20 << 20)


class RecordedResult(NamedTuple):
    """A result that was in the folder when a run began.

    result: it may come without its parts.  grade: made from all of it.
    """

    result: Result
    grade: Grade


class RunWriter(Protocol):
    """Writes the results of one run into a folder. Use it only under `claimed`.

    A new one raises AutograderError if the history cannot be read: before anything is graded.
    """

    def take(self, key: Key) -> RecordedResult | None:
        """The result that was in the folder when the run began. Ask once for each key, before anything is written."""

    def write(self, result: Result) -> None:
        """Write the result's file, whole. Raises OneFileError if the place of this file is at fault."""

    def finish(self) -> None:
        """Do what is left to do after the last result."""


class ResultWriter:
    """The RunWriter of a run that has the folder to itself.

    Every file in the folder is read once, at the beginning. (If somebody edits a file during the run all the same, the
    history refuses it, because its bytes are not those that were read.)
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._old: dict[Key, Result] = {}
        self._grades: dict[Key, Grade] = {}
        self._files: dict[Key, str] = {}
        for result, sha in attempts_and_sha256(folder):
            key = key_of(result)
            self._old[key], self._grades[key], self._files[key] = _without_parts(result), grade_of(result), sha
        self._before: Mapping[Key, str] = dict(self._files)
        last = history.current(folder)
        self._kept: Mapping[Key, str] = history.read_grading(folder, last).files if last else {}

    @property
    def keys(self) -> frozenset[Key]:
        """The keys of the results that are in the folder now."""
        return frozenset(self._files)

    def take(self, key: Key) -> RecordedResult | None:
        """See RunWriter. The result comes without its parts."""
        old = self._old.pop(key, None)
        return RecordedResult(old, self._grades[key]) if old else None

    def write(self, result: Result) -> None:
        self.write_text(result, result.to_json())

    def write_text(self, result: Result, text: str) -> None:
        """The result's file from its text, which can be of an earlier schema."""
        self._old.clear()  # `take` is not called any more
        grade, sha = grade_of(result), history.sha256(text.encode())
        key = key_of(grade)
        self._about_to_change(key, sha)
        _write_one(result_path(self._folder, *key), text)
        self._files[key], self._grades[key] = sha, grade

    def holds(self, result: Result) -> bool:
        """Whether the folder has this very result."""
        return self._files.get(key_of(result)) == history.sha256(result.to_json().encode())

    def remove(self, key: Key) -> None:
        """Remove a result that the new grading does not have."""
        self._about_to_change(key, "")
        result_path(self._folder, *key).unlink(missing_ok=True)
        del self._files[key], self._grades[key]

    def finish(self) -> None:
        """Write grades.csv, and add the folder as it is now to the history, each only if it changed."""
        path, text = self._folder / "grades.csv", grades_csv(self._grades.values()).encode()
        if _bytes_of(path) != text:
            write_atomically(path, text)
        history.record(self._folder, self._files)

    def _about_to_change(self, key: Key, sha: str) -> None:
        if self._before.get(key) not in {None, sha, self._kept.get(key)}:
            history.record(self._folder, self._before)
            self._kept = self._before


def _write_one(path: Path, text: str) -> None:
    """Write a result's file. Raises OneFileError if this path is at fault: a file beside it can be written."""
    try:
        write_atomically(path, text)
    except UnwritableError as error:
        beside = path.with_name(f"{PREFIX}beside{SUFFIX}")  # a name that `sweep` knows
        try:
            write_atomically(beside, text)
        finally:
            beside.unlink(missing_ok=True)
        raise OneFileError(str(error)) from None


def _without_parts(result: Result) -> Result:
    """The fields that say whether a result is up to date: a hundredth of its size."""
    return result.model_copy(update={"questions": (), "cell_errors": (), "pictures": ()})


def _bytes_of(path: Path) -> bytes | None:
    try:
        return read_bytes(path, _GRADES)
    except MalformedError:  # there is no file, or it is a link: it will be replaced
        return None


def revert(folder: Path, name: str = "previous") -> str:
    """Put the results of an earlier grading back, as a new grading. Returns the id of the earlier one.

    Everything is read and verified before anything is written. After a kill, the same command goes on, because
    `current` and `previous` change last. Raises AutograderError where a file of the history is not what its name says.
    """
    wanted = history.resolve(folder, name)
    texts = history.read_texts(folder, wanted)
    with claimed(folder, [*(result_path(folder, *key) for key in texts), *history.files_of(folder)]):
        writer = ResultWriter(folder)
        for text in texts.values():
            writer.write_text(Result.from_json(text), text)
        for key in writer.keys - texts.keys():
            writer.remove(key)
        writer.finish()
    return wanted


class ShardWriter:
    """The RunWriter of a shard: other shards write into the same folder at the same time.

    It refuses to replace a result that the history does not hold.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        last = history.current(folder)
        self._kept = history.read_grading(folder, last).files if last else {}

    def take(self, key: Key) -> RecordedResult | None:
        old = read_result(result_path(self._folder, *key))
        return RecordedResult(old, grade_of(old)) if old else None

    def write(self, result: Result) -> None:
        text, path = result.to_json(), result_path(self._folder, *key_of(result))
        if read_result(path) is not None:
            old = history.sha256(read_bytes(path, RESULT))
            if old not in {history.sha256(text.encode()), self._kept.get(key_of(result))}:
                raise AutograderError(
                    f"{path}: expected what the last grading has, got a result of shards that nobody finished, which "
                    "would be lost. Hint: finish them with autograder grade without --shard, or use another --out."
                )
        _write_one(path, text)

    def finish(self) -> None:
        """Do nothing: grades.csv and the history are written by the run without a shard, see grading/shard.py."""
