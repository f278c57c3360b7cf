"""Whether the parts of an assignment fit together: checks and points, answers by hand, rubrics, predictions.

Each misfit is one line that names the question and its checks.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Sequence
from pathlib import Path

from autograder.assignment.predictions import require_predictions
from autograder.assignment.settings import Settings
from autograder.assignment.source import SourceCell
from autograder.authoring.checks import Check
from autograder.authoring.slips import SlipGroup
from autograder.course import author_text
from autograder.errors import CourseError
from autograder.text import nearest


def require_consistent(folder: Path, settings: Settings, cells: Sequence[SourceCell], checks: Sequence[Check]) -> None:
    """Raise CourseError for the first misfit. folder: solutions/NAME."""
    _require_something_to_grade(folder.name, settings, cells)
    _require_questions(folder.name, settings, checks)
    _require_points_to_add_up(folder, settings, checks)
    _require_by_hand_apart(folder.name, settings, cells)
    _require_rubrics_fit(folder.name, settings, cells)
    require_predictions(folder.name, cells)


def require_cores(name: str, groups: Sequence[SlipGroup], checks: Sequence[Check]) -> None:
    """Each question with slips has a core check with points, so that a slip costs something. Raises CourseError."""
    for group in groups:
        if not any(c.core and c.points for c in checks if c.question == group.question):
            raise CourseError(
                f"{name}, slips of {group.question}: expected a core check with points, got none. "
                f'Hint: @check("{group.question}", points=5, core=True).'
            )


def require_each_name_once(path: Path, source: ast.Module) -> None:
    """Python keeps the second of two functions of one name, and says nothing. source: what stands in the file."""
    lines: dict[str, int] = {}
    for node in source.body:
        if isinstance(node, ast.FunctionDef) and node.decorator_list:
            if node.name in lines:
                raise CourseError(
                    f"{path}: expected each function once, got {node.name} in lines {lines[node.name]} and "
                    f"{node.lineno}. Hint: give one of them another name."
                )
            lines[node.name] = node.lineno


def _require_something_to_grade(name: str, settings: Settings, cells: Sequence[SourceCell]) -> None:
    """There is a question, for checks or for a person."""
    if not settings.questions and not any(cell.role == "manual" for cell in cells):
        raise CourseError(
            f"{name}: expected [[questions]] in assignment.toml, or a cell with the role manual, got neither."
        )


def _require_questions(name: str, settings: Settings, checks: Sequence[Check]) -> None:
    """Each check is of a question, and its name stands once."""
    known = [q.id for q in settings.questions]
    ids = [c.id for c in checks]
    for check in checks:
        for question in (check.question, *check.needs):
            if question not in known:
                raise CourseError(
                    f"{name}, {check.id}: expected a question of assignment.toml ({', '.join(known) or 'none'}), "
                    f"got {question!r}.{nearest(question, known)}"
                )
        if ids.count(check.id) > 1:
            raise CourseError(
                f"{name}: expected each check once, got {check.id} {ids.count(check.id)} times. "
                "Hint: give one of them another name."
            )


def _require_points_to_add_up(folder: Path, settings: Settings, checks: Sequence[Check]) -> None:
    for question in settings.questions:
        these = [c for c in checks if c.question == question.id]
        total = sum(c.points for c in these)
        if not math.isclose(total, question.points):
            each = ", ".join(f"{c.id} {c.points:g}" for c in these) or "no check"
            raise CourseError(
                f"{folder.name}, {question.id}: expected checks worth {question.points:g} points, got {total:g} "
                f"({each}).{_unmarked(folder / 'hidden_checks.py')}"
            )


def _unmarked(path: Path) -> str:
    """A hint about test functions of hidden_checks.py that no @check marks; "" if there is none."""
    functions = [node for node in ast.parse(author_text(path)).body if isinstance(node, ast.FunctionDef)]
    names = [node.name for node in functions if node.name.startswith("test_") and not node.decorator_list]
    return f" Hint: no @check stands above {', '.join(names)}." if names else ""


def _require_by_hand_apart(name: str, settings: Settings, cells: Sequence[SourceCell]) -> None:
    """A question graded by hand has no check, and its points are not among those of the checks."""
    automatic = {q.id for q in settings.questions}
    for cell in cells:
        if cell.role == "manual" and cell.question in automatic:
            raise CourseError(
                f"{name}, {cell.question}: expected a question graded by hand to be none of assignment.toml's."
            )


def _require_rubrics_fit(name: str, settings: Settings, cells: Sequence[SourceCell]) -> None:
    """Each rubric is of one question that a person grades, and no item is worth more than the question."""
    points = {cell.question: cell.points for cell in cells if cell.role == "manual"}
    questions = [rubric.question for rubric in settings.rubrics]
    for rubric in settings.rubrics:
        where = f"{name}, rubrics, {rubric.question[:60]}"
        if rubric.question not in points:
            known = ", ".join(points) or "none: no cell has the role manual"
            raise CourseError(
                f"{where}: expected a question graded by hand ({known}).{nearest(rubric.question, points)}"
            )
        if questions.count(rubric.question) > 1:
            raise CourseError(f"{where}: expected one rubric, got {questions.count(rubric.question)}.")
        for item in rubric.items:
            most = points[rubric.question]
            if abs(item.points) > most:
                raise CourseError(f"{where}, {item.id}: expected at most {most:g} points, got {item.points:g}.")
