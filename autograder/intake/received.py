"""How and when a submission came in: `received.json` and nbgrader's `timestamp.txt`, beside the notebook.

It is the server's word. The date that a file system or a notebook has is never looked at. If a download has no time,
`autograder collect` can only note when it saw the file, and that makes nobody late.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from autograder.errors import MalformedError
from autograder.files import FileKind, read_bytes
from autograder.intake.entries import Kind

RECORD, TIMESTAMP = "received.json", "timestamp.txt"
RECEIVED = FileKind("a record of autograder collect", 1 << 16)
TIME_FILE = FileKind("a time", 100)
Commit = Annotated[str, Field(pattern=r"^(?:[0-9a-f]{40}|[0-9a-f]{64})?$")]
# 2015-02-02 15:58:23.948203 UTC.  re.ASCII: \d would take the digits of every script.
_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d(?:\.\d{1,6})?) ?(UTC|Z|[+-]\d\d:\d\d)", re.ASCII)


class Received(BaseModel):
    """received.json: how a notebook arrived. clock: whose time `received_at` is; never the student's.

    host: Gradescope told it.  given: `--received`.  collecting: when we saw it first.  late: by the host's own mark or
    the deadline given, None where neither tells.  claimed_*: what a commit says, which a student can set at will.
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
    clock: Literal["host", "given", "collecting"]
    collected_at: AwareDatetime
    late: bool | None = None
    commit: Commit = ""
    tree: Commit = ""
    branch: str = ""
    claimed_author_time: AwareDatetime | None = None
    claimed_commit_time: AwareDatetime | None = None


def read_record(folder: Path) -> Received | None:
    """What received.json says, or None if there is none that can be believed."""
    try:
        return Received.model_validate_json(read_bytes(folder / RECORD, RECEIVED))
    except (MalformedError, ValidationError, OSError):
        return None


def received_at(folder: Path) -> tuple[str, str]:
    """(ISO 8601 in UTC, ""), or ("", why it is not known), or twice "" where nobody told a time.

    A zone must be UTC or an offset: every other name stands for several.
    """
    record = read_record(folder)
    if record and record.clock == "collecting" and record.kind != "git":
        return "", "the host marks it late and tells no time" if record.late else ""
    path = folder / TIMESTAMP
    try:
        if not path.exists() and not path.is_symlink():
            return "", ""
        text = read_bytes(path, TIME_FILE).decode("utf-8-sig").strip()
    except (MalformedError, UnicodeDecodeError, OSError):
        return "", f"{TIMESTAMP}: expected a short text file, got something else"
    match = _TIME.fullmatch(text)
    if not match:
        return "", f"{TIMESTAMP}: expected a time such as 2026-10-12 21:59:00 UTC, got other text"
    day, clock, zone = match.groups()
    try:
        time = datetime.fromisoformat(f"{day}T{_six_digits(clock)}{'+00:00' if zone in {'UTC', 'Z'} else zone}")
        return time.astimezone(UTC).isoformat(), ""
    except (ValueError, OverflowError):
        return "", f"{TIMESTAMP}: expected a time that exists, got {day} {clock} {zone}"


def _six_digits(clock: str) -> str:
    whole, _, fraction = clock.partition(".")
    return f"{whole}.{fraction:0<6}"
