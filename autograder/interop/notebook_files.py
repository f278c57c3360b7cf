"""The files beside a notebook, read piece by piece into the private folder of its process."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import FileError
from autograder.sandbox.private_folder import PIECE


@dataclass(frozen=True, slots=True)
class FilesBeside:
    """The regular files in a folder and below. sizes: bytes by path, relative to the folder."""

    folder: Path
    sizes: dict[str, int]

    def pieces(self) -> Iterator[tuple[str, bytes]]:
        """(path, bytes) of every file, at most PIECE bytes at a time. An empty file has one empty piece."""
        for name, size in self.sizes.items():
            with (self.folder / name).open("rb") as file:
                yield name, file.read(min(size, PIECE))
                for start in range(PIECE, size, PIECE):
                    yield name, file.read(min(size - start, PIECE))


def files_beside(folder: Path, megabytes: int) -> FilesBeside:
    """The files that a notebook in `folder` may open. Links are not followed. Raises FileError beyond the limit."""
    sizes = {}
    for parent, _, names in os.walk(folder):
        for path in (Path(parent, name) for name in names if name.isprintable()):
            if path.is_file() and not path.is_symlink():
                sizes[path.relative_to(folder).as_posix()] = path.stat().st_size
    total = sum(sizes.values())
    if total > megabytes << 20:
        raise FileError(
            str(folder),
            f"files of at most {megabytes} MiB together beside a notebook",
            f"{-(-total >> 20)} MiB",
            hint="raise c.SandboxedExecute.files_mb in nbgrader_config.py",
        )
    return FilesBeside(folder, dict(sorted(sizes.items())))
