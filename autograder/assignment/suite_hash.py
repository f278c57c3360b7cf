"""One hash over all that decides a result: a changed check means a changed hash means a regrade.

It needs the files' bytes alone. So who only asks whether anything changed neither runs hidden checks nor waits for the
second that reading a notebook's text takes to import.
"""

from __future__ import annotations

import hashlib
import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from autograder import __version__
from autograder.assignment.handouts import locate_handouts

if TYPE_CHECKING:
    from autograder.assignment.settings import Settings

PICTURES = "pictures.py"
RESULT_SCHEMA = 2  # a result of an earlier schema is made again


def suite_sha256(folder: Path, settings: Settings) -> str:
    """Of the assignment in `folder`, solutions/NAME, and the settings read there. Raises CourseError."""
    digest = hashlib.sha256(f"{__version__} results {RESULT_SCHEMA} numpy {np.__version__}".encode())
    own = [folder / f for f in ("assignment.toml", "hidden_checks.py", "notebook.py")]
    own += [folder / PICTURES] if (folder / PICTURES).exists() else []  # decides no score, but what a student sees
    for file in (*own, *locate_handouts(folder, settings.handout).values(), *reference_files(settings.reference)):
        digest.update(f"\n{file.name}\n".encode() + file.read_bytes())
    return digest.hexdigest()


def reference_files(reference: str) -> list[Path]:
    """The modules of the package that the reference is in. reference: as in assignment.toml."""
    package = importlib.util.find_spec(reference.partition(".")[0]) if reference else None
    return sorted(Path(package.origin).parent.glob("*.py")) if package and package.origin else []
