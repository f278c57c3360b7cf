"""One hash over all files of an assignment that decide a result. If it changes, submissions are graded again.

Hand-outs and hidden data are among them: notebooks and checks read both.

The hash needs only the bytes of the files. So a run without anything to grade runs no hidden check, and does not wait
for the second that importing jupytext takes.
"""

from __future__ import annotations

import hashlib
import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from autograder import __version__
from autograder.assignment.handouts import hidden_files, locate_handouts

if TYPE_CHECKING:
    from autograder.assignment.settings import Settings

PICTURES = "pictures.py"
RESULT_SCHEMA = 2  # a result of an earlier schema is made again


def suite_sha256(folder: Path, settings: Settings) -> str:
    """The hash of the assignment in `folder`, solutions/NAME. settings: from there. Raises CourseError."""
    digest = hashlib.sha256(f"{__version__} results {RESULT_SCHEMA} numpy {np.__version__}".encode())
    digest.update(settings.model_dump_json(exclude={"rubrics"}).encode())  # a rubric is for a person: no check reads it
    files = [folder / f for f in ("hidden_checks.py", "notebook.py")]
    files += [folder / PICTURES] if (folder / PICTURES).exists() else []  # it changes no score, but the student's page
    named = {file.name: file for file in (*files, *reference_files(settings.reference))}
    named |= {file.relative_to(folder).as_posix(): file for file in hidden_files(folder)}  # checks may read all of them
    named |= locate_handouts(folder, settings.handout, settings.handout_mb)
    for name, file in named.items():
        digest.update(f"\n{name}\n".encode() + file.read_bytes())
    return digest.hexdigest()


def reference_files(reference: str) -> list[Path]:
    """All modules of the reference's package. reference: as in assignment.toml."""
    package = importlib.util.find_spec(reference.partition(".")[0]) if reference else None
    return sorted(Path(package.origin).parent.glob("*.py")) if package and package.origin else []
