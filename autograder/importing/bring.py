"""`autograder import`: notebooks of another tool → folders of solutions/, each with an IMPORT.md that says what became
of every test. Nothing is written before all of it is decided, and nothing is ever replaced.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.assignment.assignment import load_assignment
from autograder.course import Course
from autograder.errors import AutograderError, CourseError
from autograder.importing.draft import ImportDraft
from autograder.importing.evidence import SettledDraft, settle, write_assignment
from autograder.importing.packages import packages_of
from autograder.importing.parts import LeftOut, SourceNotebook, SourcePart
from autograder.importing.questions import in_questions
from autograder.importing.report import REPORT, report_text

NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")


@dataclass(frozen=True, slots=True)
class Brought:
    """An assignment that was written. folder: solutions/NAME."""

    folder: Path
    settled: SettledDraft
    left_out: tuple[LeftOut, ...]


def names_for(wanted: str, notebooks: Sequence[str]) -> list[str]:
    """A name of ours for each notebook. wanted: the user's choice, or the assignment's name in the other tool."""
    base = _slug(wanted)
    return [base] if len(notebooks) == 1 else [f"{base}_{_slug(name)}" for name in notebooks]


def _slug(name: str) -> str:
    slug = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
    return slug if re.match(r"[a-z]", slug) else f"a_{slug}"


def bring(
    course: Course, name: str, notebook: SourceNotebook, tool: str, jobs: int, step: Callable[[], None] = lambda: None
) -> Brought:
    """Write solutions/NAME from one notebook. step: called after each round of grading.

    Raises AutograderError if the name is taken or is no name, there is nothing to grade, or the notebook cannot be an
    assignment.
    """
    _require_free(course.solutions / name)
    parts = in_questions(_by_hand_once(notebook.parts))
    if not any(part.kind in {"test", "by_hand"} for part in parts):
        raise CourseError(f"{notebook.name}: expected a cell that is graded, got none with points.")
    draft = ImportDraft(
        tool,
        f"{notebook.name}.ipynb",
        parts,
        {},
        handout=tuple(sorted(notebook.files)),
        packages=packages_of(parts, notebook.files),
    )
    settled = settle(draft, notebook.files, jobs, step)
    if settled.decided and all(decided.way == "dropped" for decided in settled.decided.values()):
        raise CourseError(
            f"{notebook.name}: expected tests that hold for the author's solution, got none. "
            "Hint: run the notebook from the top, and look which cell fails."
        )
    made = Brought(course.solutions / name, settled, notebook.left_out)
    _write(made, notebook)
    return made


def _require_free(folder: Path) -> None:
    if not NAME.fullmatch(folder.name):
        raise AutograderError(
            f"assignment: expected a name of small letters, digits and _, got {folder.name!r}. Hint: give one as NAME."
        )
    if folder.exists():
        raise AutograderError(f"{folder}: expected a new folder, got one that is there. Hint: give another NAME.")


def _by_hand_once(parts: Iterable[SourcePart]) -> tuple[SourcePart, ...]:
    """The parts, where each answer for a person has another name: the tools allow none, or the same one twice."""
    seen: list[str] = []
    made: list[SourcePart] = []
    for part in parts:
        name = part.name or "answer"
        if part.kind == "by_hand":
            count = seen.count(name)
            seen.append(name)
            made.append(replace(part, name=f"{name}-{count + 1}" if count else name))
        else:
            made.append(part)
    return tuple(made)


def _write(made: Brought, notebook: SourceNotebook) -> None:
    """Write beside the place, load it as every command does, then move it there."""
    solutions = made.folder.parent
    try:
        solutions.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=solutions, prefix=".import-") as beside:
            folder = Path(beside) / made.folder.name
            write_assignment(folder, made.settled.draft, notebook.files)
            report = report_text(made.folder.name, made.settled, made.left_out)
            (folder / REPORT).write_text(report, encoding="utf-8")
            load_assignment(folder)
            shutil.copytree(folder, made.folder)
    except OSError as error:
        raise AutograderError(f"{made.folder}: expected to write it, got {error.strerror}.") from None
