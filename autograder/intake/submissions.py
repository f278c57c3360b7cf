"""Lists who handed in what: walks `SUBMITTED/STUDENT/ASSIGNMENT/*.ipynb`, nbgrader's shape, and `earlier/N/` in it.

Identity comes from the folder alone, never from a notebook's content or file name. Links are not followed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.errors import AutograderError
from autograder.intake.received import received_at

EARLIER = "earlier"
_NUMBER = re.compile(r"[1-9][0-9]{0,3}")


@dataclass(frozen=True, slots=True)
class Submission:
    """One student's work on one assignment.

    notebook: the file, or None and then `problem` says why.  named_after: another student in whose name the file is,
    for the instructor to see; whose work it is, its folder says.  received, undated: see received_at.
    unreadable: why the system refused to read it, so that nobody knows what was handed in; else "".
    attempt: 0 for the newest; N for the one in earlier/N, where 1 is the oldest.
    """

    student: str
    assignment: str
    notebook: Path | None
    problem: str = ""
    malformed: bool = False
    unreadable: str = ""
    named_after: str = ""
    received: str = ""
    undated: str = ""
    attempt: int = 0


def find_submissions(root: Path, assignments: Sequence[str], students: Sequence[str] = ()) -> list[Submission]:
    """Every student × assignment pair, sorted, also where nothing was handed in. Raises AutograderError.

    A pair's earlier attempts follow it.
    """
    if not root.is_dir():
        raise AutograderError(
            f"{root}: expected a folder STUDENT/ASSIGNMENT/*.ipynb, got none. Hint: autograder grade FOLDER."
        )
    folders = sorted(p for p in root.iterdir() if p.is_dir() and not p.is_symlink() and not p.name.startswith("."))
    unknown = sorted(set(students) - {_name(p) for p in folders})
    if unknown:
        raise AutograderError(f"--student: expected a folder of {root}, got {unknown[0]!r}.")
    chosen = [p for p in folders if not students or _name(p) in students]
    everyone = {_name(p).lower(): _name(p) for p in folders}
    return [each for name in assignments for folder in chosen for each in _readable(folder, name, everyone)]


def _readable(student: Path, assignment: str, everyone: dict[str, str]) -> list[Submission]:
    """All attempts; if the system refuses to read one of the folders, one submission that says so."""
    try:
        return list(_attempts(student, assignment, everyone))
    except OSError as error:
        return [Submission(_name(student), assignment, None, unreadable=error.strerror or "an error")]


def _attempts(student: Path, assignment: str, everyone: dict[str, str]) -> Iterator[Submission]:
    """The newest, and the earlier ones in which there is a notebook."""
    folder = student / assignment
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        text = f"{assignment}: expected a folder, got a link or a file."
        yield Submission(_name(student), assignment, None, text, malformed=True)
        return
    yield _submission(student, assignment, folder, everyone)
    for number in _earlier(folder / EARLIER):
        attempt = _submission(student, assignment, folder / EARLIER / str(number), everyone)
        if attempt.notebook or attempt.malformed:
            yield replace(attempt, attempt=number)


def _earlier(folder: Path) -> list[int]:
    if folder.is_symlink() or not folder.is_dir():
        return []
    numbered = (p for p in folder.iterdir() if _NUMBER.fullmatch(p.name) and p.is_dir() and not p.is_symlink())
    return sorted(int(p.name) for p in numbered)


def _submission(student: Path, assignment: str, folder: Path, everyone: dict[str, str]) -> Submission:
    name = _name(student)
    if not folder.is_dir():
        return Submission(name, assignment, None, f"nothing was handed in: there is no folder {assignment}.")
    files = (p for p in folder.iterdir() if p.suffix == ".ipynb")
    notebooks = sorted(p for p in files if not p.name.startswith("._"))  # macOS leaves those
    if not notebooks:
        return Submission(name, assignment, None, "nothing was handed in: the folder holds no notebook.")
    received, undated = received_at(folder)
    if len(notebooks) > 1:
        names = ", ".join(repr(p.name[:60]) for p in notebooks[:5])
        text = f"expected one notebook, got {len(notebooks)}: {names}. Hint: keep the one to grade."
        return Submission(name, assignment, None, text, malformed=True, received=received, undated=undated)
    other = _other_name(notebooks[0].stem, name, everyone)
    return Submission(name, assignment, notebooks[0], named_after=other, received=received, undated=undated)


def _name(folder: Path) -> str:
    """A student's id; bytes that are no UTF-8 in hexadecimals, since they could be neither stored nor printed."""
    return folder.name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _other_name(stem: str, student: str, everyone: dict[str, str]) -> str:
    """The student, not this one, whose name is the file's or a part of it between signs such as `-` and `_`."""
    parts = [stem.lower(), *re.split(r"[^a-z0-9.@+]+", stem.lower())]
    return next((everyone[p] for p in parts if p in everyone and everyone[p] != student), "")
