"""How and when a submission came in: `received.json` and nbgrader's `timestamp.txt`, beside the notebook.

A folder that a person copied can hold files of the student's. So `autograder collect` signs each record with the
course's secret, and only a signed record counts. The date that a file system or a notebook has is never looked at. If a
download has no time, `collect` can only note when it saw the file, and that makes nobody late.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from autograder.errors import MalformedError
from autograder.files import FileKind, read_bytes
from autograder.intake.boundary import hostile
from autograder.intake.entries import Kind
from autograder.intake.own_modules import MAX_MODULES, module_of
from autograder.intake.reader import NOTEBOOK
from autograder.times import timestamp_text, written_time

RECORD, TIMESTAMP = "received.json", "timestamp.txt"
RECEIVED = FileKind("a record of autograder collect", 1 << 16)
TIME_FILE = FileKind("a time", 100)
Clock = Literal["host", "given", "collecting"]
Place = tuple[str, str, int]  # student, assignment, attempt
Digest = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
Commit = Annotated[str, Field(pattern=r"^(?:[0-9a-f]{40}|[0-9a-f]{64})?$")]


class Received(BaseModel):
    """received.json: how a notebook arrived. clock: whose time `received_at` is; never the student's.

    host: the host of the download or of the repository told it.  given: `--received`.  collecting: when we saw it
    first; it makes nobody late.  late: by the host's own mark or the deadline given, None where neither tells.
    claimed_*: what a commit says, which a student can set at will.
    attempt: 0 for the newest, N in `earlier/N`.  modules: the sha256 of each module that was kept, by name.
    identity: how the host calls the student, for the way back: {column of the roster: value}, as the archive says it.
    host_name: what the host called the file or its folder in the archive, for the way back; "" if it gives no name.
    mac: of all other fields, see `signed`; "" before it is signed.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    schema_: Literal[1] = Field(1, alias="schema")
    student: str
    assignment: str
    kind: Kind
    source: str
    file: str
    notebook_sha256: str = Field(pattern="^[0-9a-f]{64}$")
    received_at: AwareDatetime
    clock: Clock
    collected_at: AwareDatetime
    late: bool | None = None
    commit: Commit = ""
    tree: Commit = ""
    branch: str = ""
    claimed_author_time: AwareDatetime | None = None
    claimed_commit_time: AwareDatetime | None = None
    attempt: int = Field(0, ge=0, le=9999)
    modules: dict[str, Digest] = Field({}, max_length=MAX_MODULES)
    identity: dict[str, str] = Field(default_factory=dict, max_length=20)
    host_name: str = ""
    mac: str = Field("", pattern="^(?:[0-9a-f]{64})?$")

    def signed(self, secret: bytes, attempt: int = 0) -> Received:
        """The same record as this attempt's, with its signature."""
        record = self.model_copy(update={"attempt": attempt})
        return record.model_copy(update={"mac": record._mac(secret)})  # noqa: SLF001 — of the same class

    def is_signed(self, secret: bytes) -> bool:
        """Whether the signature is of these fields and this secret."""
        return hmac.compare_digest(self.mac, self._mac(secret))

    def is_of(self, notebook: Path) -> bool:
        """Whether the record is about the bytes of this notebook, and of the modules that lie beside it."""
        modules = {f"{name}.py": digest for name, digest in self.modules.items() if module_of(f"{name}.py")}
        files = {notebook.name: self.notebook_sha256, **modules}
        try:
            return all(
                hashlib.sha256(read_bytes(notebook.with_name(name), NOTEBOOK)).hexdigest() == digest
                for name, digest in files.items()
            )
        except MalformedError:
            return False

    def _mac(self, secret: bytes) -> str:
        """Fields with their default are left out: a version that adds one still accepts the records of this one."""
        text = self.model_dump_json(by_alias=True, exclude={"mac"}, exclude_defaults=True)
        return hmac.new(secret, b"received.json\0" + text.encode(), hashlib.sha256).hexdigest()

    def text(self) -> str:
        """The content of received.json."""
        return self.model_dump_json(by_alias=True, indent=2) + "\n"


@dataclass(frozen=True, slots=True)
class Trust:
    """Which files beside a notebook count. secret: of the course; a record that is signed with it counts.

    timestamps: whether nbgrader's timestamp.txt counts without a record.
    """

    secret: bytes = field(repr=False)
    timestamps: bool = False


@dataclass(frozen=True, slots=True)
class Receipt:
    """How a notebook came in, as far as it can be believed. received: ISO 8601 in UTC, or "".  commit: of git, or "".

    signed: whether a signed record says so.  undated: why the time is not known, or "".  unsigned: files that nobody
    signed.  missigned: files whose signature is not of this notebook, this place and this secret.
    """

    signed: bool = False
    received: str = ""
    undated: str = ""
    commit: str = ""
    unsigned: tuple[str, ...] = ()
    missigned: tuple[str, ...] = ()


def read_record(folder: Path) -> Received | None:
    """What received.json says, signed or not; None if there is none that can be read."""
    try:
        with hostile("a record"):
            return Received.model_validate_json(read_bytes(folder / RECORD, RECEIVED))
    except MalformedError:
        return None


def signed_record(notebook: Path, place: Place, secret: bytes) -> Received | None:
    """The record beside a notebook, if `collect` wrote it for this notebook and this place."""
    record = read_record(notebook.parent)
    if record is None or (record.student, record.assignment, record.attempt) != place or not record.is_signed(secret):
        return None
    return record if record.is_of(notebook) else None


def receipt_of(folder: Path, notebook: Path | None, place: Place, trust: Trust) -> Receipt:
    """How the notebook in a folder came in. notebook: None if there is none, or more than one."""
    record = signed_record(notebook, place, trust.secret) if notebook else None
    if record is None:
        return _without_record(folder, trust)
    changed = (TIMESTAMP,) if _lies(folder, TIMESTAMP) and _text(folder) != timestamp_text(record.received_at) else ()
    if record.clock == "collecting":
        undated = "the host marks it late and tells no time" if record.late else ""
        return Receipt(signed=True, undated=undated, commit=record.commit, missigned=changed)
    time = record.received_at.astimezone(UTC).isoformat()
    return Receipt(signed=True, received=time, commit=record.commit, missigned=changed)


def _without_record(folder: Path, trust: Trust) -> Receipt:
    record = read_record(folder)
    files = tuple(_beside(folder))
    if record and record.mac:
        return Receipt(missigned=files)
    if trust.timestamps:
        received, undated = written_at(folder)
        return Receipt(received=received, undated=undated, unsigned=tuple(name for name in files if name != TIMESTAMP))
    return Receipt(unsigned=files)


def _beside(folder: Path) -> Iterator[str]:
    return (name for name in (RECORD, TIMESTAMP) if _lies(folder, name))


def _lies(folder: Path, name: str) -> bool:
    return os.path.lexists(folder / name)


def _text(folder: Path) -> str | None:
    """The text of timestamp.txt, or None if there is none."""
    try:
        return read_bytes(folder / TIMESTAMP, TIME_FILE).decode("utf-8-sig").strip()
    except (MalformedError, UnicodeDecodeError):
        return None


def written_at(folder: Path) -> tuple[str, str]:
    """What timestamp.txt says: (ISO 8601 in UTC, ""), or ("", why it is not known), or twice "" if there is none."""
    if not _lies(folder, TIMESTAMP):
        return "", ""
    text = _text(folder)
    if text is None:
        return "", f"{TIMESTAMP}: expected a short text file, got something else"
    try:
        when = written_time(text)
    except ValueError:
        return "", f"{TIMESTAMP}: expected a time that exists, got {text}"
    if when is None:
        return "", f"{TIMESTAMP}: expected a time such as 2026-10-12 21:59:00 UTC, got other text"
    return when.isoformat(), ""
