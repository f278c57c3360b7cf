"""Writes result files so that none is lost: what a run changes is in the history before it is changed.

A folder's history is what finished runs left. What else stands there (results of an older version, of a copy, of a run
that was cut off before the checks changed once more) becomes a grading of its own as soon as one of it would be lost.
A run that was cut off and goes on loses none, and so adds none.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from autograder.errors import MalformedError
from autograder.grading import history
from autograder.grading.folder import claimed
from autograder.grading.history import Key
from autograder.grading.results import Result, attempts_and_sha256, grades_csv, result_path, write_atomically
from autograder.intake.reader import read_bytes


class Keeper:
    """What stood in a results folder when a run began, and what of it the history holds. Only under `claimed`.

    Every file is read once, at the beginning. What stands there later is that and what was written since: the folder
    belongs to this run. (If not, and somebody edits a file meanwhile, the history refuses bytes that it was not told.)
    """

    def __init__(self, folder: Path) -> None:
        """Raises AutograderError where the history cannot be read: before anything is graded."""
        self._folder = folder
        found = {(r.assignment, r.student, r.attempt): (r, sha) for r, sha in attempts_and_sha256(folder)}
        self._whole = {key: result for key, (result, _) in found.items()}
        self._rows = {key: _row(result) for key, (result, _) in found.items()}
        self._before: Mapping[Key, str] = {key: sha for key, (_, sha) in found.items()}
        self._files = dict(self._before)
        last = history.current(folder)
        self._kept: Mapping[Key, str] = history.read_grading(folder, last).files if last else {}

    @property
    def keys(self) -> frozenset[Key]:
        """Whose results stand in the folder now."""
        return frozenset(self._files)

    def take(self, key: Key) -> Result | None:
        """The result that stood there when the run began; asked for once, and before anything is written."""
        return self._whole.pop(key, None)

    def write(self, result: Result) -> None:
        """The result's file, whole."""
        self._write_text(result, result.to_json())

    def write_text(self, text: str) -> None:
        """The same, where the bytes are known to be a result's."""
        self._write_text(Result.model_validate_json(text), text)

    def _write_text(self, result: Result, text: str) -> None:
        self._whole.clear()  # a class that is graded anew is not held in memory twice
        key, sha = (result.assignment, result.student, result.attempt), history.sha256(text.encode())
        self._about_to_change(key, sha)
        write_atomically(result_path(self._folder, *key), text)
        self._files[key], self._rows[key] = sha, _row(result)

    def remove(self, key: Key) -> None:
        """A result that the grading to come has not."""
        self._about_to_change(key, "")
        result_path(self._folder, *key).unlink(missing_ok=True)
        del self._files[key], self._rows[key]

    def finish(self) -> None:
        """grades.csv, and the folder as it is now for a grading of the history. What is there already stays."""
        path, text = self._folder / "grades.csv", grades_csv(r for r in self._rows.values() if r.attempt == 0).encode()
        if _bytes_of(path) != text:
            write_atomically(path, text)
        history.record(self._folder, self._files)

    def _about_to_change(self, key: Key, sha: str) -> None:
        if self._before.get(key) not in {None, sha, self._kept.get(key)}:
            history.record(self._folder, self._before)
            self._kept = self._before


def _row(result: Result) -> Result:
    """As much of a result as grades.csv needs: without its parts it is a hundredth."""
    return result.model_copy(update={"questions": (), "pictures": ()})


def _bytes_of(path: Path) -> bytes | None:
    try:
        return read_bytes(path)
    except MalformedError:  # there is none, or it is a link: to be replaced
        return None


def revert(folder: Path, name: str = "previous") -> str:
    """Put the results of an earlier grading back, as a new grading; the id of the one that was put back.

    Everything is read and verified before anything is written. Killed, the same command goes on: `current`, and with
    it `previous`, moves last. Raises AutograderError where a file of the history is not what its name says.
    """
    wanted = history.resolve(folder, name)
    texts = history.read_texts(folder, wanted)
    with claimed(folder, [*(result_path(folder, *key) for key in texts), *history.files_of(folder)]):
        keeper = Keeper(folder)
        for text in texts.values():
            keeper.write_text(text)
        for key in keeper.keys - texts.keys():
            keeper.remove(key)
        keeper.finish()
    return wanted
