"""The files of grades that `collect --worksheet` keeps in `work/worksheets/`, so that `export` needs no path."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.cli.console import short
from autograder.cli.export_request import say
from autograder.errors import AutograderError, MalformedError

if TYPE_CHECKING:
    from autograder.course import Course
    from autograder.exports.host_files import Host, KeptFiles

FOLDER, RECORD = "worksheets", "kept.json"


def require_worksheet(path: Path, assignments: Sequence[str]) -> Host:
    """Which host wrote it. Raises AutograderError for another file, or if nobody knows of which assignment it is."""
    from autograder.exports.host_files import host_of
    from autograder.exports.sheet import read_sheet

    host = host_of(read_sheet(path))
    if host == "moodle" and len(assignments) != 1:
        names = ", ".join(assignments)
        raise AutograderError(
            f"--worksheet: expected one assignment with Moodle's worksheet, got {names}. Hint: -a NAME."
        )
    return host


def keep_worksheet(course: Course, path: Path, host: Host, assignments: Sequence[str]) -> Path:
    """Copy the file into the course's work folder, and record it. Returns where it is."""
    import hashlib
    from datetime import UTC, datetime

    from autograder.exports.host_files import KeptFile
    from autograder.exports.sheet import SHEET
    from autograder.files import locked, make_folder, read_bytes, write_atomically
    from autograder.text import file_name, storable

    folder, data = course.work / FOLDER, read_bytes(path, SHEET)
    name = assignments[0] if host == "moodle" else ""
    target = folder / file_name(f"{host}{'-' * bool(name)}{name}{path.suffix.lower() or '.csv'}")
    kept = KeptFile(
        host=host,
        assignment=name,
        file=target.name,
        given=storable(path.name, 200),
        sha256=hashlib.sha256(data).hexdigest(),
        kept_at=datetime.now(UTC),
    )
    make_folder(folder)
    with locked(folder, wait=True):
        record = _record(course).with_file(kept)
        write_atomically(target, data)
        write_atomically(folder / RECORD, record.text())
    return target


def kept_file(course: Course, host: Host, assignment: str = "") -> Path | None:
    """The file that was kept for this host, with a line that says which it is; None if there is none."""
    kept = _record(course).of(host, assignment)
    if kept is None:
        return None
    path = course.work / FOLDER / kept.file
    say(f"worksheet: {short(path)}, from {kept.given}, given to collect on {kept.kept_at:%Y-%m-%d}")
    return path


def _record(course: Course) -> KeptFiles:
    from autograder.exports.host_files import KEPT, KeptFiles
    from autograder.files import read_bytes
    from autograder.intake.boundary import hostile

    path = course.work / FOLDER / RECORD
    if not path.exists():
        return KeptFiles()
    data = read_bytes(path, KEPT)
    try:
        with hostile("the record of kept worksheets"):
            return KeptFiles.model_validate_json(data)
    except MalformedError:
        raise AutograderError(
            f"{path}: expected what autograder collect --worksheet wrote, got something else. Hint: remove the file."
        ) from None
