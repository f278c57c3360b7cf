"""The mark of record: results, their signatures and grades.csv, as they stand on a branch of the grading repository.

    README.md                                who is late, missing or unreadable
    grades.csv                               the marks, with the rules of course.toml
    results/ASSIGNMENT/STUDENT.json[.sig]    and results/ASSIGNMENT/earlier/STUDENT/N.json[.sig]
    record.json                              when each result was collected

A result of this run takes the place of an earlier run's. A result that this run does not have stays: a student who
could not be fetched, or graded, keeps the earlier one. A run that was collected earlier replaces nothing, so a job may
be repeated at any time.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from autograder.ci.branch import Branch, Files, update
from autograder.ci.record_page import PageFacts, page
from autograder.errors import AutograderError
from autograder.exports.csv import marks_csv
from autograder.files import claimed, write_atomically
from autograder.intake.received import read_record
from autograder.marks import Mark, marks_of
from autograder.publishing.signing import ENDING
from autograder.records import history
from autograder.records.result import Result
from autograder.records.store import result_path
from autograder.records.writer import ResultWriter

RESULTS, INDEX, GRADES, PAGE = "results", "record.json", "grades.csv", "README.md"


class Index(BaseModel):
    """record.json. collected: when each result that counts was collected, {path: time}."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    collected: dict[str, AwareDatetime] = {}

    def text(self) -> bytes:
        """The content of record.json."""
        times = {path: time.isoformat() for path, time in sorted(self.collected.items())}
        return (json.dumps({"schema": 1, "collected": times}, indent=1) + "\n").encode()


@dataclass(frozen=True, slots=True)
class Incoming:
    """A result of this run. data: its exact bytes.  signature: the file that `ci publish` wrote, or b""."""

    result: Result
    data: bytes
    signature: bytes = b""

    @property
    def path(self) -> str:
        """The path on the branch."""
        return path_of(self.result)


@dataclass(slots=True)
class Changes:
    """What a run did. kept: results of the record, of assignments of this run, that it could not make anew."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)

    @property
    def message(self) -> str:
        """The message of the commit."""
        return f"record: {len(self.new)} new results, {len(self.changed)} changed\n"


@dataclass(frozen=True, slots=True)
class RecordUpdate:
    """The record after a run. commit: that was pushed, or None if nothing changed."""

    commit: str | None
    changes: Changes
    marks: tuple[Mark, ...]


def path_of(result: Result) -> str:
    """Where a result lies on the branch."""
    return result_path(Path(RESULTS), result.assignment, result.student, result.attempt).as_posix()


def collected_at(submitted: Path, otherwise: datetime) -> datetime:
    """When the last notebook of a run was collected. otherwise: where none could be."""
    records = (read_record(path.parent) for path in sorted(submitted.glob("*/*/received.json")))
    return max((record.collected_at for record in records if record), default=otherwise)


def keep(branch: Branch, incoming: Iterable[Incoming], collected: datetime, facts: PageFacts) -> RecordUpdate:
    """Put a run's results on the branch. Raises AutograderError, and the branch is as it was."""
    results = tuple(incoming)
    last: tuple[Changes, tuple[Mark, ...]] = (Changes(), ())

    def change(before: Files) -> tuple[Files, str]:
        nonlocal last
        if before and INDEX not in before:
            raise AutograderError(
                f"{branch.name}: expected a branch that autograder ci record wrote, got another. Hint: --branch NAME."
            )
        files, changes = merged(before, results, collected)
        marks = _marks(files, facts)
        files[GRADES], files[PAGE] = marks_csv(marks).encode(), page(marks, facts).encode()
        last = changes, tuple(marks)
        return files, changes.message

    commit = update(branch, change)
    return RecordUpdate(commit, *last)


def merged(before: Files, incoming: Iterable[Incoming], collected: datetime) -> tuple[dict[str, bytes], Changes]:
    """The files after a run, and what it changed."""
    files, changes, results = dict(before), Changes(), tuple(incoming)
    times = dict(_index(before).collected)
    for each in results:
        path, signature = each.path, each.path + ENDING
        old = before.get(path)
        if old is not None and not _replaces(each, _result(path, old), times.get(path), collected):
            changes.kept.append(path)
            continue
        if old == each.data and each.signature in {b"", before.get(signature, b"")}:
            continue
        (changes.new if old is None else changes.changed).append(path)
        files[path], times[path] = each.data, collected
        files.pop(signature, None)
        if each.signature:
            files[signature] = each.signature
    files[INDEX] = Index(collected=times).text()
    changes.kept += _without_news(before, results)
    return files, changes


def _without_news(before: Files, incoming: tuple[Incoming, ...]) -> list[str]:
    """Results of the record for which this run has none, in the assignments that it graded."""
    paths = {each.path for each in incoming}
    graded = {each.result.assignment for each in incoming}
    return [
        path
        for path, result in results_in(before).items()
        if path not in paths and result.assignment in graded and not result.attempt
    ]


def _replaces(new: Incoming, old: Result, recorded: datetime | None, collected: datetime) -> bool:
    """An error says nothing about the work, and an earlier night nothing about a later one."""
    if not new.result.has_verdict and old.has_verdict:
        return False
    return recorded is None or recorded <= collected


def _index(files: Files) -> Index:
    try:
        return Index.model_validate_json(files.get(INDEX, b"{}"))
    except ValidationError:
        raise _damaged(INDEX, "the list that autograder ci record wrote") from None


def results_in(files: Files) -> dict[str, Result]:
    """{path: result} of the record. Raises AutograderError if one cannot be read: nobody is left out in silence."""
    return {path: _result(path, data) for path, data in files.items() if _is_result(path)}


def _is_result(path: str) -> bool:
    parts = PurePosixPath(path)
    return parts.parts[:1] == (RESULTS,) and parts.suffix == ".json"


def _result(path: str, data: bytes) -> Result:
    try:
        result = Result.from_json(data)
    except ValidationError:
        raise _damaged(path, "a result") from None
    if path_of(result) != path:
        raise _damaged(path, f"the result of this place, not of {path_of(result)}")
    return result


def _damaged(path: str, expected: str) -> AutograderError:
    return AutograderError(
        f"{path}: expected {expected}, got something else. Hint: git revert the commit that changed it on this branch."
    )


def _marks(files: Files, facts: PageFacts) -> list[Mark]:
    """The marks by the rules of the course, without assignments that are not open yet."""
    results = list(results_in(files).values())
    marks = marks_of(results, facts.course.policy, roster=facts.roster, now=facts.now)
    return [mark for mark in marks if mark.state != "draft"]


def restore(files: Mapping[str, bytes], folder: Path) -> int:
    """Write the record's results and signatures into a folder of results, and keep there what they replace.

    Returns the number of results. Raises AutograderError before anything is written.
    """
    results = results_in(files)
    places = {path: result_path(folder, r.assignment, r.student, r.attempt) for path, r in results.items()}
    signatures = {p: place.with_name(place.name + ENDING) for p, place in places.items()}
    with claimed(folder, [*places.values(), *signatures.values(), *history.files_of(folder)]):
        writer = ResultWriter(folder)
        for path, result in results.items():
            writer.write_text(result, files[path].decode())
            signatures[path].unlink(missing_ok=True)
            if path + ENDING in files:
                write_atomically(signatures[path], files[path + ENDING])
        writer.finish()
    return len(results)
