"""The files of the portal: what came in, results, and where each lies below `work/portal`.

    handed_in/ASSIGNMENT/STUDENT/20261012T184107.123456Z-9f3c2a7e01d4b586.ipynb    never changed
    results/SHA256.json                                                           never changed

A file's name holds all that its row in the database says of its arrival. So a database that was lost can be made again
from the files.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from autograder.files import make_folder, sync
from autograder.text import file_name

PART = ".part"  # the ending of a file that is still coming in
_STAMP = "%Y%m%dT%H%M%S.%fZ"
_NAME = re.compile(r"(\d{8}T\d{6}\.\d{6}Z)-([0-9a-f]{16})\.ipynb", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class KeptNotebook:
    """A notebook in its place. student: the folder's name, which is `file_name` of the student's id."""

    assignment: str
    student: str
    received: datetime
    id: str
    path: Path


@dataclass(frozen=True, slots=True)
class PortalFolders:
    """The folders below work/portal. root: that folder."""

    root: Path

    @property
    def handed_in(self) -> Path:
        """The folder of all notebooks."""
        return self.root / "handed_in"

    @property
    def results(self) -> Path:
        """The folder of all results."""
        return self.root / "results"

    @property
    def database(self) -> Path:
        """SQLite's file."""
        return self.root / "portal.db"

    def make(self) -> None:
        """Make the folders. Raises AutograderError."""
        for folder in (self.root, self.handed_in, self.results):
            make_folder(folder, may_be_link=False)

    def folder_of(self, assignment: str, student: str) -> Path:
        """The folder of one student's notebooks for one assignment."""
        return self.handed_in / assignment / file_name(student)

    def notebook_of(self, assignment: str, student: str, received: datetime, id_: str) -> Path:
        """The place of a notebook."""
        return self.folder_of(assignment, student) / f"{received.astimezone(UTC).strftime(_STAMP)}-{id_}.ipynb"

    def result_of(self, sha256: str) -> Path:
        """The place of a result. Raises ValueError for what is no SHA-256."""
        if not _SHA256.fullmatch(sha256):
            raise ValueError(f"sha256: expected 64 hexadecimal digits, got {sha256[:80]!r}")
        return self.results / f"{sha256}.json"

    def all_handed_in(self) -> Iterator[KeptNotebook]:
        """Every notebook in a place that this module gives; links and other names are passed over."""
        for assignment in _folders(self.handed_in):
            for student in _folders(assignment):
                for entry in sorted(os.scandir(student), key=lambda e: e.name):
                    match = _NAME.fullmatch(entry.name)
                    if match and entry.is_file(follow_symlinks=False):
                        received = datetime.strptime(match[1], _STAMP).replace(tzinfo=UTC)
                        yield KeptNotebook(assignment.name, student.name, received, match[2], Path(entry.path))


def _folders(root: Path) -> list[Path]:
    return sorted(Path(e.path) for e in os.scandir(root) if e.is_dir(follow_symlinks=False))


def new_id() -> str:
    """The id of something that comes in: 64 random bits, 16 hexadecimal digits."""
    return secrets.token_hex(8)


def keep(part: Path, place: Path) -> None:
    """Give a file that is on disk its lasting name. After that, a power cut takes neither."""
    os.link(part, place)  # unlike a rename, it never replaces a file
    part.unlink()
    sync(place.parent)
