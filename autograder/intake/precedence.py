"""Whether a notebook that comes in may take the place of the one that lies there. Reads files, and writes none."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path

from autograder.errors import MalformedError
from autograder.files import read_bytes
from autograder.intake.reader import NOTEBOOK
from autograder.intake.received import Received, read_record, signed_record
from autograder.intake.submissions import EARLIER, earlier_attempts
from autograder.times import timestamp_text


def require_newer(folder: Path, record: Received, deadline: datetime | None) -> None:
    """An old archive that is collected once more must not take the place of what came after it.

    deadline: of this student, or None. Raises MalformedError.
    """
    current = read_record(folder)
    if current is None:
        return
    if record.clock == "host" and current.clock == "host" and record.received_at <= current.received_at:
        raise MalformedError(f"it is older than what is there, of {timestamp_text(current.received_at)}")
    if deadline and record.late and not _was_late(current, deadline):
        raise MalformedError(
            f"received at {timestamp_text(record.received_at)}, after the deadline; kept what came before it, of "
            f"{timestamp_text(current.received_at)}"
        )
    if record.kind == "git" or record.clock == "host":
        return  # a repository's head is what is handed in now, and a host's clock says what is newer
    for attempt in earlier_attempts(folder):
        if holds(folder / EARLIER / str(attempt), record):
            raise MalformedError(
                f"its bytes came before, as attempt {attempt}, and others came after",
                hint=f"if the student went back to it, copy it from {EARLIER}/{attempt}/ by hand",
            )


def came_before(folder: Path, record: Received, secret: bytes) -> bool:
    """Whether it is an earlier attempt that the host dates, and that lies there already, signed with the secret."""
    if record.clock != "host":
        return False
    place = record.student, record.assignment
    paths = ((n, folder / EARLIER / str(n) / f"{record.assignment}.ipynb") for n in earlier_attempts(folder))
    attempts = [was for n, path in paths if (was := signed_record(path, (*place, n), secret))]
    return any(_as_it_came(was) == _as_it_came(record) for was in attempts)


def _as_it_came(record: Received) -> tuple[datetime, str, dict[str, str]]:
    return record.received_at, record.notebook_sha256, record.modules


def holds(folder: Path, record: Received) -> bool:
    """Whether the notebook and the modules of a record lie there already."""
    current = read_record(folder)
    same_modules = record.modules == (current.modules if current else {})
    return same_modules and digest(folder / f"{record.assignment}.ipynb") == record.notebook_sha256


def digest(path: Path) -> str | None:
    """The sha256 of a file, or None if there is none."""
    return hashlib.sha256(read_bytes(path, NOTEBOOK)).hexdigest() if path.is_file() else None


def _was_late(current: Received, deadline: datetime) -> bool:
    return current.received_at > deadline if current.late is None else current.late
