"""`autograder export nbgrader`: writes results into nbgrader's gradebook, and graded notebooks for formgrader.

Entries of a person stay: manual scores, comments, extra credit, extensions. Automatic scores, marks for a second look
and late penalties (by nbgrader's own plugin) are written. Exporting twice changes nothing the second time.
"""

from __future__ import annotations

import copy
import tempfile
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.api import Grade, Gradebook, InvalidEntry, MissingEntry, SubmittedNotebook
from nbgrader.apps import NbGraderAPI
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from autograder.assignment.assignment import Assignment, load_assignment
from autograder.assignment.handouts import handed_out
from autograder.assignment.released_cells import released_cells
from autograder.assignment.source import SourceCell
from autograder.course import Course
from autograder.errors import AutograderError, CourseError, MalformedError
from autograder.files import write_atomically
from autograder.intake.answers import find_answers
from autograder.intake.reader import Notebook, read_notebook
from autograder.intake.submissions import Submission, find_submissions
from autograder.interop.config import load_settings, tools_on_path
from autograder.interop.gradebook_cells import fit_cells, points_by_cell
from autograder.interop.graded_notebook import answer_text, graded_notebook, shown_answers
from autograder.interop.nbgrader import write_source
from autograder.interop.registered import is_entered, remember_entry
from autograder.records.result import Result
from autograder.text import one_line
from autograder.times import timestamp_text

LONGEST_ID = 128  # characters of nbgrader's column; SQLite takes more, PostgreSQL does not
_NOTHING = Notebook((), "")


@dataclass(frozen=True, slots=True)
class Written:
    """The outcome of an export. look: number of grades that a person should look at.

    stale: results on another notebook, or by other checks, than there are now; they were not written.
    """

    submissions: int
    look: int
    url: str
    stale: tuple[Result, ...] = ()


def export_results(course: Course, results: Sequence[Result], submitted: Path) -> Written:
    """Write all results but those that are stale. Raises AutograderError if the gradebook cannot be opened."""
    settings = load_settings(course.root)
    names = sorted({r.assignment for r in results})
    suites = {name: load_assignment(course.solutions / name) for name in names}
    released = {name: released_cells(suite) for name, suite in suites.items()}
    newest = (s for s in find_submissions(submitted, names, handed_out=handed_out(course, names)) if s.attempt == 0)
    handed_in = {(s.assignment, s.student): s for s in newest}
    handed = [(r, _handed(r, suites[r.assignment], handed_in.get((r.assignment, r.student)))) for r in results]
    graded = [(result, files) for result, files in handed if files is not None]
    stale = tuple(result for result, files in handed if files is None)
    url = str(settings.CourseDirectory.db_url)
    with opened(url):
        for suite in suites.values():
            register(course, suite, settings)
        with ClosingGradebook(url, course) as gradebook:
            writer = _Writer(gradebook, course, settings)
            for result, files in graded:
                counted = result.carrying(course.policy.carried_forward)
                writer.write(counted, suites[result.assignment], released[result.assignment], files)
            return Written(writer.submissions, writer.look, _shown(url), stale)


class ClosingGradebook(Gradebook):  # type: ignore[misc]  # nbgrader has no types
    """A gradebook that closes its connection if it cannot be opened; nbgrader's own leaves it open then."""

    def __init__(self, url: str, course: Course) -> None:
        try:
            super().__init__(url, course.identity)
        except Exception:
            if hasattr(self, "engine"):  # none was made for a URL that is not known
                self.engine.dispose()
            raise


@contextmanager
def opened(url: str) -> Iterator[None]:
    """Turn a database's error into one line without its password, and hide nbgrader's own warnings."""
    try:
        with warnings.catch_warnings(), tools_on_path():
            warnings.filterwarnings("ignore", module="nbgrader")  # they appear as if they were ours
            yield
    except ImportError as error:
        raise AutograderError(
            f"gradebook: expected a driver for {_shown(url)}, got none: {error}. "
            'Hint: for PostgreSQL, pip install "backprop-course[postgres]".'
        ) from None
    except ArgumentError as error:  # not a URL, or a kind of database that SQLAlchemy does not know
        raise AutograderError(
            f"gradebook: expected a URL such as postgresql://user@host/database, got {_shown(url)}: {error}."
        ) from None
    except (SQLAlchemyError, InvalidEntry) as error:
        reason = one_line(str(getattr(error, "orig", None) or error))
        raise AutograderError(f"gradebook: expected to write to {_shown(url)}, got: {reason}") from None


def _shown(url: str) -> str:
    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return "text that is none"


@dataclass(frozen=True, slots=True)
class _Handed:
    """The files behind a result. notebook: None unless it was graded.  timestamp: as nbgrader writes it, or ""."""

    notebook: Notebook | None
    timestamp: str


def _handed(result: Result, suite: Assignment, submission: Submission | None) -> _Handed | None:
    """The files behind a result; None if the verdict is on another notebook, or by other checks."""
    _require_id(result.student)
    notebook = _read(submission.notebook, submission.modules) if submission and result.status == "graded" else None
    if result.status == "graded" and (
        notebook is None or (notebook.sha256, suite.suite_sha256) != (result.submission_sha256, result.suite_sha256)
    ):
        return None
    return _Handed(notebook, _timestamp(result))


def _require_id(student: str) -> None:
    if len(student) > LONGEST_ID:
        raise AutograderError(
            f"{student[:40]}…: expected an id of at most {LONGEST_ID} characters, got {len(student)}. "
            "Hint: rename the folder."
        )
    if "<" in student:  # formgrader's page of a submission puts it into its HTML as it is
        raise AutograderError(
            f"{student}: expected an id without <, which formgrader would take for HTML. Hint: rename the folder."
        )


class _Writer:
    """One gradebook being written. submissions, look: see Written."""

    def __init__(self, gradebook: Gradebook, course: Course, settings: Any) -> None:
        self._gradebook, self._course, self._settings = gradebook, course, settings
        # nbgrader commits after each row, and after a commit each row that is touched would be read again, one by one.
        gradebook.db.registry().expire_on_commit = False
        self._cells: dict[str, list[Any]] = {}  # of each assignment: while they are held, no grade reads its own again
        self.submissions = self.look = 0

    def write(self, result: Result, suite: Assignment, released: Sequence[SourceCell], handed: _Handed) -> None:
        """Enter one result. released: the cells of the notebook that students got.

        A student who handed in nothing gets no submission, as in nbgrader. If the submission could not be graded, the
        entry of the result before stays.
        """
        if result.status == "error" or (result.status == "missing" and not self._has(result)):
            return
        if result.assignment not in self._cells:
            kept = self._gradebook.find_notebook(result.assignment, result.assignment)
            self._cells[result.assignment] = [*kept.grade_cells, *kept.solution_cells, *kept.task_cells]
        when = {"timestamp": handed.timestamp} if handed.timestamp else {}
        self._gradebook.update_or_create_student(result.student)
        submission = self._gradebook.update_or_create_submission(result.assignment, result.student, **when)
        notebook = handed.notebook or _NOTHING
        answers = find_answers(notebook.cells, released)
        before = shown_answers(_read(self._graded_file(result)))
        words = {answer.name: answer_text(answer) for answer in answers}
        self.look += _enter_all(submission.notebooks[0], result, words, before)
        late = submission.total_seconds_late > 0
        if not late:
            submission.notebooks[0].late_submission_penalty = None
        self._gradebook.db.commit()
        self.submissions += 1
        shown = graded_notebook(suite, notebook, result, answers)
        write_atomically(self._graded_file(result), nbformat.writes(shown) + "\n")
        if late:
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
        """Apply nbgrader's own late rule, with the instructor's plugin and settings."""
        fields = {
            "assignment": result.assignment,
            "notebook": result.assignment,
            "student": result.student,
            "db_url": str(self._settings.CourseDirectory.db_url),
        }
        AssignLatePenalties(config=self._settings).preprocess(nbformat.v4.new_notebook(), {"nbgrader": fields})


def _enter_all(notebook: SubmittedNotebook, result: Result, words: Mapping[str, str], before: Mapping[str, str]) -> int:
    """Enter all grades of a submission.

    Returns how many a person should look at. words: of each answer that a person grades; "" for one that was not
    written: a person decides about it, too.  before: the texts of the export before.
    """
    points = points_by_cell(result)
    for entry in notebook.grades:
        name = entry.name
        if name in words:
            _enter(entry, None, changed=words[name] != before.get(name, ""))
        else:
            _enter(entry, points.get(name, 0.0))
    for comment in notebook.comments:
        comment.auto_comment = "No response." if words.get(comment.name) == "" else None
    return sum(entry.needs_manual_grade for entry in notebook.grades)


def _enter(entry: Grade, points: float | None, *, changed: bool = False) -> None:
    """One grade. points: None where a person grades.  changed: what they graded reads otherwise now.

    A manual score stays; a person is asked to look again where what they judged has changed.
    """
    changed, entry.auto_score = changed or entry.auto_score != points, points
    if entry.manual_score is None:
        entry.needs_manual_grade = points is None
    elif changed:
        entry.needs_manual_grade = True


def _read(path: Path | None, modules: Sequence[Path] = ()) -> Notebook | None:
    if path is None:
        return None
    try:
        return read_notebook(path, modules)
    except MalformedError:
        return None


def _timestamp(result: Result) -> str:
    """The time that the result records, as nbgrader writes it; "" if no time is known or counts."""
    return timestamp_text(datetime.fromisoformat(result.received)) if result.received else ""


def register(course: Course, suite: Assignment, settings: Any) -> None:
    """Have nbgrader enter the assignment and its cells, as `nbgrader generate_assignment` does. Raises CourseError.

    It runs in this process: every user can see the arguments of another process, and a database's password among them.
    """
    write_source(suite, course.work / "source" / suite.name)
    url = str(settings.CourseDirectory.db_url)
    with ClosingGradebook(url, course) as gradebook:
        if is_entered(course, suite.name, settings, gradebook):
            return
        fit_cells(gradebook, suite)
    with tempfile.TemporaryDirectory(prefix="release-") as elsewhere:  # the notebook that students got is not changed
        config = copy.deepcopy(settings)
        config.CourseDirectory.release_directory = elsewhere
        config.CourseDirectory.source_directory = str(course.work / "source")
        done = NbGraderAPI(config=config).generate_assignment(suite.name)
    if not done["success"]:
        lines = (done.get("error") or done.get("log") or "no message").strip().splitlines()
        raise CourseError(f"{suite.name}: expected nbgrader to enter it in the gradebook, got: {lines[-1][:300]}")
    with ClosingGradebook(url, course) as gradebook:
        remember_entry(course, suite.name, settings, gradebook)
