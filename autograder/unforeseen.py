"""An exception that nobody expects: where it is ours, its place in this package, and a report for the maintainers.

This module imports nothing but Python, and modules that do the same: it must work where a package is missing.
"""

from __future__ import annotations

import errno
import os
import platform
import sys
import tempfile
import traceback
from importlib.util import find_spec
from pathlib import Path

from autograder import __version__

FAULT = 70  # EX_SOFTWARE of sysexits.h: never 1, which means that something was judged wanting
_PACKAGE = Path(__file__).resolve().parent
_USED_UP = {
    errno.ENOSPC: "free some space, also where the output goes",
    errno.EDQUOT: "free some of your quota",
    errno.EFBIG: "raise ulimit -f",
    errno.EMFILE: "raise ulimit -n, or use --jobs 1",
    errno.ENFILE: "close some programs",
    errno.EAGAIN: "raise ulimit -u, or use --jobs 1",
    errno.ENOMEM: "free memory, or use --jobs 1",
    errno.EIO: "look at the disk, and where the output goes",
}


def ending(error: BaseException) -> tuple[str, int]:
    """(the line for the user, the exit code). The line holds no text out of a student's file.

    What the operating system says of a named file or folder is no fault of ours, and has exit code 2. The same holds
    for what a machine has used up: space, memory, descriptors, processes; and for a package that is not installed.
    """
    if isinstance(error, OSError) and error.errno in _USED_UP and not isinstance(error.filename, str):
        return f"this machine: expected to go on, got {error.strerror}. Hint: {_USED_UP[error.errno]}.", 2
    if isinstance(error, FileNotFoundError) and error.filename is None and not _has_temporary_folder():
        return "TMPDIR: expected a folder to write in, got none. Hint: set it to a folder that has some space.", 2
    if isinstance(error, OSError) and isinstance(error.filename, str):
        got = f"expected to use it, got {error.strerror}. Hint: look at its name, its place and its permissions."
        return f"{error.filename}: {got}", 2
    if isinstance(error, ModuleNotFoundError) and (line := _missing_package(error.name or "")):
        return line, 2
    return report(error), FAULT


def _missing_package(module: str) -> str:
    """One line if the module belongs to a package that is not installed; "" if the fault is another one.

    A machine that only grades has no nbgrader and no otter-grader: see ci/requirements-grade.lock.
    """
    from autograder.distributions import install_command, usual_distribution

    top = module.partition(".")[0]
    if not top.isidentifier() or top in sys.stdlib_module_names or _is_there(top):
        return ""
    name = usual_distribution(top)
    return f"{name}: expected an installed package, got none. Hint: {install_command(top)}."


def _is_there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except (ImportError, ValueError):  # a module without a specification, or a finder that fails: not simply missing
        return True


def _has_temporary_folder() -> bool:
    try:
        tempfile.gettempdir()
    except OSError:
        return False
    return True


def report(error: BaseException) -> str:
    """Write the exception with its traceback into a new file. Returns one line with the file's place."""
    try:
        fd, name = tempfile.mkstemp(".txt", "autograder-report-")  # a new file, which only this user can read
        with os.fdopen(fd, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(_text(error))
        place = f"Report: {name}. Hint: read it, then send it to the maintainers; it can quote a student's notebook"
    except OSError as problem:
        place = f"No report could be written: {problem.strerror}. Hint: set TMPDIR to a folder that has some space"
    return f"this is a fault of autograder, not of your files: {where(error)}. {place}."


def where(error: BaseException) -> str:
    """The exception's type, and the innermost line of this package on the way to it: nothing of its text."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if Path(f.filename).is_relative_to(_PACKAGE)]
    place = f"in {Path(frames[-1].filename).relative_to(_PACKAGE)}, line {frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__} {place or 'outside of its own code'}"


def _text(error: BaseException) -> str:
    versions = f"autograder {__version__}, Python {platform.python_version()}, {platform.platform()}"
    text = f"{versions}\ncommand: {sys.argv!r}\n\n{''.join(traceback.format_exception(error))}"
    return "".join(c if c == "\n" or c.isprintable() else f"\\x{ord(c):02x}" for c in text)
