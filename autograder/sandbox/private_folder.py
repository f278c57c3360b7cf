"""The private folder of a notebook's process: its size, if files are to lie beside the notebook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePosixPath

from autograder.errors import SandboxError
from autograder.sandbox.connection import Limits

PIECE = 1 << 20  # bytes of a file in one message
_PAGE = 4096  # bytes: a file takes whole pages there


def with_room(limits: Limits, sizes: Mapping[str, int]) -> Limits:
    """The limits, with room for these files beside what student code may write. sizes: bytes by path."""
    pages = sum(size // _PAGE + 1 for size in sizes.values())
    folders = {folder for name in sizes for folder in PurePosixPath(name).parents}
    return replace(limits, folder=limits.folder + pages * _PAGE, files=limits.files + len(sizes) + len(folders))


def no_folder(name: object) -> SandboxError:
    """The error for a sandbox that has no private folder. name: of the file or folder that is to lie in it."""
    return SandboxError(
        f"{name}: expected a sandbox with a folder for the files beside the notebook, got one without. "
        "Hint: `autograder doctor` says how to get tier A."
    )
