"""Writes result files so that none is lost: what a run changes is in the history before it is changed.

A folder's history is what finished runs left. What else stands there (results of an older version, of a copy, of a run
that was cut off before the checks changed once more) becomes a grading of its own as soon as one of it would be lost.
A run that was cut off and goes on loses none, and so adds none.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from autograder.grading import history
from autograder.grading.folder import claimed
from autograder.grading.history import Key
from autograder.grading.results import Result, all_attempts, grades_csv, result_path, write_atomically


class Keeper:
    """What stood in a results folder when a run began, and what of it the history holds. Only under `claimed`."""

    def __init__(self, folder: Path) -> None:
        """Raises AutograderError where the history cannot be read: before anything is graded."""
        self._folder = folder
        self._before = history.snapshot(folder)
        last = history.current(folder)
        self._kept: Mapping[Key, str] = history.read_grading(folder, last).files if last else {}

    def write(self, result: Result) -> None:
        """The result's file, whole."""
        self.write_text((result.assignment, result.student, result.attempt), result.to_json())

    def write_text(self, key: Key, text: str) -> None:
        """The same, where the bytes are known."""
        self._about_to_change(key, history.sha256(text.encode()))
        write_atomically(result_path(self._folder, *key), text)

    def remove(self, key: Key) -> None:
        """A result that the grading to come has not."""
        self._about_to_change(key, "")
        result_path(self._folder, *key).unlink(missing_ok=True)

    def finish(self) -> None:
        """grades.csv, and the folder as it is now for a grading of the history."""
        results = all_attempts(self._folder)
        write_atomically(self._folder / "grades.csv", grades_csv(r for r in results if r.attempt == 0))
        history.record(self._folder, history.snapshot(self._folder, results))

    def _about_to_change(self, key: Key, sha: str) -> None:
        if self._before.get(key) not in {None, sha, self._kept.get(key)}:
            history.record(self._folder, self._before)
            self._kept = self._before


def revert(folder: Path, name: str = "previous") -> str:
    """Put the results of an earlier grading back, as a new grading; the id of the one that was put back.

    Everything is read and verified before anything is written. Killed, the same command goes on: `current`, and with
    it `previous`, moves last. Raises AutograderError where a file of the history is not what its name says.
    """
    wanted = history.resolve(folder, name)
    texts = history.read_texts(folder, wanted)
    with claimed(folder, [*(result_path(folder, *key) for key in texts), *history.files_of(folder)]):
        keeper = Keeper(folder)
        for key, text in texts.items():
            keeper.write_text(key, text)
        for key in history.snapshot(folder).keys() - texts.keys():
            keeper.remove(key)
        keeper.finish()
    return wanted
