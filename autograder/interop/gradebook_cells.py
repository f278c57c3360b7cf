"""Enters an assignment into nbgrader's gradebook, by nbgrader's own code, and fits it after a change."""

from __future__ import annotations

import copy
import tempfile
from typing import Any

from nbgrader.api import Comment, Grade, Gradebook, MissingEntry
from nbgrader.api import Notebook as GradebookNotebook
from nbgrader.apps import NbGraderAPI

from autograder.assignment.assignment import Assignment
from autograder.course import Course
from autograder.errors import CourseError
from autograder.interop.nbgrader import source_notebook, write_source


def register(course: Course, suite: Assignment, settings: Any) -> None:
    """Have nbgrader enter the assignment and its cells, as `nbgrader generate_assignment` does. Raises CourseError.

    It runs in this process: every user can see the arguments of another process, and a database's password among them.
    """
    write_source(suite, course.work / "source" / suite.name)
    with Gradebook(str(settings.CourseDirectory.db_url), course.identity) as gradebook:
        _fit_cells(gradebook, suite)
    with tempfile.TemporaryDirectory(prefix="release-") as elsewhere:  # the notebook that students got is not changed
        own = copy.deepcopy(settings)
        own.CourseDirectory.release_directory = elsewhere
        own.CourseDirectory.source_directory = str(course.work / "source")
        done = NbGraderAPI(config=own).generate_assignment(suite.name)
    if not done["success"]:
        told = (done.get("error") or done.get("log") or "no message").strip().splitlines()
        raise CourseError(f"{suite.name}: expected nbgrader to enter it in the gradebook, got: {told[-1][:300]}")


def _fit_cells(gradebook: Gradebook, suite: Assignment) -> None:
    """Add and remove cells of an assignment that was changed. nbgrader refuses to do it after the first submission."""
    try:
        notebook = gradebook.find_notebook(suite.name, suite.name)
    except MissingEntry:
        return
    wanted = {c.metadata.nbgrader.grade_id: c for c in source_notebook(suite).cells if "nbgrader" in c.metadata}
    for role, kept in (("grade", notebook.grade_cells), ("solution", notebook.solution_cells)):
        for cell in [c for c in kept if c.name not in wanted or not wanted[c.name].metadata.nbgrader[role]]:
            for entry in [*cell.grades, *cell.comments]:
                gradebook.db.delete(entry)
            gradebook.db.delete(cell)
    for source in [c for c in notebook.source_cells if c.name not in wanted]:
        gradebook.db.delete(source)
    gradebook.db.commit()
    for name, cell in wanted.items():
        _add_cell(gradebook, notebook, (name, suite.name, suite.name), cell)


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
