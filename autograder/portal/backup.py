"""Backups: the database first and then the files, so that no row lacks its file. And the way back.

    DIR/20261012T020000Z/portal.db  or  portal.dump     the database
    DIR/20261012T020000Z/handed_in/…, results/…         all notebooks and results, as in work/portal
    DIR/20261012T020000Z/receipts.pem, receipts.pem.pub
    DIR/20261012T020000Z/complete                       written last

A notebook and a result never change. So a file that the backup before has is linked and takes no room a second time.
Links in work/portal are not followed: the web process can write there, and must not choose what a backup holds.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import URL, inspect, make_url, select

from autograder.errors import AutograderError, FileError
from autograder.files import FileKind, make_folder, read_bytes, sync, unwritable, write_atomically
from autograder.intake.reader import NOTEBOOK
from autograder.portal.database import Database, open_database
from autograder.portal.folders import PortalFolders
from autograder.portal.schema import GradingRow, SubmissionRow
from autograder.publishing.signing import KEY
from autograder.records.history import sha256
from autograder.records.store import RESULT

NIGHTLY = 14  # backups that are kept
_COMPLETE, _SQLITE, _DUMP = "complete", "portal.db", "portal.dump"
_KEYS = ("receipts.pem", "receipts.pem.pub")
_STAMP = "%Y%m%dT%H%M%SZ"
_NAME = re.compile(r"\d{8}T\d{6}Z", re.ASCII)
_RESULT = re.compile(r"[0-9a-f]{64}\.json", re.ASCII)


def back_up(database: Database, places: PortalFolders, root: Path, now: datetime, keep: int = NIGHTLY) -> Path:
    """Make a backup in `root` and remove the oldest beyond `keep`. Returns its folder. Raises AutograderError."""
    make_folder(root)
    target = root / now.astimezone(UTC).strftime(_STAMP)
    if target.exists():
        raise AutograderError(f"{target}: expected no backup of this second yet, got one. Hint: run it again.")
    before = backups(root)
    try:
        target.mkdir(mode=0o700)
        PortalFolders(target).make()
        _dump(database, target)
        _copy_files(places, target, before[-1] if before else None)
        write_atomically(target / _COMPLETE, "1\n")
        sync(root)
        for old in _superfluous(root, keep):
            shutil.rmtree(old)
    except OSError as error:
        raise unwritable(target, error) from None
    return target


def back_up_nightly(database: Database, places: PortalFolders, root: Path, now: datetime) -> Path | None:
    """Make a backup if the newest one is a day old, or there is none. Ask as often as you like."""
    whole = backups(root)
    if whole and now - datetime.strptime(whole[-1].name, _STAMP).replace(tzinfo=UTC) < timedelta(days=1):
        return None
    return back_up(database, places, root, now)


def backups(root: Path) -> list[Path]:
    """The whole backups in a folder, the oldest first."""
    return [p for p in _folders(root) if (p / _COMPLETE).is_file()]


def _folders(root: Path) -> list[Path]:
    if not root.is_dir():
        return []
    return sorted(p for p in root.iterdir() if _NAME.fullmatch(p.name) and p.is_dir() and not p.is_symlink())


def _superfluous(root: Path, keep: int) -> list[Path]:
    """The oldest beyond `keep`, and those that were begun and never ended."""
    whole = backups(root)
    newest = whole[-1]
    return [*whole[: -max(1, keep)], *(p for p in _folders(root) if p not in whole and p < newest)]


# --- Files ---


def _copy_files(places: PortalFolders, target: Path, before: Path | None) -> None:
    for path, kind in _files(places):
        name = path.relative_to(places.root)
        copy = target / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        old = before / name if before and kind is not KEY else None
        if old is None or not _link(old, copy, path):
            write_atomically(copy, read_bytes(path, kind), mode=0o600)


def _link(old: Path, copy: Path, path: Path) -> bool:
    """Link the file of the backup before, if it has one of this size and the file system can do it."""
    with contextlib.suppress(OSError):
        if old.stat(follow_symlinks=False).st_size == path.stat(follow_symlinks=False).st_size:
            os.link(old, copy, follow_symlinks=False)
            return True
    return False


def _files(places: PortalFolders) -> Iterator[tuple[Path, FileKind]]:
    """Every file of a portal but the database, by names that the portal gives."""
    yield from ((kept.path, NOTEBOOK) for kept in places.all_handed_in())
    for entry in sorted(os.scandir(places.results), key=lambda e: e.name):
        if _RESULT.fullmatch(entry.name) and entry.is_file(follow_symlinks=False):
            yield Path(entry.path), RESULT
    yield from ((path, KEY) for name in _KEYS if (path := places.root / name).is_file() and not path.is_symlink())


# --- The database ---


def _dump(database: Database, target: Path) -> None:
    if not database.is_sqlite:
        _run("pg_dump", database.engine.url, "--format=custom", f"--file={target / _DUMP}")
        return
    with (
        contextlib.closing(sqlite3.connect(database.engine.url.database or "")) as source,
        contextlib.closing(sqlite3.connect(target / _SQLITE)) as copy,
    ):
        source.backup(copy)


def _run(program: str, url: URL, *arguments: str) -> None:
    """Run a program of PostgreSQL's. The password goes by its environment: everybody can read a command line."""
    given = {"PGHOST": url.host, "PGPORT": url.port, "PGUSER": url.username, "PGPASSWORD": url.password}
    environment = {**os.environ, **{name: str(value) for name, value in given.items() if value}}
    command = [program, "--no-password", f"--dbname={url.database}", *arguments]
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    except OSError:
        raise AutograderError(f"{program}: expected to run it, got none. Hint: install postgresql-client.") from None
    if done.returncode:
        said = (done.stderr.strip() or "an error").splitlines()[0][:300]
        raise AutograderError(f"{program}: expected it to end well, got {said}.")


# --- The way back ---


def restore(folder: Path, places: PortalFolders, url: str) -> int:
    """Put a backup where no portal is. folder: one backup, or a folder of several: then the newest of them.

    Returns how many notebooks came back. Raises AutograderError: if there is a portal already, or a file is missing.
    """
    source = folder if (folder / _COMPLETE).is_file() else next(reversed(backups(folder)), None)
    if source is None:
        raise AutograderError(
            f"{folder}: expected a backup, got none. Hint: name the folder of autograder serve backup."
        )
    if places.root.exists() and any(places.root.iterdir()):
        raise AutograderError(f"{places.root}: expected no portal, got one. Hint: move it away first.")
    places.make()
    kept = PortalFolders(source)
    _copy_files(kept, places.root, None)
    for name in _KEYS:
        if (places.root / name).is_file():
            (places.root / name).chmod(0o600)
    _restore_database(source, url)
    database = open_database(url)
    try:
        return _checked(database, places)
    finally:
        database.close()


def _restore_database(source: Path, url: str) -> None:
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        _require(source / _SQLITE, "a backup of SQLite", "this one is of PostgreSQL: give --database URL")
        shutil.copyfile(source / _SQLITE, address.database or "", follow_symlinks=False)
        return
    _require(source / _DUMP, "a backup of PostgreSQL", "this one is of SQLite: give no --database")
    empty = Database(url)
    try:
        if inspect(empty.engine).get_table_names():
            raise AutograderError(f"{empty.shown}: expected an empty database, got tables. Hint: make a new one.")
    finally:
        empty.close()
    _run("pg_restore", address, "--no-owner", "--exit-on-error", str(source / _DUMP))


def _require(path: Path, what: str, hint: str) -> None:
    if not path.is_file():
        raise AutograderError(f"{path.parent}: expected {what}, got none. Hint: {hint}.")


def _checked(database: Database, places: PortalFolders) -> int:
    """The number of submissions, all of whose files are there as they were. Raises AutograderError for the first."""
    with database.read() as session:
        rows = session.scalars(select(SubmissionRow)).all()
        results = set(session.scalars(select(GradingRow.result)))
    for row in rows:
        _require_bytes(places.notebook_of(row.assignment, row.student, row.received, row.id), NOTEBOOK, row.sha256)
    for result in results:
        _require_bytes(places.result_of(result), RESULT, result)
    return len(rows)


def _require_bytes(path: Path, kind: FileKind, wanted: str) -> None:
    try:
        same = sha256(read_bytes(path, kind)) == wanted
    except FileError as error:
        raise AutograderError(f"restored, but {error}") from None
    if not same:
        raise AutograderError(
            f"restored, but {path}: expected the bytes of its row, got others. Hint: an older backup."
        )
