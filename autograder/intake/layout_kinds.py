"""Tells which host arranged a download, by the names at the top alone. The host or the teacher wrote them, no student.

The files that a student puts below such a name decide nothing, nor their names, however many they are. The host of a
download wrote all names at its top. Another host can only seem to have written some: a student chose them, behind the
sign of the true host. So the host with the most names counts, and two with equally many are an error that names both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from autograder.errors import MalformedError
from autograder.intake.canvas_names import repeat_a_file, share_a_number
from autograder.intake.entries import WORK, Entry, Kind, is_junk
from autograder.intake.hosts import (
    blackboard_layout,
    brightspace_layout,
    canvas_layout,
    classroom_layout,
    folder_layout,
    gradescope_layout,
    ilias_layout,
    moodle_layout,
    sakai_layout,
)
from autograder.intake.hosts.gradescope_layout import gradescope_list, is_all_of_it
from autograder.intake.hosts.uploads import Download, Host

HOSTS: Mapping[Kind, Host] = {
    "canvas": canvas_layout.HOST,
    "moodle": moodle_layout.HOST,
    "gradescope": gradescope_layout.HOST,
    "blackboard": blackboard_layout.HOST,
    "brightspace": brightspace_layout.HOST,
    "ilias": ilias_layout.HOST,
    "sakai": sakai_layout.HOST,
    "classroom": classroom_layout.HOST,
    "folder": folder_layout.HOST,
}


def upload_depth(kind: Kind, entries: Sequence[Entry]) -> int:
    """How many parts of a path say whose upload it is."""
    metadata = gradescope_list(entries) if kind == "gradescope" else None
    return len(metadata.parts) if metadata else 1


def kind_of(entries: Sequence[Entry], download: Download) -> Kind:
    """Raises MalformedError where the names are signs of two layouts."""
    tops = {e.parts[0]: len(e.parts) == 1 for e in entries if not is_junk(e.parts[:1])}  # whether it is a file
    inner = [name for name, is_file in tops.items() if not is_file]
    counts = _counts(tops, download)
    kind = _most(counts, tops)
    if metadata := gradescope_list(entries):
        if is_all_of_it(tops, inner, metadata):
            return "gradescope"
        names = f"{len(tops)} names at the top ({HOSTS[kind].names})"
        raise conflict(f"{metadata.name} (an export of Gradescope)", names)
    if kind == "folder" and 2 * sum(counts.values()) > len(tops):
        raise conflict(*(f"{n} names at the top ({HOSTS[k].names})" for k, n in counts.items() if n))
    if kind == "canvas" and counts["canvas"] < len(tops):
        other = next(name for name, is_file in tops.items() if not canvas_layout.HOST.writes(name, is_file, download))
        raise MalformedError(
            f"expected all names at the top as Canvas writes them, got {other[:60]!r}",
            hint="collect each download from a folder of its own",
        )
    flat = any(is_file and name.lower().endswith(WORK) for name, is_file in tops.items())
    return "classroom" if kind == "folder" and not flat and classroom_layout.prefix_of(inner, download) else kind


def _counts(tops: Mapping[str, bool], download: Download) -> dict[Kind, int]:
    """How many of the names each host can have written. tops: the names, and whether each is a file."""
    written = {
        kind: {name for name, is_file in tops.items() if host.writes(name, is_file, download)}
        for kind, host in HOSTS.items()
    }
    single = written["canvas"] - written["moodle"]
    written["canvas"] = set() if share_a_number(single) or repeat_a_file(single) else single
    return {kind: len(names) for kind, names in written.items()}


def _most(counts: Mapping[Kind, int], tops: Mapping[str, bool]) -> Kind:
    """The only host that wrote more names than any other, and more than half of those of uploads; else "folder"."""
    first, second = sorted(counts, key=lambda kind: counts[kind], reverse=True)[:2]
    lists = sum(
        is_file and not HOSTS[first].writes(name, True, Download()) and HOSTS[first].is_own((name,))
        for name, is_file in tops.items()
    )
    names = len(tops) - lists
    return first if 2 * counts[first] > names and counts[first] > counts[second] else "folder"


def conflict(*signs: str) -> MalformedError:
    """The error for a source in which two layouts seem to be."""
    return MalformedError(
        f"expected the layout of one host, got signs of two: {' and '.join(signs)}",
        hint="collect each download from a folder of its own",
    )
