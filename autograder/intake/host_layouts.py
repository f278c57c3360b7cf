"""Reads who handed in which files from a download whose host is known. Each host's names have a module in `hosts`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from autograder.intake.entries import CHECKPOINTS, Entry, Kind, Problem, is_junk
from autograder.intake.hosts.uploads import Download, Uploads
from autograder.intake.layout_kinds import HOSTS
from autograder.intake.received import RECORD, TIMESTAMP


def read_layout(kind: Kind, entries: Sequence[Entry], download: Download) -> Uploads:
    """The uploads, in order, and the files that belong to nobody. Raises MalformedError for the whole source."""
    real = [e for e in entries if not is_junk(e.parts)]
    host = HOSTS[kind]
    if kind == "gradescope":
        return host.read(real, download)
    read = [*real, *_only_checkpoints(entries, {e.parts[0] for e in real})]
    uploads, problems = host.read(read, download)
    handled = {entry.parts[0] for upload in uploads for _, entry in upload.files}
    handled |= {problem.file.split("/")[0] for problem in problems} | {TIMESTAMP, RECORD}
    handled |= {e.parts[0] for e in read if host.is_own(e.parts)}
    return uploads, [*problems, *_without_work(entries, handled)]


def _only_checkpoints(entries: Sequence[Entry], handled: set[str]) -> list[Entry]:
    """Jupyter's own copies below names that have no other file: the student did hand in something."""
    copies = [e for e in entries if CHECKPOINTS in e.parts[1:] and e.parts[0] not in handled]
    places = [(e, e.parts.index(CHECKPOINTS)) for e in copies]
    return [replace(e, parts=(*e.parts[:i], "/".join(e.parts[i:]))) for e, i in places if not is_junk(e.parts[:i])]


def _without_work(entries: Sequence[Entry], handled: set[str]) -> list[Problem]:
    """The names at the top below which no student's file lies: a student who handed in no more must be listed."""
    names = dict.fromkeys(e.parts[0] for e in entries if not is_junk(e.parts[:1]))
    reason = "expected a notebook, got only files of an editor, a system or a grader"
    return [Problem(name, reason) for name in names if name not in handled]
