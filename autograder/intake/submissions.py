"""Who handed in what: walks `SUBMITTED/STUDENT/ASSIGNMENT/*.ipynb`, nbgrader's shape.

Identity comes from the folder alone, never from a notebook's content or file name. Links are not followed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import AutograderError


@dataclass(frozen=True, slots=True)
class Submission:
    """One student's work on one assignment. notebook: the file, or None and then `problem` says why."""

    student: str
    assignment: str
    notebook: Path | None
    problem: str = ""
    malformed: bool = False


def find_submissions(root: Path, assignments: Sequence[str], students: Sequence[str] = ()) -> list[Submission]:
    """Every student × assignment pair, sorted; who handed in nothing is there too. Raises AutograderError."""
    if not root.is_dir():
        raise AutograderError(
            f"{root}: expected a folder STUDENT/ASSIGNMENT/*.ipynb, got none. Hint: autograder grade FOLDER."
        )
    folders = sorted(p for p in root.iterdir() if p.is_dir() and not p.is_symlink() and not p.name.startswith("."))
    unknown = sorted(set(students) - {p.name for p in folders})
    if unknown:
        raise AutograderError(f"--student: expected a folder of {root}, got {unknown[0]!r}.")
    chosen = [p for p in folders if not students or p.name in students]
    return [_submission(folder, name) for name in assignments for folder in chosen]


def _submission(student: Path, assignment: str) -> Submission:
    folder = student / assignment
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        return _problem(student, assignment, f"{assignment}: expected a folder, got a link or a file.")
    if not folder.is_dir():
        return Submission(student.name, assignment, None, f"nothing was handed in: there is no folder {assignment}.")
    found = sorted(
        p for p in folder.iterdir() if p.suffix == ".ipynb" and not p.name.startswith("._")
    )  # macOS leaves those
    if not found:
        return Submission(student.name, assignment, None, "nothing was handed in: the folder holds no notebook.")
    if len(found) > 1:
        names = ", ".join(repr(p.name[:60]) for p in found[:5])
        return _problem(
            student,
            assignment,
            f"expected one notebook, got {len(found)}: {names}. Hint: keep the one to grade.",
        )
    return Submission(student.name, assignment, found[0])


def _problem(student: Path, assignment: str, text: str) -> Submission:
    return Submission(student.name, assignment, None, text, malformed=True)
