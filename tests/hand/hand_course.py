"""A course in which students answered a question in words, with a rubric. No notebook is graded: results are made up."""

import csv
import io
import shutil

import commands
from result_builders import check, grade, question, record

from autograder.assignment.assignment import load_assignment
from autograder.assignment.samples import notebook_text, solved_cells, with_cell
from autograder.course import open_course

NAME = "a9_test"
HOSTILE = "</div><script>alert(1)</script><img src=x onerror=alert(2)>{{7*7}}\x1b[31m\u202e =cmd()"
RUBRIC = """
[[rubrics]]
question = "explain"
items = [
    { id = "variance", points = 3, text = "names <the> variance", comment = "Right: a variance." },
    { id = "sign", points = 2, text = "says that it is never negative", comment = "Squares are not negative." },
    { id = "vague", points = -1, text = "is vague" },
]
"""


class HandCourse:
    """root: of the course. Answers are in work/submitted, results of eight points in work/results."""

    def __init__(self, root, course, rubric=RUBRIC, settings=""):
        shutil.copytree(course.root, root, ignore=shutil.ignore_patterns("work"))
        toml = root / "solutions" / NAME / "assignment.toml"
        toml.write_text(toml.read_text() + rubric)
        (root / "course.toml").write_text(f'title = "Test course"\n{settings}')
        self.root, self.assignment = root, load_assignment(root / "solutions" / NAME)

    @property
    def course(self):
        return open_course(self.root)

    @property
    def sheet(self):
        return self.root / "work" / "hand" / NAME / "explain.csv"

    @property
    def page(self):
        return self.sheet.with_suffix(".html").read_text()

    def answer(self, student, words):
        folder = self.root / "work" / "submitted" / student / NAME
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{NAME}.ipynb").write_text(notebook_text(with_cell(solved_cells(self.assignment), "explain", words)))

    def graded(self, *students, **fields):
        questions = (question("q1", check("q1.value", 8.0, 10.0, "fail")),)
        grade(
            self.root / "work" / "results",
            *(record(s, NAME, questions=questions, max_score=10.0, **fields) for s in students),
        )

    def rows(self):
        return list(csv.DictReader(io.StringIO(self.sheet.read_text("utf-8-sig"))))

    def fill(self, path=None, separator=",", **cells):
        """Fill lines in: {student or number: {column: text}}."""
        rows = self.rows()
        for row in rows:
            row.update(cells.get(row.get("student") or row["number"], {}))
        out = io.StringIO()
        writer = csv.DictWriter(out, list(rows[0]), delimiter=separator)
        writer.writeheader()
        writer.writerows(rows)
        path = path or self.sheet
        path.write_text(out.getvalue())
        return str(path)

    def page_of(self, student):
        return (self.root / "work" / "reports" / NAME / f"{student}.html").read_text()


def run(*arguments, code=0):
    done = commands.run(*arguments, code=code)
    return done.stdout + done.stderr
