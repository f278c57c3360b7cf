"""Gradescope's export: `assignment_N_export/submission_N/FILE`, with the list `submission_metadata.yml` beside them."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from autograder.intake.entries import Budget, Entry, File, Problem
from autograder.intake.gradescope_metadata import METADATA, read_metadata
from autograder.intake.hosts.uploads import Download, Host, Upload, Uploads

_EXPORT = re.compile(r"assignment_\d+_export(?: ?\(\d+\))?")  # a browser adds ` (1)` to a second download
_FOLDER = re.compile(r"submission_\d+")


def gradescope_list(entries: Sequence[Entry]) -> Entry | None:
    """What can be Gradescope's list of submissions: at the top, or in the folder of an export."""
    lists = [e for e in entries if e.parts[-1] == METADATA and _is_export(e.parts[:-1])]
    return min(lists, key=lambda e: len(e.parts), default=None)


def _is_export(folder: Sequence[str]) -> bool:
    return not folder or (len(folder) == 1 and _EXPORT.fullmatch(folder[0]) is not None)


def is_all_of_it(tops: Collection[str], folders: Collection[str], metadata: Entry) -> bool:
    """Whether the folder that holds the list is all there is, or most of what lies beside the list is its folders.

    tops: the names at the top.  folders: those that are no file.
    """
    if len(metadata.parts) == 2:
        return len(tops) == 1
    return len(tops) == 1 or 2 * sum(_FOLDER.fullmatch(name) is not None for name in folders) > len(tops) - 1


def _read(entries: Sequence[Entry], _: Download) -> Uploads:
    """A submission of a group is each member's."""
    metadata = gradescope_list(entries)
    assert metadata is not None, "kind_of saw it"
    depth = len(metadata.parts)
    submissions, problems = read_metadata(metadata.read(Budget()))
    refused = {problem.file for problem in problems}
    folders: dict[str, list[File]] = {name: [] for name in submissions}
    for entry in entries:
        folder = entry.parts[depth - 1]
        if len(entry.parts) > depth and folder in folders:
            folders[folder].append(("/".join(entry.parts[depth:]), entry))
        elif entry is not metadata and folder not in refused:
            problems.append(Problem(entry.name, f"{METADATA} does not name its folder"))
    problems += [
        Problem(n, f"{METADATA} names nobody who handed it in") for n, s in submissions.items() if not s.people
    ]
    uploads = [
        Upload(name, who, tuple(folders[name]), who.keys, name, received=submission.received)
        for name, submission in submissions.items()
        for who in submission.people
    ]
    return uploads, problems


HOST = Host("as Gradescope writes", lambda *_: False, _read)
