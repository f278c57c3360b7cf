"""A course of the skeleton assignment with students in it: hand in, grade and export, then look into the gradebook."""

import re
import shutil
import sqlite3

from nbgrader.api import Gradebook
from patience import be_patient

from autograder.assignment.assignment import load_assignment
from autograder.assignment.samples import notebook_text, solved_cells, starter_cells, with_cell
from autograder.authoring.seeds import seeds_from
from autograder.course import open_course
from autograder.intake.received import Trust
from autograder.intake.submissions import find_submissions
from autograder.interop.config import load_settings
from autograder.interop.gradebook import export_results, opened, register
from autograder.interop.maximum import CELL
from autograder.interop.registered import remember_entry
from autograder.judging.submission import grade_submission
from autograder.scaffold import new

NAME = "a9_test"
RIGHT = "def mean_square(x):\n    return np.mean(x * x)"
CHANGES_ITS_INPUT = "def mean_square(x):\n    x *= x\n    return np.mean(x)"
WORDS = "Their difference is a variance."


class Classroom:
    """root: of the course.  zygote: a warm sandbox."""

    def __init__(self, root, zygote, settings=""):
        root.mkdir(parents=True, exist_ok=True)
        (root / "course.toml").write_text(f'title = "Test course"\n{settings}')
        be_patient(new(open_course(root), NAME))
        self.root, self.zygote = root, zygote

    @property
    def course(self):
        return open_course(self.root)

    @property
    def suite(self):
        return load_assignment(self.course.solutions / NAME)

    def edit(self, file, old, new):
        """Change the assignment."""
        path = self.course.solutions / NAME / file
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))

    def hand_in(self, student, answer=RIGHT, words=WORDS, *, at=None, data=None):
        folder = self.course.work / "submitted" / student / NAME
        folder.mkdir(parents=True, exist_ok=True)
        cells = with_cell(with_cell(solved_cells(self.suite), "q1-solution", answer), "explain", words)
        folder.joinpath(f"{NAME}.ipynb").write_text(notebook_text(cells) if data is None else data)
        if at:
            folder.joinpath("timestamp.txt").write_text(at)
        return folder

    def hand_in_starter(self, student):
        self.hand_in(student, data=notebook_text(starter_cells(self.suite)))

    def grade(self):
        submitted = find_submissions(self.course.work / "submitted", [NAME], trust=Trust(b"secret", timestamps=True))
        return [grade_submission(s, self.suite, self.zygote, seeds_from(b"secret")) for s in submitted]

    def export(self, results=None):
        return export_results(self.course, results or self.grade(), self.course.work / "submitted")

    def gradebook(self):
        return Gradebook(self.course.gradebook, self.course.identity)

    def by_hand(self, student, cell="explain", comment=None, *, grade=True, **fields):
        """What formgrader does when somebody types. fields: manual_score, extra_credit.  grade: not only a comment."""
        with self.gradebook() as book:
            if grade:
                entry = book.find_grade(cell, NAME, NAME, student)
                for field, value in fields.items():
                    setattr(entry, field, value)
                entry.needs_manual_grade = False
            if comment is not None:
                book.find_comment(cell, NAME, NAME, student).manual_comment = comment
            book.db.commit()

    def scores(self, student):
        """{cell: (automatic, manual, extra credit, needs a look)}."""
        with self.gradebook() as book:
            grades = book.find_submission_notebook(NAME, NAME, student).grades
            rows = {g.name: (g.auto_score, g.manual_score, g.extra_credit, g.needs_manual_grade) for g in grades}
            assert rows.pop(CELL, None) in {None, (0.0, None, None, False)}
            return rows

    def comment(self, student, cell="explain"):
        with self.gradebook() as book:
            return book.find_comment(cell, NAME, NAME, student).comment

    def total(self, student):
        """(score, late penalty)."""
        with self.gradebook() as book:
            submission = book.find_submission(NAME, student)
            return submission.score, submission.late_submission_penalty

    def due(self, when):
        with self.gradebook() as book:
            book.update_or_create_assignment(NAME, duedate=when)

    def graded_notebook(self, student):
        return (self.course.work / "autograded" / student / NAME / f"{NAME}.ipynb").read_text()

    def dump(self):
        """Every row of every table of an SQLite gradebook."""
        with sqlite3.connect(re.sub("^sqlite:///", "", self.course.gradebook)) as connection:
            rows = list(connection.iterdump())
        connection.close()
        return rows

    def copy(self, root):
        """The same classroom elsewhere, where its assignment is in the gradebook, too: the record names the folder."""
        shutil.copytree(self.root, root)
        made = object.__new__(Classroom)
        made.root, made.zygote = root, self.zygote
        made.remember_entry()
        return made

    def enter(self):
        """Have nbgrader enter the assignment in the gradebook: that takes two seconds."""
        settings = load_settings(self.root)
        with opened(str(settings.CourseDirectory.db_url)):
            register(self.course, self.suite, settings)

    def remember_entry(self):
        with self.gradebook() as book:
            remember_entry(self.course, NAME, load_settings(self.root), book)
