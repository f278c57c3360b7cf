"""An exception that nobody foresaw: a report in a file of its own, and one line that says where it is."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import traceback
from pathlib import Path

from autograder import __version__

EXIT_CODE = 70  # EX_SOFTWARE of sysexits.h: never 1, which means that something was judged wanting
_PACKAGE = Path(__file__).resolve().parents[1]


def report(error: BaseException) -> str:
    """Write the report. Returns the line for the user, which holds no text out of a student's file."""
    try:
        fd, name = tempfile.mkstemp(".txt", "autograder-report-")  # a new file, which only this user can read
        with os.fdopen(fd, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(_text(error))
        place = f"Report: {name}. Hint: read it, then send it to the maintainers; it can quote a student's notebook"
    except OSError as problem:
        place = f"No report could be written: {problem.strerror}. Hint: free some space below {tempfile.gettempdir()}"
    return f"this is a fault of autograder, not of your files: {type(error).__name__} {_where(error)}. {place}."


def _text(error: BaseException) -> str:
    versions = f"autograder {__version__}, Python {platform.python_version()}, {platform.platform()}"
    return f"{versions}\ncommand: {sys.argv!r}\n\n{''.join(traceback.format_exception(error))}"


def _where(error: BaseException) -> str:
    """The innermost line of this package on the way to the error."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if Path(f.filename).is_relative_to(_PACKAGE)]
    if not frames:
        return "outside of its own code"
    return f"in {Path(frames[-1].filename).relative_to(_PACKAGE)}, line {frames[-1].lineno}"
