"""The graded cells of an assignment in nbgrader's gradebook: which hold whose points, and what a change does to them.

A public check has a cell of its own. All hidden checks of a question share one, whose points are their sum. Earlier
releases had a cell for each hidden check: what a person gave there goes to the new cell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from nbgrader.api import Comment, Grade, Gradebook, GradeCell, MissingEntry
from nbgrader.api import Notebook as GradebookNotebook

from autograder.assignment.assignment import Assignment
from autograder.assignment.released_cells import cell_of, grade_id, hidden_id
from autograder.interop.maximum import CELL, fit_maximum
from autograder.interop.nbgrader import source_notebook
from autograder.records.result import Result


def points_by_cell(result: Result) -> dict[str, float]:
    """The points of each graded cell."""
    points: dict[str, float] = {}
    for question in result.questions:
        for check in question.checks:
            cell = cell_of(question.id, check.id, check.visibility)
            points[cell] = round(points.get(cell, 0.0) + check.points, 6)
    return points


def fit_cells(gradebook: Gradebook, suite: Assignment) -> None:
    """Add and remove cells of an assignment that was changed. nbgrader refuses to do it after the first submission."""
    try:
        notebook = gradebook.find_notebook(suite.name, suite.name)
    except MissingEntry:
        return
    wanted = {c.metadata.nbgrader.grade_id: c for c in source_notebook(suite).cells if "nbgrader" in c.metadata}
    given = _given_in_single_cells(notebook.grade_cells, suite)
    for role, kept in (("grade", notebook.grade_cells), ("solution", notebook.solution_cells)):
        for cell in [c for c in kept if c.name not in wanted or not wanted[c.name].metadata.nbgrader[role]]:
            for entry in [*cell.grades, *cell.comments]:
                gradebook.db.delete(entry)
            gradebook.db.delete(cell)
    for source in [c for c in notebook.source_cells if c.name not in {*wanted, CELL}]:
        gradebook.db.delete(source)
    gradebook.db.commit()
    for name, cell in wanted.items():
        _add_cell(gradebook, notebook, (name, suite.name, suite.name), cell)
    for (submission, question), by_hand in given.items():
        where = (hidden_id(question), suite.name, suite.name)
        grade = next(g for g in gradebook.find_grade_cell(*where).grades if g.notebook_id == submission)
        grade.manual_score, grade.extra_credit = by_hand.score, by_hand.extra
    gradebook.db.commit()
    fit_maximum(gradebook, suite)


@dataclass(frozen=True, slots=True)
class _ByHand:
    """A person's points for all hidden checks of a question. None: none were given."""

    score: float | None
    extra: float | None


def _given_in_single_cells(cells: Sequence[GradeCell], suite: Assignment) -> dict[tuple[str, str], _ByHand]:
    """{(submission, question): the points that a person gave in cells that held one hidden check}."""
    hidden = {grade_id(c.id): c.question for c in suite.checks if c.visibility != "public"}
    grades: dict[tuple[str, str], list[Grade]] = {}
    for cell in (cell for cell in cells if cell.name in hidden):
        for grade in cell.grades:
            grades.setdefault((grade.notebook_id, hidden[cell.name]), []).append(grade)
    given = {key: _together(each) for key, each in grades.items()}
    return {key: by_hand for key, by_hand in given.items() if by_hand != _ByHand(None, None)}


def _together(grades: Sequence[Grade]) -> _ByHand:
    """A manual score replaces the automatic one of its cell, so the others keep theirs."""
    scores = [g.auto_score or 0.0 if g.manual_score is None else g.manual_score for g in grades]
    by_hand = any(g.manual_score is not None for g in grades)
    return _ByHand(sum(scores) if by_hand else None, sum(g.extra_credit or 0.0 for g in grades) or None)


def _add_cell(gradebook: Gradebook, notebook: GradebookNotebook, where: tuple[str, str, str], cell: Any) -> None:
    """The rows that nbgrader makes for a new cell, also for students who handed in before."""
    fields = cell.metadata.nbgrader
    if fields.grade:
        entry = gradebook.update_or_create_grade_cell(*where, max_score=float(fields.points), cell_type=cell.cell_type)
        have = {grade.notebook_id for grade in entry.grades}
        for submission in (s for s in notebook.submissions if s.id not in have):
            gradebook.db.add(Grade(cell_id=entry.id, notebook_id=submission.id, needs_manual_grade=False))
    if fields.solution:
        entry = gradebook.update_or_create_solution_cell(*where)
        have = {comment.notebook_id for comment in entry.comments}
        for submission in (s for s in notebook.submissions if s.id not in have):
            gradebook.db.add(Comment(cell_id=entry.id, notebook_id=submission.id))
    gradebook.update_or_create_source_cell(*where, cell_type=cell.cell_type)
    gradebook.db.commit()
