"""Handing in: a notebook that comes in over the network → a file, a row and a job, and then a receipt.

The order keeps the promise of a receipt:

1. The bytes go to a `.part` file beside its place. Nothing else waits for that.
2. The file is made safe from a power cut, and gets its name.
3. One short transaction, itself safe from a power cut, holds submission, job and event.
4. Only then there is a receipt.

If the program ends between 2 and 3, the clerk finds a file without a row, and adopts it.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from io import FileIO
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from autograder.errors import AutograderError, UnwritableError
from autograder.files import make_folder, size_text
from autograder.intake.reader import NOTEBOOK
from autograder.portal.database import Database
from autograder.portal.events import note
from autograder.portal.folders import PART, PortalFolders, keep, new_id
from autograder.portal.jobs import queue_newest
from autograder.portal.schema import SubmissionRow

SPARE_BYTES = 200 << 20  # below that, nothing is taken: a receipt needs room for notebook, row and result


class NotTakenError(AutograderError):
    """What was sent was not taken. code: HTTP's.  seconds: when to try again, or 0."""

    def __init__(self, text: str, code: int, seconds: int = 0) -> None:
        super().__init__(text)
        self.code, self.seconds = code, seconds


@dataclass(frozen=True, slots=True)
class Delivery:
    """A notebook that comes in. received: when the headers of its request came.  key: the sender's, 1 to 64 signs."""

    assignment: str
    student: str
    received: datetime
    key: str
    id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class HandIn:
    """A notebook that was handed in, now or before. again: the same was sent before, and nothing was counted."""

    submission: SubmissionRow
    again: bool


class IncomingFile:
    """The bytes of one arrival on their way to the disk."""

    def __init__(self, file: FileIO, path: Path) -> None:
        self._file, self.path = file, path
        self.size, self._sha256 = 0, hashlib.sha256()

    @property
    def sha256(self) -> str:
        """Of the bytes so far."""
        return self._sha256.hexdigest()

    def add(self, data: bytes) -> None:
        """Write some more. Raises NotTakenError if it is too large, or the disk is full."""
        self.size += len(data)
        if self.size > NOTEBOOK.limit:
            most = size_text(NOTEBOOK.limit)
            raise NotTakenError(f"notebook: expected at most {most}, got more. Hint: {NOTEBOOK.hint}.", 413)
        self._sha256.update(data)
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[self._file.write(rest) :]
        except OSError as error:
            raise _disk(error) from None

    def finish(self) -> None:
        """Make the bytes safe from a power cut. Raises NotTakenError."""
        try:
            os.fsync(self._file.fileno())
        except OSError as error:
            raise _disk(error) from None


@contextlib.contextmanager
def uploading(places: PortalFolders, arrival: Delivery) -> Iterator[IncomingFile]:
    """A file for the bytes of an arrival; it is gone after the block, unless `hand_in` kept it."""
    _require_room(places.root)
    place = places.notebook_of(arrival.assignment, arrival.student, arrival.received, arrival.id)
    part = place.with_suffix(PART)
    try:
        make_folder(place.parent, may_be_link=False)
        file = part.open("xb", buffering=0)
    except UnwritableError as error:
        raise NotTakenError(f"NOT handed in: {error}", 507) from None
    except OSError as error:
        raise _disk(error) from None
    try:
        with file:
            yield IncomingFile(file, part)
    finally:
        part.unlink(missing_ok=True)


def hand_in(database: Database, places: PortalFolders, arrival: Delivery, upload: IncomingFile, suite: str) -> HandIn:
    """Keep the upload, and write its row and its job. Call it within `uploading`.

    suite: what a grading of the assignment depends on now.  Raises NotTakenError.
    """
    upload.finish()
    place = places.notebook_of(arrival.assignment, arrival.student, arrival.received, arrival.id)
    try:
        keep(upload.path, place)
    except OSError as error:
        raise _disk(error) from None
    with database.write(lasting=True) as session:
        earlier = sent_before(session, arrival, upload.sha256)
        if earlier and earlier.id == arrival.id:
            taken = HandIn(earlier, again=False)  # the clerk was faster, and adopted this very file
        elif earlier:
            note(session, arrival.received, arrival.student, "handed_in_again", earlier.id)
            taken = HandIn(earlier, again=True)
        else:
            taken = HandIn(add_submission(session, arrival, upload.size, upload.sha256, suite), again=False)
    if taken.again:
        place.unlink(missing_ok=True)
    return taken


def sent_before(session: Session, arrival: Delivery, sha256: str) -> SubmissionRow | None:
    """The submission with this id or key, or the newest if it has these bytes."""
    of_pair = select(SubmissionRow).where(
        SubmissionRow.assignment == arrival.assignment, SubmissionRow.student == arrival.student
    )
    if adopted := session.get(SubmissionRow, arrival.id):
        return adopted
    if with_key := session.scalar(of_pair.where(SubmissionRow.key == arrival.key)):
        return with_key
    newest = session.scalar(of_pair.order_by(SubmissionRow.received.desc()).limit(1))
    return newest if newest and newest.sha256 == sha256 else None


def add_submission(
    session: Session, arrival: Delivery, size: int, sha256: str, suite: str, *, adopted: bool = False
) -> SubmissionRow:
    """Add the rows of a submission and its job to a transaction."""
    submission = SubmissionRow(
        id=arrival.id,
        assignment=arrival.assignment,
        student=arrival.student,
        received=arrival.received,
        size=size,
        sha256=sha256,
        key=arrival.key,
        adopted=adopted,
    )
    session.add(submission)
    session.flush()
    queue_newest(session, submission, suite)
    note(session, arrival.received, arrival.student, "adopted" if adopted else "handed_in", arrival.id)
    return submission


def has_room(folder: Path) -> bool:
    """Whether the disk has room for what comes in and for results."""
    free = os.statvfs(folder)
    return free.f_bavail * free.f_frsize >= SPARE_BYTES


def _require_room(folder: Path) -> None:
    if not has_room(folder):
        raise NotTakenError(
            "NOT handed in: the server's disk is full. Nothing of yours is lost: your notebook is as it was. "
            "Hint: tell your instructor, and hand in again later.",
            507,
        )


def _disk(error: OSError) -> NotTakenError:
    return NotTakenError(
        f"NOT handed in: the server could not write ({error.strerror or 'an error'}). Hint: hand in again later.", 507
    )
