"""The file in which a student says why a notebook should be graded again: `regrade.md` or `regrade.txt` beside it.

`collect` keeps it as data. Its text is never parsed, no mark depends on it, and it is no part of what is graded.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Mapping
from pathlib import Path

from autograder.errors import MalformedError
from autograder.files import FileKind, read_bytes, write_atomically
from autograder.intake.assignment_names import stem_of

KEPT = "regrade.md"
_NAMES = (KEPT, "regrade.txt")
_KIND = FileKind("a student's reason", 1 << 20)
MOST = 1 << 16  # bytes that are kept


def is_reason(file: str) -> bool:
    """Whether a file is called so, also with the number that a host or a browser adds."""
    return file.lower().endswith((".md", ".txt")) and stem_of(file).casefold() == "regrade"


def reason_among(beside: Mapping[str, Callable[[], bytes]]) -> bytes:
    """The bytes of the first such file, cut; b"" if there is none that can be read."""
    for file in sorted(filter(is_reason, beside)):
        try:
            return beside[file]()[:MOST]
        except MalformedError:
            continue
    return b""


def keep_reason(folder: Path, reason: bytes) -> None:
    """Write it beside the notebook that was placed in `folder`. Raises AutograderError."""
    if reason and folder.is_dir() and not (folder / KEPT).is_dir():
        write_atomically(folder / KEPT, reason)


def reason_in(folder: Path) -> tuple[str, str]:
    """The file's name and its text; ("", "") if there is none that can be read. No link is followed."""
    for name in _NAMES:
        try:
            return name, _text(read_bytes(folder / name, _KIND)[:MOST])
        except MalformedError:
            continue
    return "", ""


def _text(data: bytes) -> str:
    encoding = "utf-16" if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "utf-8-sig"
    return data.decode(encoding, "replace")
