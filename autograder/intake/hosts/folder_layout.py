"""A teacher's own folders: `STUDENT/ASSIGNMENT/FILE`, or flat: `STUDENT_ASSIGNMENT.ipynb`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial

from autograder.errors import MalformedError
from autograder.intake.entries import WORK, Entry
from autograder.intake.hosts.uploads import Download, Host, Piece, Upload, Uploads, gathered
from autograder.intake.moodle_names import SIGN
from autograder.intake.received import RECORD, TIMESTAMP
from autograder.intake.submissions import EARLIER
from autograder.roster.roster import Identity


def _read(entries: Sequence[Entry], download: Download) -> Uploads:
    graders = {(TIMESTAMP,), (RECORD,)}
    return gathered([e for e in entries if e.parts not in graders], partial(_piece, download.assignments))


def _piece(assignments: Sequence[str], entry: Entry) -> Piece | None:
    """None for a file that a grader put beside a submission, for an earlier attempt, and for what lies too deep."""
    parts = entry.parts
    if parts[-1] in {TIMESTAMP, RECORD} or EARLIER in parts[2:3]:
        return None
    if SIGN in parts[0]:
        raise MalformedError("expected a folder that is called as a student, got a name as Moodle writes")
    if len(parts) > 3 and not parts[-1].lower().endswith(WORK):
        return None
    if len(parts) > 3:
        raise MalformedError("expected STUDENT/ASSIGNMENT/NOTEBOOK.ipynb, got a deeper folder")
    if len(parts) == 3:
        return Piece(Upload(f"{parts[0]}/{parts[1]}", _named(parts[0]), assignment=parts[1]), parts[2], entry)
    if len(parts) == 2:
        return Piece(Upload(parts[0], _named(parts[0])), parts[1], entry)
    return _flat(assignments, entry)


def _flat(assignments: Sequence[str], entry: Entry) -> Piece:
    stem, _, ending = entry.name.rpartition(".")
    for name in sorted(assignments, key=len, reverse=True):
        if match := re.fullmatch(f"(.+)[_-]{re.escape(name)}|{re.escape(name)}[_-](.+)", stem, re.DOTALL):
            head = Upload(entry.name, _named(match[1] or match[2]), assignment=name, named_by_host=False)
            return Piece(head, entry.name, entry)
    if stem in assignments:
        raise MalformedError("expected a name that says whose it is, got only the assignment's")
    return Piece(Upload(entry.name, _named(stem), named_by_host=False), f"notebook.{ending}", entry)


def _named(student: str) -> Identity:
    return Identity((("id", student), ("email", student), ("github", student)), student)


HOST = Host("of students", lambda *_: False, _read)
