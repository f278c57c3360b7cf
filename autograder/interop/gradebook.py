"""Our results → nbgrader's gradebook, and a graded notebook for formgrader to open. `autograder export nbgrader`.

What a person entered there stays: manual scores, comments, extra credit, extensions. What a regrade decides is
written: automatic scores, what needs a look again, late penalties by nbgrader's own plugin. Doing it twice changes
nothing the second time.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.api import (
    Comment,
    Grade,
    Gradebook,
    MissingEntry,
)
from nbgrader.api import Notebook as GradebookNotebook
from nbgrader.preprocessors import AssignLatePenalties

from autograder.authoring.assignment import Assignment, load_assignment
from autograder.course import Course
from autograder.errors import AutograderError, MalformedError
from autograder.grading.results import Result, write_atomically
from autograder.intake.reader import Notebook, read_notebook
from autograder.intake.submissions import find_submissions
from autograder.interop.config import load_settings
from autograder.interop.graded_notebook import answers_in_words, graded_notebook
from autograder.interop.nbgrader import grade_id, run_nbgrader, source_notebook, write_source


@dataclass(frozen=True, slots=True)
class Written:
    """What an export did. look: grades a person should look at."""

    submissions: int
    look: int
    url: str


def export_results(course: Course, results: Sequence[Result], submitted: Path) -> Written:
    """Write all results. Raises AutograderError where the gradebook cannot be opened."""
    settings = load_settings(course.root)
    url = str(settings.CourseDirectory.db_url)
    names = sorted({r.assignment for r in results})
    suites = {name: load_assignment(course.solutions / name) for name in names}
    handed_in = {(s.assignment, s.student): s.notebook for s in find_submissions(submitted, names)}
    try:
        for suite in suites.values():
            _register(course, suite, url)
        with Gradebook(url, course.identity) as gradebook:
            writer = _Writer(gradebook, course, settings)
            for result in results:
                writer.write(result, suites[result.assignment], handed_in.get((result.assignment, result.student)))
            return Written(writer.submissions, writer.look, _without_password(url))
    except ImportError as error:  # SQLAlchemy's driver for another database
        raise AutograderError(
            f"gradebook: expected a driver for {_without_password(url)}, got none: {error}."
        ) from None


def _without_password(url: str) -> str:
    from sqlalchemy.engine import make_url

    return make_url(url).render_as_string(hide_password=True)


def _register(course: Course, suite: Assignment, url: str) -> None:
    """Have nbgrader itself enter the assignment and its cells, by `nbgrader generate_assignment`."""
    write_source(suite, course.work / "source" / suite.name)
    with Gradebook(url, course.identity) as gradebook:
        _fit_cells(gradebook, suite)
    with tempfile.TemporaryDirectory(prefix="release-") as elsewhere:  # what students got is not touched
        run_nbgrader(
            course.root,
            "generate_assignment",
            suite.name,
            "--create",
            "--force",
            f"--CourseDirectory.release_directory={elsewhere}",
            f"--CourseDirectory.db_url={url}",
            f"--CourseDirectory.course_id={course.identity}",
            f"--CourseDirectory.source_directory={course.work / 'source'}",
        )


def _fit_cells(gradebook: Gradebook, suite: Assignment) -> None:
    """Add and remove cells of an assignment that was changed. nbgrader refuses to once somebody handed in."""
    try:
        notebook = gradebook.find_notebook(suite.name, suite.name)
    except MissingEntry:
        return
    wanted = {
        c.metadata.nbgrader.grade_id: c.metadata.nbgrader
        for c in source_notebook(suite).cells
        if "nbgrader" in c.metadata
    }
    for kept in (notebook.grade_cells, notebook.solution_cells, notebook.source_cells):
        for cell in [c for c in kept if c.name not in wanted]:
            for entry in [*getattr(cell, "grades", ()), *getattr(cell, "comments", ())]:
                gradebook.db.delete(entry)
            gradebook.db.delete(cell)
    gradebook.db.commit()
    for name, fields in wanted.items():
        _add_cell(gradebook, suite.name, notebook, name, fields)


def _add_cell(gradebook: Gradebook, assignment: str, notebook: GradebookNotebook, name: str, fields: Any) -> None:
    """The rows that nbgrader makes for a new cell, for those who handed in before it was there as well."""
    where = (name, assignment, assignment)
    if fields.grade:
        kind = "markdown" if fields.solution else "code"
        cell = gradebook.update_or_create_grade_cell(*where, max_score=float(fields.points), cell_type=kind)
        have = {grade.notebook_id for grade in cell.grades}
        for submission in (s for s in notebook.submissions if s.id not in have):
            gradebook.db.add(Grade(cell_id=cell.id, notebook_id=submission.id, needs_manual_grade=False))
    if fields.solution:
        cell = gradebook.update_or_create_solution_cell(*where)
        have = {comment.notebook_id for comment in cell.comments}
        for submission in (s for s in notebook.submissions if s.id not in have):
            gradebook.db.add(Comment(cell_id=cell.id, notebook_id=submission.id))
    if fields.locked or fields.grade:
        gradebook.update_or_create_source_cell(*where, cell_type="markdown" if fields.solution else "code")
    gradebook.db.commit()


class _Writer:
    """One gradebook being written. submissions, look: see Written."""

    def __init__(self, gradebook: Gradebook, course: Course, settings: Any) -> None:
        self._gradebook, self._course, self._settings = gradebook, course, settings
        self.submissions = self.look = 0

    def write(self, result: Result, suite: Assignment, path: Path | None) -> None:
        """Enter one result. Who handed in nothing has no submission, as in nbgrader."""
        if result.status == "missing" and not self._has(result):
            return
        notebook = _read(path) if result.status == "graded" else None
        self._gradebook.update_or_create_student(result.student)
        submission = self._gradebook.update_or_create_submission(
            result.assignment, result.student, **_handed_in_at(path)
        )
        words = answers_in_words(suite, notebook)
        before = answers_in_words(suite, _read(self._graded_file(result)))
        points = {grade_id(c.id): c.points for q in result.questions for c in q.checks}
        for entry in submission.notebooks[0].grades:
            name = entry.name
            if name in words:
                _enter(entry, None if words[name] else 0.0, changed=words[name] != before[name])
            else:
                _enter(entry, points.get(name, 0.0))
            self.look += entry.needs_manual_grade
        for comment in submission.notebooks[0].comments:
            comment.auto_comment = "No response." if words.get(comment.name) == "" else None
        self._gradebook.db.commit()
        self.submissions += 1
        if notebook is not None:
            graded = graded_notebook(suite, notebook, result)
            write_atomically(self._graded_file(result), nbformat.writes(graded) + "\n")
        self._penalise(result)

    def _has(self, result: Result) -> bool:
        try:
            self._gradebook.find_submission(result.assignment, result.student)
        except MissingEntry:
            return False
        return True

    def _graded_file(self, result: Result) -> Path:
        folder = self._course.root / str(self._settings.CourseDirectory.autograded_directory)
        return folder / result.student / result.assignment / f"{result.assignment}.ipynb"

    def _penalise(self, result: Result) -> None:
        """Nbgrader's own rule for what is late, with the instructor's plugin and settings."""
        fields = {
            "assignment": result.assignment,
            "notebook": result.assignment,
            "student": result.student,
            "db_url": str(self._settings.CourseDirectory.db_url),
        }
        AssignLatePenalties(config=self._settings).preprocess(nbformat.v4.new_notebook(), {"nbgrader": fields})


def _enter(entry: Grade, points: float | None, *, changed: bool = False) -> None:
    """One grade. points: None where a person grades.  changed: what they graded reads otherwise now.

    A manual score stays; a person is asked to look again where what they judged has changed.
    """
    changed, entry.auto_score = changed or entry.auto_score != points, points
    if entry.manual_score is None:
        entry.needs_manual_grade = points is None
    elif changed:
        entry.needs_manual_grade = True


def _read(path: Path | None) -> Notebook | None:
    if path is None:
        return None
    try:
        return read_notebook(path)
    except MalformedError:
        return None


def _handed_in_at(path: Path | None) -> dict[str, str]:
    """When, by nbgrader's timestamp.txt beside the notebook."""
    if path is None:
        return {}
    try:
        text = path.with_name("timestamp.txt").read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return {}
    return {"timestamp": text} if text else {}
