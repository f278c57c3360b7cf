"""An assignment as a student has it: the public checks of the released notebook, and nothing else.

Nothing of the notebook is run here. Its checks have no function: `judging/public_checks.py` runs their text.
"""

from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from autograder.assignment.assignment import Assignment
from autograder.assignment.settings import Question, Requirement, Settings
from autograder.assignment.source import SourceCell, check_call, check_function
from autograder.authoring.checks import Check
from autograder.errors import CourseError
from autograder.text import plain

_MAX_MB = 1000  # of hand-outs: the author's own limit was met at the release


class ReleasedCheck(BaseModel):
    """A public check as text. name: of its cell, such as "q1-example"."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    name: str = Field(pattern=r"^[a-z][a-z0-9]*-[a-zA-Z0-9_-]+$", max_length=200)
    source: str = Field(max_length=200_000)
    points: float = Field(ge=0, le=1e6)


class ReleasedNotebook(BaseModel):
    """What `check` needs of a released notebook. code: see code_digest.

    packages: of assignment.toml.  files: hand-outs, if some are no modules.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    code: str = ""
    checks: Annotated[tuple[ReleasedCheck, ...], Field(max_length=500)] = ()
    packages: Annotated[tuple[Requirement, ...], Field(max_length=50)] = ()
    files: Annotated[tuple[str, ...], Field(max_length=1000)] = ()

    @property
    def asked(self) -> frozenset[str]:
        """The names that its checks ask students for. Raises CourseError if a check is no function."""
        return frozenset(a.arg for c in self.checks for a in check_function(c.source).args.args)


def code_digest(sources: Iterable[str]) -> str:
    """The SHA-256 of a notebook's code cells: it stays the same when an editor only opens and saves the notebook."""
    text = "\0".join(source for each in sources if (source := plain(each)))
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def read_release(data: bytes) -> ReleasedNotebook:
    """What `check` needs, of a released notebook's bytes. Raises ValueError if they are none."""
    try:
        document = json.loads(data)
        cells = [raw for raw in document["cells"] if raw["cell_type"] == "code"]
        code = code_digest("".join(raw["source"]) for raw in cells)
        checks = tuple(c for raw in cells if (c := _check_of(raw)) is not None)
        needs = document.get("metadata", {}).get("autograder", {})
        return ReleasedNotebook(
            code=code, checks=checks, packages=needs.get("packages", ()), files=needs.get("files", ())
        )
    except (TypeError, LookupError, AttributeError, RecursionError, CourseError) as error:
        raise ValueError(str(error)) from None


def load_released(folder: Path) -> Assignment:
    """Read assignments/NAME. Raises CourseError if it was never released there."""
    path = folder / f"{folder.name}.ipynb"
    try:
        data = path.read_bytes()
    except OSError:
        raise CourseError(
            f"{path}: expected the released notebook, got none. Hint: autograder release {folder.name}."
        ) from None
    try:
        released = read_release(data)
    except ValueError:
        raise CourseError(
            f"{path}: expected a released notebook, got something else. Hint: autograder release {folder.name}."
        ) from None
    modules = tuple(p.name for p in sorted(folder.glob("*.py")))
    return released_assignment(folder, released, released.files or modules)


def released_assignment(folder: Path, released: ReleasedNotebook, handout: tuple[str, ...]) -> Assignment:
    """The assignment of a folder with the hand-outs. Raises CourseError if there is no public check."""
    cells = tuple(
        SourceCell(c.name, "code", "check", c.source, c.name.partition("-")[0], c.points) for c in released.checks
    )
    checks = tuple(map(_check, cells))
    questions = tuple(
        Question(id=q, title="public checks", points=max(sum(c.points for c in checks if c.question == q), 1e-9))
        for q in dict.fromkeys(c.question for c in checks)
    )
    if not questions:
        raise CourseError(f"{folder.name}: expected public checks, got none.")
    settings = Settings(
        title=folder.name, packages=released.packages, handout=handout, handout_mb=_MAX_MB, questions=questions
    )
    digest = hashlib.sha256(released.model_dump_json().encode()).hexdigest()
    return Assignment(folder.name, folder, settings, cells, checks, digest)


def _check(cell: SourceCell) -> Check:
    function = check_function(cell.source)
    title = (ast.get_docstring(function) or function.name).splitlines()[0]
    identity = f"{cell.question}.{function.name.removeprefix('test_')}"
    parameters = tuple(a.arg for a in function.args.args)
    return Check(identity, cell.question, title, cell.points, "public", _only_text, parameters)


def _only_text(*_: object) -> None:
    raise TypeError("a check of a released notebook is text, which only the sandbox runs")


def _check_of(raw: dict[str, Any]) -> ReleasedCheck | None:
    mark = raw["metadata"].get("nbgrader", {})
    source = "".join(raw["source"])
    if not mark.get("grade") or "def test_" not in source:
        return None
    source = source.removesuffix(check_call(source)).rstrip()  # the author's text does not have the call
    return ReleasedCheck(name=mark["grade_id"], source=source, points=float(mark["points"]))
