"""Says about which things in a source a person can decide: an upload, a file that is nobody's, a repository."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from autograder.intake.entries import Entry, Kind, Problem, SourceItem
from autograder.intake.hosts.uploads import Upload
from autograder.intake.settled import label_of
from autograder.roster.roster import UNIQUE


def item_of(kind: Kind, upload: Upload) -> SourceItem:
    """An upload. In a plain folder, only names that a student can choose say whose it is."""
    keys = [] if kind == "folder" else [(column, value) for column, value in upload.who.keys if column in UNIQUE]
    key = next((key for key in keys if key[1]), None)
    return SourceItem(label_of(upload.label), kind, upload.files, key=key, called=_called(upload))


def item_of_commit(student: str, commit: str = "") -> SourceItem:
    """A repository of a student."""
    return SourceItem(student, "git", commit=commit)


def with_item(problem: Problem, entries: Sequence[Entry], kind: Kind) -> Problem:
    """A problem with a file that belongs to no upload, with the file. entries: that can be read."""
    if problem.items:
        return problem
    files = tuple((e.parts[-1], e) for e in entries if e.name == problem.file)
    item = SourceItem(label_of(problem.file), kind, files, nobody=bool(files), called=_parts(problem.file))
    return replace(problem, items=(item,))


def apart(uploads: Sequence[Upload]) -> list[Upload]:
    """The uploads, each with a label of its own: the work of a group is one upload for each member."""
    times = Counter(upload.label for upload in uploads)
    return [replace(u, label=f"{u.label} ({_value(u)})") if times[u.label] > 1 and _value(u) else u for u in uploads]


def _value(upload: Upload) -> str:
    return next((value for _, value in upload.who.keys if value), "")


def _called(upload: Upload) -> tuple[str, ...]:
    """The names that the source has for the student: those of the host, and what its file name begins with."""
    names = (value for _, value in upload.who.keys)
    top = upload.files[0][1].parts[0] if upload.files else ""
    return tuple(dict.fromkeys(filter(None, (*names, *_parts(top)))))


def _parts(name: str) -> tuple[str, ...]:
    """What a name begins with, as Canvas and many forms write it: `doejane_LATE_22_33_a1.ipynb`."""
    return tuple(dict.fromkeys(part for part in (name.partition("_")[0], name.rpartition(".")[0]) if part))
