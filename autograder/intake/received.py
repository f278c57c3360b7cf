"""When a submission came in: `timestamp.txt` beside the notebook, as nbgrader and `autograder collect` write it.

It is the server's word. What a file system or a notebook says of its own date is never looked at. Where a download
told no time, `autograder collect` could only note when it saw it, which makes nobody late.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

from autograder.errors import MalformedError
from autograder.intake.placing import read_record
from autograder.intake.reader import read_bytes

FILE = "timestamp.txt"
_MAX_BYTES = 100
# 2015-02-02 15:58:23.948203 UTC.  re.ASCII: \d would take the digits of every script.
_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d(?:\.\d{1,6})?) ?(UTC|Z|[+-]\d\d:\d\d)", re.ASCII)


def received_at(folder: Path) -> tuple[str, str]:
    """(ISO 8601 in UTC, ""), or ("", why it is not known), or twice "" where nobody told a time.

    A zone must be UTC or an offset: every other name stands for several.
    """
    record = read_record(folder)
    if record and record.clock == "collecting" and record.kind != "git":
        return "", "the host marks it late and tells no time" if record.late else ""
    path = folder / FILE
    try:
        if not path.exists() and not path.is_symlink():
            return "", ""
        text = read_bytes(path, _MAX_BYTES).decode("utf-8-sig").strip()
    except (MalformedError, UnicodeDecodeError, OSError):
        return "", f"{FILE}: expected a short text file, got something else"
    found = _TIME.fullmatch(text)
    if not found:
        return "", f"{FILE}: expected a time such as 2026-10-12 21:59:00 UTC, got other text"
    day, clock, zone = found.groups()
    try:
        time = datetime.fromisoformat(f"{day}T{_six_digits(clock)}{'+00:00' if zone in {'UTC', 'Z'} else zone}")
        return time.astimezone(UTC).isoformat(), ""
    except (ValueError, OverflowError):
        return "", f"{FILE}: expected a time that exists, got {day} {clock} {zone}"


def _six_digits(clock: str) -> str:
    whole, _, fraction = clock.partition(".")
    return f"{whole}.{fraction:0<6}"
