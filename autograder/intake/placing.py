"""Puts one notebook where `autograder grade` looks for it, with what is known of its arrival beside it.

`STUDENT/ASSIGNMENT/` holds ASSIGNMENT.ipynb, the student's own modules that it uses, timestamp.txt as nbgrader reads
it, and received.json, signed with the course's secret. What was there before goes to `earlier/N/` first. The notebook
is written last: whenever a run is killed, the old or the new one is there whole, and the next run mends the rest.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from autograder.errors import MalformedError
from autograder.files import PREFIX, SUFFIX, read_bytes, sweep, sync, unwritable, write_atomically
from autograder.intake.own_modules import modules_beside
from autograder.intake.precedence import came_before, digest, holds, require_newer
from autograder.intake.reader import NOTEBOOK
from autograder.intake.received import RECORD, TIMESTAMP, Received, Trust, read_record, signed_record, written_at
from autograder.intake.submissions import EARLIER, LAST_ATTEMPT, attempt_number, earlier_attempts
from autograder.intake.wrong_files import REFUSED, RefusedFiles
from autograder.times import timestamp_text

Placed = Literal["new", "unchanged", "again"]


@dataclass(frozen=True, slots=True)
class Arrival:
    """A notebook and how it came. modules: that it uses, by name.  deadline: of this student, or None."""

    data: bytes
    record: Received
    modules: Mapping[str, bytes] = field(default_factory=dict)
    deadline: datetime | None = None


def place(root: Path, arrival: Arrival, trust: Trust, *, dry: bool = False) -> Placed:
    """Write it, or with `dry` say what would be written. Raises MalformedError if it must not be, AutograderError.

    trust: the record is signed with its secret.
    """
    record, secret = arrival.record, trust.secret
    folder = root / record.student / record.assignment
    notebook = folder / f"{record.assignment}.ipynb"
    _require_ours(root, folder, notebook)
    try:
        was = digest(notebook)
        if not dry:
            _sweep(folder)
            _mend(notebook, record, secret)
        _require_our_record(folder, secret)
        current = read_record(folder)
        if holds(folder, record):
            if not dry:
                _note_host(folder, record, secret)
            return "unchanged"
        if was and came_before(folder, record, secret):
            return "unchanged"
        if was:
            require_newer(folder, record, arrival.deadline)
        if not dry:
            if was:
                _put_aside(notebook, record, trust)
            _write_modules(folder, arrival.modules, current.modules if current else {})
            write_atomically(folder / TIMESTAMP, timestamp_text(record.received_at).encode())
            write_atomically(folder / RECORD, record.signed(secret).text())
            write_atomically(notebook, arrival.data)
            (folder / REFUSED).unlink(missing_ok=True)
    except OSError as error:
        raise unwritable(folder, error) from None
    return "new" if was is None else "again"


def place_earlier(root: Path, arrival: Arrival, trust: Trust) -> None:
    """Put a notebook that came before the one that lies there beside the earlier attempts, with the next number.

    Raises MalformedError if it must not be, AutograderError.
    """
    record = arrival.record
    folder = root / record.student / record.assignment
    _require_ours(root, folder, folder / f"{record.assignment}.ipynb")
    number = _next_number(folder)
    texts = {
        TIMESTAMP: timestamp_text(record.received_at).encode(),
        RECORD: record.signed(trust.secret, number).text().encode(),
        f"{record.assignment}.ipynb": arrival.data,
    }
    try:
        _write_attempt(folder, number, {**{f"{name}.py": data for name, data in arrival.modules.items()}, **texts})
    except OSError as error:
        raise unwritable(folder, error) from None


def place_refused(root: Path, student: str, assignment: str, refused: RefusedFiles) -> None:
    """Note what was handed in, where no notebook of this student lies yet. Raises AutograderError."""
    folder = root / student / assignment
    notebook = folder / f"{assignment}.ipynb"
    _require_ours(root, folder, notebook)
    if not notebook.exists():
        write_atomically(folder / REFUSED, refused.text())


def _write_modules(folder: Path, modules: Mapping[str, bytes], before: Mapping[str, str]) -> None:
    """Write the modules, and remove those that came before and are no longer handed in."""
    for name in before.keys() - modules.keys():
        (folder / f"{name}.py").unlink(missing_ok=True)
    for name, data in modules.items():
        write_atomically(folder / f"{name}.py", data)


def _mend(notebook: Path, record: Received, secret: bytes) -> None:
    """Undo what a killed run had begun: it put this very notebook aside, and came no further than its companions.

    Only an attempt that we signed is taken back: a student can put the same notebook there, with another time.
    """
    folder, number = notebook.parent, max(earlier_attempts(notebook.parent), default=0)
    last = folder / EARLIER / str(number)
    aside = signed_record(last / notebook.name, (record.student, record.assignment, number), secret)
    if aside is None or digest(notebook) != aside.notebook_sha256:
        return
    current = signed_record(notebook, (record.student, record.assignment, 0), secret)
    if current and current.modules != aside.modules:
        return  # the run came to its end: only the modules differ
    for name in aside.modules:
        write_atomically(folder / f"{name}.py", read_bytes(last / f"{name}.py", NOTEBOOK))
    write_atomically(folder / TIMESTAMP, timestamp_text(aside.received_at).encode())
    write_atomically(folder / RECORD, aside.signed(secret).text())
    begun = folder / f"{PREFIX}undone{SUFFIX}"
    last.rename(begun)
    shutil.rmtree(begun)


def _note_host(folder: Path, record: Received, secret: bytes) -> None:
    """Note what the host says now of the same notebook: how it calls the student, if that was not known, and the file.

    Canvas gives a file that is handed in again a new number.
    """
    current = read_record(folder)
    if current is None:
        return
    changes: dict[str, Any] = {}
    if record.identity and not current.identity:
        changes["identity"] = record.identity
    if record.host_name not in {"", current.host_name}:
        changes["host_name"] = record.host_name
    if changes:
        write_atomically(folder / RECORD, current.model_copy(update=changes).signed(secret).text())


def _require_our_record(folder: Path, secret: bytes) -> None:
    """A record that we did not sign is neither believed nor overwritten: it may be right, and the secret another."""
    record = read_record(folder)
    ours = record is not None and record.is_signed(secret)
    if os.path.lexists(folder / RECORD) and not ours:
        raise MalformedError(
            f"{folder / RECORD}: expected a record that this course's secret signed, got another one",
            hint="restore the secret; autograder adopt if collect wrote it; else move it away",
        )


def _require_ours(root: Path, folder: Path, notebook: Path) -> None:
    """Nothing of somebody else is written through, over or beside."""
    for path in (root / folder.parent.name, folder, folder / EARLIER):
        if path.is_symlink() or (path.exists() and not path.is_dir()):
            raise MalformedError(f"{path}: expected a folder, got a link or a file", hint="move it away")
    if notebook.is_symlink() or notebook.is_dir():
        raise MalformedError(f"{notebook}: expected a file, got a link or a folder", hint="move it away")
    odd = [p for p in folder.glob("*.py") if p.is_dir()]
    if odd:
        raise MalformedError(f"{odd[0]}: expected a file, got a folder", hint="move it away")
    others = sorted(p.name for p in folder.glob("*.ipynb") if p != notebook and not p.name.startswith("."))
    if others:
        raise MalformedError(f"{folder}: holds {others[0][:60]!r}, which was not collected", hint="move it away")


def _put_aside(notebook: Path, record: Received, trust: Trust) -> None:
    """Copy the current files to the next `earlier/N/`, whole or not at all. A record that counts is signed for N."""
    folder = notebook.parent
    number = _next_number(folder)
    texts = {}
    if counts := signed_record(notebook, (record.student, record.assignment, 0), trust.secret):
        texts = {RECORD: counts.signed(trust.secret, number).text()}
    elif dated := _record_of_timestamp(notebook, record, trust):
        texts = {RECORD: dated.signed(trust.secret, number).text(), TIMESTAMP: timestamp_text(dated.received_at)}
    files = {}
    for name in (TIMESTAMP, RECORD, *(p.name for p in modules_beside(folder, ())), notebook.name):
        if name in texts:
            files[name] = texts[name].encode()
        elif (folder / name).is_file() and not (folder / name).is_symlink():
            files[name] = read_bytes(folder / name, NOTEBOOK)
    _write_attempt(folder, number, files)


def _next_number(folder: Path) -> int:
    """The number of the next earlier attempt. Raises MalformedError if there are too many."""
    number = 1 + max((n for n in map(attempt_number, _names(folder / EARLIER)) if n), default=0)
    if number > LAST_ATTEMPT:
        raise MalformedError(f"expected at most {LAST_ATTEMPT} attempts, got more", hint=f"move {EARLIER}/ away")
    return number


def _write_attempt(folder: Path, number: int, files: Mapping[str, bytes]) -> None:
    """Write `earlier/N/` with these files, whole or not at all; the notebook is the last of them."""
    target = folder / EARLIER / str(number)
    target.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(SUFFIX, PREFIX, folder) as made:
        part = Path(made) / "attempt"
        part.mkdir(0o755)
        for name, data in files.items():
            write_atomically(part / name, data)
        part.rename(target)
    sync(target.parent)


def _record_of_timestamp(notebook: Path, newer: Received, trust: Trust) -> Received | None:
    """What nbgrader's timestamp.txt says, as a record, where the course trusts it and no record lies beside it.

    An earlier attempt counts only with a signed record; without one, the student would lose the time.
    """
    received, _ = written_at(notebook.parent)
    if not (trust.timestamps and received) or os.path.lexists(notebook.parent / RECORD):
        return None
    return Received(
        student=newer.student,
        assignment=newer.assignment,
        kind="folder",
        source=TIMESTAMP,
        file=notebook.name,
        notebook_sha256=hashlib.sha256(read_bytes(notebook, NOTEBOOK)).hexdigest(),
        received_at=datetime.fromisoformat(received),
        clock="given",
        collected_at=newer.collected_at,
    )


def _names(folder: Path) -> list[str]:
    return os.listdir(folder) if folder.is_dir() else []  # noqa: PTH208 — links and files are names in use, too


def _sweep(folder: Path) -> None:
    """Remove what a killed run had under way."""
    sweep(folder)
    for left in folder.glob(f"{PREFIX}*{SUFFIX}"):
        if left.is_dir() and not left.is_symlink():
            shutil.rmtree(left)
