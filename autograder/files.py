"""Files and folders: reading within limits, writing whole, and a folder that belongs to one run at a time.

This module imports no other stage.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import math
import os
import stat
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomli

from autograder.errors import AutograderError, CourseError, FileError, UnreadableError, UnwritableError

_KINDS = frozenset({errno.ELOOP, errno.ENXIO})  # open refuses a link, a socket and the like: it is no regular file
_WHY_NOT = {errno.ENOENT: "no file", errno.EACCES: "no permission to read it", errno.ELOOP: "a symbolic link"}
PREFIX, SUFFIX = ".autograder-", ".part"  # of a file that is being written: no other program's file has both


@contextlib.contextmanager
def claimed(folder: Path, files: Iterable[Path], *, shared: bool = False) -> Iterator[None]:
    """Hold `folder` for this run alone, ready for `files`. Raises AutograderError if a file could not be written.

    shared: hold it together with other runs that ask for it shared.
    """
    files = list(files)
    folders = sorted({folder, *(p for f in files for p in f.parents if p.is_relative_to(folder))})
    for each in folders:
        make_folder(each, may_be_link=each == folder)
    with locked(folder, shared=shared) as alone:
        for each in folders:
            if alone:
                sweep(each)
            _try_to_write(each)
        for file in files:
            if file.is_dir() and not file.is_symlink():
                raise AutograderError(f"{file}: expected a file or nothing, got a folder. Hint: move it away.")
        files.clear()  # the list takes 6 MB for a class of 10,000
        yield


@contextlib.contextmanager
def locked(folder: Path, *, wait: bool = False, shared: bool = False) -> Iterator[bool]:
    """Hold the folder's lock until the block or this process ends. Gives whether this run is surely alone.

    It is not if the lock is shared, or if the file system has no locks. The lock is on the folder itself, so no lock
    file stays behind. Raises AutograderError if another run has the lock.
    """
    try:
        fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise unwritable(folder, error) from None
    try:
        fcntl.flock(fd, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        os.close(fd)
        raise AutograderError(
            f"{folder}: expected to be alone, got another run that writes into it. Hint: wait for it, or use --out."
        ) from None
    except OSError:  # some network file systems have no locks; files are still written whole there, perhaps twice
        alone = False
    else:
        alone = not shared
    try:
        yield alone
    finally:
        os.close(fd)


def sweep(folder: Path) -> None:
    """Remove files that a killed run was writing. Call it only with the lock."""
    for file in folder.glob(f"{PREFIX}*{SUFFIX}"):
        if file.is_file() and not file.is_symlink():
            file.unlink(missing_ok=True)


def sync(folder: Path) -> None:
    """Make the names in a folder survive a power cut; a rename alone does not."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    except OSError as error:
        if error.errno != errno.EINVAL:  # this file system cannot do it
            raise
    finally:
        os.close(fd)


def make_folder(folder: Path, *, may_be_link: bool = True) -> None:
    """Make a folder, and those around it, if it is not there. Raises AutograderError if that fails."""
    try:
        if folder.is_symlink() and not may_be_link:
            raise AutograderError(f"{folder}: expected a folder, got a symbolic link. Hint: remove it.")
        if not folder.is_dir():
            folder.mkdir(parents=True, exist_ok=True)
            sync(folder.parent)
    except OSError as error:
        raise unwritable(folder, error) from None


def _try_to_write(folder: Path) -> None:
    """Raise AutograderError before an hour of grading, not after it."""
    try:
        with tempfile.TemporaryFile(dir=folder, prefix=PREFIX, suffix=SUFFIX):
            pass
    except OSError as error:
        raise unwritable(folder, error) from None


def unwritable(path: Path, error: OSError) -> UnwritableError:
    """The error for a file that could not be written."""
    hints = {
        errno.ENOSPC: "free some space and run it again: what was written is kept",
        errno.EDQUOT: "free some of your quota and run it again: what was written is kept",
        errno.EIO: "the disk fails: choose another",
    }
    hint = hints.get(error.errno or 0, "choose a folder that can be written")
    return UnwritableError(f"{path}: expected to write it, got {error.strerror or error}. Hint: {hint}.")


def write_atomically(path: Path, text: str | bytes, mode: int = 0o644, *, lasting: bool = True) -> None:
    """Write a file whole or not at all: a reader never sees half of it. Raises AutograderError if that fails.

    lasting: wait until the file is safe from a power cut. That takes ten times as long as writing.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fd, part = tempfile.mkstemp(SUFFIX, PREFIX, path.parent)
        try:
            with os.fdopen(fd, "wb") as file:
                file.write(text if isinstance(text, bytes) else text.encode("utf-8", "replace"))
                file.flush()
                os.fchmod(fd, mode)
                if lasting:
                    os.fsync(fd)
            Path(part).replace(path)
        except BaseException:
            Path(part).unlink(missing_ok=True)
            raise
        if lasting:
            sync(path.parent)
    except OSError as error:
        raise unwritable(path, error) from None


@dataclass(frozen=True, slots=True)
class FileKind:
    """What a file is for, so that a refusal can say it.

    name: for the message, as in "a roster".  limit: bytes.  hint: what to do with a larger one.
    subject: what a message begins with, in place of the file's path.  links: whether a symbolic link may lead to it.
    """

    name: str
    limit: int
    hint: str = ""
    subject: str = ""
    links: bool = False

    def too_large(self, path: object, size: int) -> FileError:
        """The refusal of a file of `size` bytes."""
        most = f"at most {size_text(self.limit)}"
        expected = most if self.subject else f"{self.name} of {most}"
        return FileError(self.subject or str(path), expected, size_text(size), hint=self.hint)

    def no_file(self, path: object, got: str) -> FileError:
        """The refusal of something that is no regular file. got: what it is."""
        return FileError(self.subject or str(path), "a regular file" if self.subject else self.name, got)


def read_bytes(path: Path, kind: FileKind) -> bytes:
    """The bytes of a regular file. Raises FileError if it is something else, too large, or cannot be read."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | (0 if kind.links else os.O_NOFOLLOW))
        try:
            status = os.fstat(fd)
            if not stat.S_ISREG(status.st_mode):
                raise kind.no_file(path, "a folder" if stat.S_ISDIR(status.st_mode) else "something else")
            if status.st_size > kind.limit:
                raise kind.too_large(path, status.st_size)
            with os.fdopen(fd, "rb", closefd=False) as file:
                return file.read(status.st_size)  # read(limit) would first take that much memory
        finally:
            os.close(fd)
    except OSError as error:
        refusal = kind.no_file(path, _WHY_NOT.get(error.errno or 0) or error.strerror or "an error")
        if error.errno in _KINDS:
            raise refusal from None
        raise UnreadableError(refusal.what, refusal.expected, refusal.got) from None
    except ValueError:
        raise kind.no_file(path, "a name that no file can have") from None


def read_text(path: Path, kind: FileKind) -> str:
    """The text of a file in UTF-8, its line ends as they are. Raises FileError."""
    data = read_bytes(path, kind)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        got = f"byte 0x{data[error.start]:02x} at {error.start}"
        raise FileError(kind.subject or str(path), "UTF-8", got, hint="save it as UTF-8") from None


def read_toml(path: Path, kind: FileKind) -> dict[str, Any]:
    """A TOML 1.1 file: a time needs no seconds there. Raises CourseError with one line for everything that is none."""
    try:
        return tomli.loads(read_text(path, kind))
    except FileError as error:
        raise CourseError(str(error)) from None
    except RecursionError:
        raise CourseError(f"{path}: expected TOML, got thousands of nested brackets.") from None
    except tomli.TOMLDecodeError as error:
        raise CourseError(f"{path}: expected TOML, got {error}.") from None


def size_text(size: int) -> str:
    """A number of bytes in the unit that makes sense, rounded up.

    So a file above a limit never looks equal to it, where the limit is a whole number of its unit.
    """
    if size < 1 << 10:
        return f"{size} bytes"
    unit, name = (1 << 10, "KiB") if size < 1 << 20 else (1 << 20, "MiB")
    return f"{math.ceil(10 * size / unit) / 10:g} {name}"
