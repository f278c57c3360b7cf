"""Reads the downloads of GitHub Classroom and its successors: `PREFIX-submissions/PREFIX-USER/…`, a repository each.

The host writes both names in front, so a student chooses neither. The prefix is the assignment's name there, which need
not be its name here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from autograder.intake.entries import Entry, is_junk

_END = "-submissions"


def repositories_of(entries: Sequence[Entry]) -> Sequence[Entry] | None:
    """The entries with the user in front, without settings such as `.github/`; None if it is no such download."""
    real = [e for e in entries if not is_junk(e.parts)]
    tops = {e.parts[0] for e in real}
    if len(tops) != 1 or not (top := tops.pop()).endswith(_END):
        return None
    prefix = f"{top.removesuffix(_END)}-"
    if not all(len(e.parts) > 2 and e.parts[1].startswith(prefix) and e.parts[1] != prefix for e in real):
        return None
    return [
        replace(e, parts=(e.parts[1].removeprefix(prefix), *e.parts[2:]))
        for e in real
        if not any(part.startswith(".") for part in e.parts[2:-1])
    ]
