"""Messages to a worker: the course's files with its secret, and notebooks as the bytes that were handed in.

No object of a notebook exists on either side, so Dask pickles none. No file system is shared. Every batch holds the
course (250 kB for three assignments). So a new worker or scheduler needs nothing else, and none keeps the secret for
later. Hand-outs and hidden data can be larger: they go to each worker once, under the hash of their content.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import TypedDict

from autograder.assignment.assignment import Assignment
from autograder.assignment.handouts import hidden_files
from autograder.course import Course
from autograder.errors import AutograderError, MalformedError, UnreadableError
from autograder.files import read_bytes
from autograder.grading.grader import load_suites
from autograder.grading.plan import GradingPlan
from autograder.intake.own_modules import work_sha256
from autograder.intake.reader import NOTEBOOK, read_notebook
from autograder.intake.submissions import Submission
from autograder.records.provenance import Provenance, provenance
from autograder.sandbox.launcher import Tier

NO_DATA: Mapping[str, bytes] = MappingProxyType({})
MAX_BATCH_BYTES = 8 << 20  # of notebooks; a larger notebook goes alone
_NOT_SENT = ("samples", "__pycache__", ".ipynb_checkpoints")


@dataclass(frozen=True, slots=True)
class CourseMessage:
    """Everything that a worker needs besides notebooks. Its repr does not hold the secret, because Dask logs it.

    files: {"NAME/hidden_checks.py": bytes}, without data.  data: SHA-256 of the data, or "".
    suites: {NAME: suite_sha256}.  versions: Provenance as JSON.  identity: SHA-256 of all the rest.
    """

    names: tuple[str, ...]
    suites: Mapping[str, str]
    versions: str
    tier: Tier | None
    device: str
    pictures: bool
    files: Mapping[str, bytes] = field(repr=False)
    secret: bytes = field(repr=False)
    data: str = ""
    identity: str = ""


@dataclass(frozen=True, slots=True)
class SubmissionMessage:
    """One submission with its notebook as bytes, and the texts of the modules that it uses. sha256: of both, or ""."""

    submission: Submission
    notebook: bytes | None = field(repr=False)
    modules: Mapping[str, str] = field(default_factory=dict, repr=False)
    sha256: str = ""


class Reply(TypedDict):
    """A worker's reply.

    results: texts of result files, of the first submissions of a batch.  error: why not of all, or "".

    worker: its address.
    """

    results: list[str]
    error: str
    worker: str


def pack_course(plan: GradingPlan, suites: Mapping[str, Assignment], secret: bytes) -> CourseMessage:
    """The message with which a worker grades as this process would; `pack_data` has the data."""
    kept = _data_files(suites)
    course = CourseMessage(
        plan.assignments,
        {name: suite.suite_sha256 for name, suite in suites.items()},
        provenance().model_dump_json(),
        plan.tier,
        plan.device,
        plan.pictures,
        {f"{n}/{path}": text for n in plan.assignments for path, text in _files(plan.course.solutions / n, kept)}
        | dict(_texts_of_others(plan)),
        secret,
        _digest(pack_data(suites)) if kept else "",
    )
    digest = hashlib.sha256(repr(course).encode() + secret)
    for path, data in sorted(course.files.items()):
        digest.update(f"{path}\n{len(data)}\n".encode() + data)
    return replace(course, identity=digest.hexdigest())


def pack_data(suites: Mapping[str, Assignment]) -> dict[str, bytes]:
    """The hand-outs and the hidden data, by the same paths as the files of the course."""
    return {place: file.read_bytes() for file, place in _data_files(suites).items()}


def _data_files(suites: Mapping[str, Assignment]) -> dict[Path, str]:
    """The place of each file of data: of hand-outs in the assignments' folders, and of hidden files."""
    files = (
        (suite, file)
        for suite in suites.values()
        for file in (*(file for _, file in suite.equipment.files), *hidden_files(suite.folder))
    )
    return {
        file: f"{suite.name}/{file.relative_to(suite.folder).as_posix()}"
        for suite, file in files
        if file.is_relative_to(suite.folder)
    }


def _digest(data: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for place, content in sorted(data.items()):
        digest.update(f"{place}\n{len(content)}\n".encode() + content)
    return digest.hexdigest()


def _files(folder: Path, without: Collection[Path]) -> list[tuple[str, bytes]]:
    files = (
        p
        for p in sorted(folder.rglob("*"))
        if p.is_file() and p not in without and not set(p.relative_to(folder).parts) & {*_NOT_SENT}
    )
    return [(p.relative_to(folder).as_posix(), p.read_bytes()) for p in files]


def _texts_of_others(plan: GradingPlan) -> list[tuple[str, bytes]]:
    """The texts of the course's other assignments: a notebook that was handed in for the wrong one is named."""
    others = (p for p in sorted(plan.course.solutions.glob("*/notebook.py")) if p.parent.name not in plan.assignments)
    return [(f"{p.parent.name}/{p.name}", p.read_bytes()) for p in others]


def unpack_course(message: CourseMessage, folder: Path, data: Mapping[str, bytes]) -> dict[str, Assignment]:
    """The assignments. folder: a new one of this worker, in which only the data stays.

    Raises AutograderError if this machine would grade differently from the one that sent the message.
    """
    _require_same_versions(Provenance.model_validate_json(message.versions))
    course = Course(folder, "")
    for name, content in {**message.files, **data}.items():
        path = course.solutions / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    suites = load_suites(course, message.names, pictures=message.pictures)
    for suite in suites.values():
        _ = suite.handouts, suite.equipment, suite.asked  # read now, because the files are removed
    for name in message.files:
        (course.solutions / name).unlink()
    for name, suite in suites.items():
        if suite.suite_sha256 != message.suites[name]:
            raise AutograderError(
                f"{name}: expected the checks and the reference that this run has, got others. "
                "Hint: install the same course package on the workers."
            )
    return suites


def _require_same_versions(wanted: Provenance) -> None:
    installed = provenance()
    if installed != wanted:
        raise AutograderError(
            f"versions: expected {_versions_text(wanted)}, got {_versions_text(installed)}. "
            "Hint: install the same requirements.lock with the same Python on the workers."
        )


def _versions_text(versions: Provenance) -> str:
    return (
        f"autograder {versions.autograder}, Python {versions.python}, NumPy {versions.numpy}, "
        f"packages {versions.lock_sha256[:8]}"
    )


def pack(submission: Submission) -> SubmissionMessage:
    """Read one submission. If it cannot be read, the message holds the reason."""
    if submission.notebook is None:
        return SubmissionMessage(submission, None)
    without_files = replace(submission, notebook=None, modules=())
    try:
        data = read_bytes(submission.notebook, NOTEBOOK)
        modules = read_notebook(submission.notebook, submission.modules).modules if submission.modules else {}
    except UnreadableError as error:
        return SubmissionMessage(replace(without_files, unreadable=error.got), None)
    except MalformedError as error:
        return SubmissionMessage(replace(without_files, problem=str(error), malformed=True), None)
    return SubmissionMessage(without_files, data, modules, work_sha256(data, modules))


def unpack(message: SubmissionMessage, folder: Path) -> Submission:
    """The submission, its notebook in `folder`, which is new."""
    if message.notebook is None:
        return message.submission
    folder.mkdir()
    path = folder / "notebook.ipynb"
    path.write_bytes(message.notebook)
    for name, text in message.modules.items():
        (folder / f"{name}.py").write_text(text, encoding="utf-8", newline="")
    return replace(message.submission, notebook=path, modules=tuple(sorted(folder.glob("*.py"))))


def take_batch(todo: deque[Submission], most: int) -> list[SubmissionMessage]:
    """The next submissions: at most `most`, and at most as many bytes as one message should have."""
    batch: list[SubmissionMessage] = []
    size = 0
    while todo and len(batch) < most:
        message = pack(todo[0])
        size += len(message.notebook or b"") + sum(map(len, message.modules.values()))
        if batch and size > MAX_BATCH_BYTES:
            break
        batch.append(message)
        todo.popleft()
    return batch
