"""Reads who handed in which files from a download whose host is known. Each host's names have a module in `hosts`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from autograder.intake.entries import CHECKPOINTS, Entry, Kind, Problem, is_junk
from autograder.intake.hosts.uploads import NO_WORK, Download, Uploads
from autograder.intake.layout_kinds import HOSTS


def read_layout(kind: Kind, entries: Sequence[Entry], download: Download) -> Uploads:
    """The uploads, in order, and the files that belong to nobody. Raises MalformedError for the whole source."""
    real = [e for e in entries if not is_junk(e.parts)]
    host = HOSTS[kind]
    if kind == "gradescope":
        return host.read(real, download)
    read = [*real, *_only_checkpoints(entries, {e.parts[0] for e in real})]
    uploads, problems = host.read(read, download)
    return uploads, [*problems, *_without_work(entries, {e.parts[0] for e in read})]


def _only_checkpoints(entries: Sequence[Entry], handled: set[str]) -> list[Entry]:
    """Jupyter's own copies below names that have no other file: the student did hand in something."""
    copies = [e for e in entries if CHECKPOINTS in e.parts[1:] and e.parts[0] not in handled]
    places = [(e, e.parts.index(CHECKPOINTS)) for e in copies]
    return [replace(e, parts=(*e.parts[:i], "/".join(e.parts[i:]))) for e, i in places if not is_junk(e.parts[:i])]


def _without_work(entries: Sequence[Entry], real: set[str]) -> list[Problem]:
    """The names at the top below which there is nothing but junk: a student who handed in no more must be listed."""
    names = dict.fromkeys(e.parts[0] for e in entries if not is_junk(e.parts[:1]))
    return [Problem(name, NO_WORK) for name in names if name not in real]
