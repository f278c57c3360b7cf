"""An assignment as a student has it: the public checks of the released notebook, and nothing else.

Nothing of the notebook is run here. Its checks have no function: `judging/public_checks.py` runs their text.
"""

from __future__ import annotations

import ast
import hashlib
import json
from pathlib import Path
from typing import Any

from autograder.assignment.assignment import Assignment
from autograder.assignment.settings import Question, Settings
from autograder.assignment.source import SourceCell, check_call, check_function
from autograder.authoring.checks import Check
from autograder.errors import CourseError


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
        cells = tuple(c for raw in json.loads(data)["cells"] if (c := _check_cell(raw)) is not None)
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        raise CourseError(
            f"{path}: expected a released notebook, got something else. Hint: autograder release {folder.name}."
        ) from None
    checks = tuple(map(_check, cells))
    questions = tuple(
        Question(id=q, title="public checks", points=max(sum(c.points for c in checks if c.question == q), 1e-9))
        for q in dict.fromkeys(c.question for c in checks)
    )
    if not questions:
        raise CourseError(f"{path}: expected public checks, got none.")
    handout = tuple(p.name for p in sorted(folder.glob("*.py")))
    settings = Settings(title=folder.name, handout=handout, questions=questions)
    return Assignment(folder.name, folder, settings, cells, checks, hashlib.sha256(data).hexdigest())


def _check(cell: SourceCell) -> Check:
    function = check_function(cell.source)
    title = (ast.get_docstring(function) or function.name).splitlines()[0]
    identity = f"{cell.question}.{function.name.removeprefix('test_')}"
    parameters = tuple(a.arg for a in function.args.args)
    return Check(identity, cell.question, title, cell.points, "public", _only_text, parameters)


def _only_text(*_: object) -> None:
    raise TypeError("a check of a released notebook is text, which only the sandbox runs")


def _check_cell(raw: dict[str, Any]) -> SourceCell | None:
    mark = raw["metadata"].get("nbgrader", {})
    source = "".join(raw["source"])
    if not mark.get("grade") or "def test_" not in source:
        return None
    source = source.removesuffix(check_call(source)).rstrip()  # the author's text does not have the call
    return SourceCell(
        mark["grade_id"], "code", "check", source, mark["grade_id"].partition("-")[0], float(mark["points"])
    )
