"""Checks the result files of a job in which student code ran, one by one.

No link is followed, and no large file is read. Points, titles and checks must be those of the course. So the other job
decides only which check passed, and in whose repository.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from autograder.assignment.assignment import Assignment
from autograder.authoring.failing import DIAGNOSES
from autograder.errors import MalformedError
from autograder.files import FileKind, read_bytes
from autograder.records.history import FOLDER as HISTORY
from autograder.records.result import QuestionResult, Result
from autograder.records.store import result_path

UNTRUSTED = FileKind("a result", 8 << 20)
MAX_FILES = 50_000
_SHA256 = re.compile(r"[0-9a-f]{64}")
MAX_NAME = 1000  # characters of a folder's name; odd bytes are written as four characters each
MAX_TEXT = 2000
_DEPTH = 3  # ASSIGNMENT/earlier/STUDENT/N.json


@dataclass(frozen=True, slots=True)
class Accepted:
    """A result that may be published, and the bytes that are signed."""

    result: Result
    data: bytes


@dataclass(frozen=True, slots=True)
class Refused:
    """A file of the results' folder that is not published. name: relative to it."""

    name: str
    reason: str


class _RefusedError(Exception):
    """Why one file is refused."""


def examine(folder: Path, suites: Mapping[str, Assignment]) -> Iterator[Accepted | Refused]:
    """Every file below `folder`, in order, but grades.csv and the history.

    suites: the course's own assignments.
    """
    for number, (path, problem) in enumerate(_files(folder, folder, 0)):
        name = str(path.relative_to(folder))
        if number >= MAX_FILES:
            yield Refused(name, f"expected at most {MAX_FILES} files, got more: the rest was not looked at")
            return
        try:
            _require(not problem, problem)
            if name != "grades.csv":
                yield _accepted(folder, path, suites)
        except _RefusedError as error:
            yield Refused(name, str(error))


def _files(root: Path, folder: Path, depth: int) -> Iterator[tuple[Path, str]]:
    """(path, "") for a file; (path, reason) for everything that is neither file nor folder, or too deep."""
    with os.scandir(folder) as entries:
        ordered = sorted(entries, key=lambda e: os.fsencode(e.name))
    for entry in ordered:
        mode = entry.stat(follow_symlinks=False).st_mode
        path = folder / entry.name
        if path == root / HISTORY:
            continue  # the history: only the newest grading is published
        if stat.S_ISDIR(mode) and depth < _DEPTH:
            yield from _files(root, path, depth + 1)
        elif stat.S_ISREG(mode):
            yield path, ""
        else:
            odd = "a symbolic link" if stat.S_ISLNK(mode) else "a folder" if stat.S_ISDIR(mode) else "something else"
            yield path, f"expected a regular file, got {odd}"


def _accepted(folder: Path, path: Path, suites: Mapping[str, Assignment]) -> Accepted:
    try:
        data = read_bytes(path, UNTRUSTED)
    except MalformedError as error:
        raise _RefusedError(error.reason) from None
    try:
        result = Result.model_validate_json(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise _RefusedError(f"expected a result, got {where or 'text'}: {first['msg']}") from None
    try:
        same = result.to_json().encode() == data
    except ValueError:  # lone surrogates
        same = False
    _require(same, "expected the very bytes that grade writes, got a repeated key, an odd number, or other spelling")
    expected = result_path(folder, result.assignment, result.student, result.attempt)
    _require(path == expected, f"expected the file {expected.name!r} of what it says, got another place")
    _require(result.assignment in suites, "expected an assignment of this course, got another one")
    _require_of_the_course(result, suites[result.assignment])
    _require_inert(result)
    return Accepted(result, data)


def _require(holds: bool, otherwise: str) -> None:
    if not holds:
        raise _RefusedError(otherwise)


def _require_of_the_course(result: Result, suite: Assignment) -> None:
    """Points, titles and checks are the course's, and only a pass earns a check's points."""
    _require(result.suite_sha256 == suite.suite_sha256, "expected this course's checks, got a result of others")
    _require(result.max_score == suite.max_score, f"expected {suite.max_score:g} points in all, got other ones")
    _require(result.provenance is not None, "expected a provenance, got none. Hint: grade --all")
    if result.status != "graded" and not (result.status == "error" and result.questions):
        _require(not result.questions and result.score == 0, f"expected no points for what is {result.status}")
        return
    _require(result.sandbox.tier in {"A", "B"}, "expected a sandbox, got a result of a grading without one")
    _require(_SHA256.fullmatch(result.submission_sha256) is not None, "expected a submission's sha256, got none")
    _require(_SHA256.fullmatch(result.seed) is not None, "expected a seed, got none")
    shapes = [_shape(question) for question in result.questions]
    _require(
        shapes == _shapes(suite), "expected the questions and checks of this course, with their points, got others"
    )
    for check in (check for question in result.questions for check in question.checks):
        earned = check.max_points if check.outcome == "pass" else 0
        _require(check.points == earned, f"{check.id}: expected {earned:g} points for a {check.outcome}, got another")
        _require(check.carried in (0, check.max_points), f"{check.id}: expected all or none carried, got another")
        _require(check.diagnosis in {"", *DIAGNOSES}, f"{check.id}: expected a known diagnosis, got another")


def _shape(question: QuestionResult) -> tuple[object, ...]:
    checks = tuple((c.id, c.title, c.visibility, c.max_points) for c in question.checks)
    return question.id, question.title, question.bonus, question.max_score, checks


def _shapes(suite: Assignment) -> list[tuple[object, ...]]:
    return [
        (
            q.id,
            suite.title_of(q),
            q.bonus,
            q.points,
            tuple((c.id, c.title, c.visibility, c.points) for c in suite.checks if c.question == q.id),
        )
        for q in suite.settings.questions
    ]


def _require_inert(result: Result) -> None:
    """All text is on one line, bounded, and without control characters, as `grade` writes it."""
    _require(0 < len(result.student) <= MAX_NAME, "expected a student's name of ordinary length, got another")
    texts = [
        result.reason,
        *(text for flag in result.flags for text in flag.data),
        *(e.error for e in result.cell_errors),
    ]
    texts += [c.message for c in result.checks]
    short = all(t.isprintable() and len(t) <= MAX_TEXT for t in texts)
    _require(short, "expected messages of one short printable line, got others")
