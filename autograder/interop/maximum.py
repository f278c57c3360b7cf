"""Gives nbgrader's gradebook the maximum of our pages: bonus points and points by hand are beyond it.

nbgrader knows no bonus. Its maximum is the sum over all cells, and formgrader takes no score above a cell's own
maximum, so each cell must keep its points. One task cell that is in no notebook has the points beyond the maximum, with
a minus sign. So the sum is right in formgrader, in feedback and in nbgrader's own export. SaveCells refuses other cells
than those of the source notebook once there are submissions; the class here tells it of this one.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter
from nbgrader.api import Comment, Grade, Gradebook, MissingEntry
from nbgrader.preprocessors import SaveCells

from autograder.assignment.assignment import Assignment, load_assignment
from autograder.course import FILE, open_course

CELL = "points-beyond-the-maximum"


def points_beyond(assignment: Assignment) -> float:
    """The points of bonus questions, and of those that a person grades."""
    bonus = sum(q.points for q in assignment.settings.questions if q.bonus)
    return bonus + sum(assignment.by_hand.values())


def fit_maximum(gradebook: Gradebook, assignment: Assignment) -> None:
    """Add our cell to an assignment that is in the gradebook, with the rows of those who handed in; or remove it."""
    where = (CELL, assignment.name, assignment.name)
    beyond = points_beyond(assignment)
    if not beyond:
        _remove(gradebook, where)
        return
    cell = gradebook.update_or_create_task_cell(*where, max_score=-beyond, cell_type="markdown")
    gradebook.update_or_create_source_cell(*where, **_source())
    have = {grade.notebook_id for grade in cell.grades}
    for submission in (s for s in cell.notebook.submissions if s.id not in have):
        gradebook.db.add(Grade(cell_id=cell.id, notebook_id=submission.id, auto_score=0.0, needs_manual_grade=False))
        gradebook.db.add(Comment(cell_id=cell.id, notebook_id=submission.id))
    gradebook.db.commit()


def _remove(gradebook: Gradebook, where: tuple[str, str, str]) -> None:
    try:
        rows = [gradebook.find_task_cell(*where), gradebook.find_source_cell(*where)]
    except MissingEntry:
        return
    for row in [*rows[0].grades, *rows[0].comments, *rows]:
        gradebook.db.delete(row)
    gradebook.db.commit()


def _source() -> dict[str, Any]:
    text = "Bonus points and points that a person gives are beyond the maximum."
    return {"cell_type": "markdown", "locked": True, "source": text, "checksum": None}


class MaximumExporter(NotebookExporter):
    """Nbgrader's exporter, with SaveMaximum in the place of its SaveCells: see `interop/config.py`."""

    def register_preprocessor(self, preprocessor: Any, enabled: bool = False) -> Any:
        """As the base class; see https://nbconvert.readthedocs.io, Exporter."""
        chosen = SaveMaximum if preprocessor is SaveCells else preprocessor
        return super().register_preprocessor(chosen, enabled)  # type: ignore[no-untyped-call]


class SaveMaximum(SaveCells):  # type: ignore[misc]  # nbgrader has no types
    """Enters the cells of a notebook in the gradebook, and the cell that corrects the maximum."""

    def _create_notebook(self, nb: Any) -> None:
        if beyond := self._points_beyond():
            self.new_task_cells[CELL] = {"max_score": -beyond, "cell_type": "markdown"}
            self.new_source_cells[CELL] = _source()
        super()._create_notebook(nb)

    def _points_beyond(self) -> float:
        """Of the assignment whose notebook this is; 0 for an assignment that is not of our course."""
        root = Path(str(self.config.CourseDirectory.root))
        if not (root / FILE).is_file():
            return 0.0
        folder = open_course(root).solutions / self.assignment_id
        return points_beyond(load_assignment(folder)) if folder.is_dir() else 0.0
