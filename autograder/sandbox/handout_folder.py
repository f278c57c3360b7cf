"""The folder of hand-outs that submissions of one sandbox read. It holds copies of the hand-outs and nothing else.

The copies are made once for a sandbox, not for a submission. The folder ends with its sandbox. If a grader is killed,
its folder stays behind, and the next one removes it: a folder in use is locked, and the kernel takes a lock back
however its process ends.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
import time
import weakref
from collections.abc import Iterable
from pathlib import Path

from autograder.errors import SandboxError

_PREFIX = "autograder-handouts-"
_NEW = 60  # seconds in which a folder without a lock is one that is being made
_READ_ONLY, _FOLDER = 0o444, 0o555


class HandoutFolder:
    """A folder with these files, by their path in it. Close it: that removes it. Raises SandboxError."""

    def __init__(self, files: Iterable[tuple[str, Path]]) -> None:
        _remove_left_behind()
        self.path = Path(tempfile.mkdtemp(prefix=_PREFIX)).resolve()
        lock = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        fcntl.flock(lock, fcntl.LOCK_SH)
        self._end = weakref.finalize(self, _end, self.path, lock)  # also if the sandbox could not be made
        self._end.atexit = False  # a fork of this process must not remove it
        try:
            for name, file in files:
                _copy(file, self.path / name)
            for folder, _, _ in os.walk(self.path, topdown=False):
                Path(folder).chmod(_FOLDER)  # as another user, student code may enter it
        except OSError as error:
            self.close()
            what = error.filename or self.path
            raise SandboxError(f"{what}: expected to copy the hand-outs, got {error.strerror}.") from None

    def close(self) -> None:
        """Remove it."""
        self._end()


def _end(folder: Path, lock: int) -> None:
    _remove(folder)
    os.close(lock)


def _copy(file: Path, to: Path) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, to)
    to.chmod(_READ_ONLY)


def _remove(folder: Path) -> None:
    for place, _, _ in os.walk(folder):
        with contextlib.suppress(OSError):
            Path(place).chmod(0o755)
    shutil.rmtree(folder, ignore_errors=True)


def _remove_left_behind() -> None:
    """Remove our folders that no process has locked."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):
            status = folder.lstat()
            if status.st_uid != os.getuid() or time.time() - status.st_mtime < _NEW:
                continue
            lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                _remove(folder)
            finally:
                os.close(lock)
