"""The log of what was mailed: one JSON line a page, in work/returned/sent.jsonl. Reading is pure; `append` writes.

A line is written after the server took the message. If the run is killed between the two, the next run sends that one
message again: better twice than never.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from autograder.errors import AutograderError
from autograder.files import FileKind, read_bytes, unwritable
from autograder.returning.letters import Last, Letter

SENT = FileKind("a log of what was sent", 256 << 20, "move it away; then everything is sent again")


class Sent(BaseModel):
    """One page that a mail server took."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    at: AwareDatetime
    student: str
    assignment: str
    address: str
    page_sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    message_id: str


def sent_entries(letter: Letter, message_id: str, at: datetime) -> list[Sent]:
    """A line for each page of a letter that was sent."""
    return [
        Sent(
            at=at,
            student=page.student,
            assignment=page.assignment,
            address=letter.address,
            page_sha256=page.sha256,
            message_id=message_id,
        )
        for page in letter.pages
    ]


def last_sent(path: Path) -> Last:
    """What each address has. A last line without its end is of a run that was killed, and does not count.

    Raises AutograderError for a file that is no such log.
    """
    if not path.exists():
        return {}
    *lines, _ = read_bytes(path, SENT).split(b"\n")
    sent = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            entry = Sent.model_validate_json(line)
        except ValidationError:
            raise AutograderError(
                f"{path}, line {number}: expected {SENT.name}, got another line. Hint: {SENT.hint}."
            ) from None
        sent[entry.student, entry.assignment, entry.address] = entry.page_sha256
    return sent


def mend(path: Path) -> None:
    """Remove the half line that a killed run left, so that the next line does not join it."""
    try:
        if path.exists():
            data = read_bytes(path, SENT)
            if not data.endswith(b"\n"):
                os.truncate(path, data.rfind(b"\n") + 1)
    except OSError as error:
        raise unwritable(path, error) from None


def append(path: Path, entries: Iterable[Sent]) -> None:
    """Add lines, and wait until they are safe from a power cut. Raises AutograderError."""
    text = "".join(f"{entry.model_dump_json()}\n" for entry in entries)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "ab") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise unwritable(path, error) from None
