"""The graders as an instructor runs them from the command line: where submissions lie, the commands, scores and pages.

No grader runs in a container: that is a choice of the machine, open to each of them, and SECURITY.md says so.
"""

import importlib.metadata
import json
import sqlite3
import sys
from pathlib import Path

from attacks.bench import assignment
from attacks.bench.assignment import NAME

from autograder.interop.tools import _START as START

CELL_SECONDS = 5  # one cell of nbgrader's, one cell or call of ours
SECONDS = 50  # a whole notebook: ten cells of nbgrader's, of ours, too; `otter run` has no such option


class Tool:
    """One grader. name: for the command line and the table.  package: whose version is printed."""

    name = title = package = ""
    keeps_results = True  # what was graded before is not touched again
    one_by_one = False  # a command grades one notebook, so a later one depends on files and processes alone

    @property
    def version(self):
        return f"{self.package} {importlib.metadata.version(self.package)}"

    def prepare(self, course, marks):
        """Make the course in an empty folder; return the notebook that students get."""
        raise NotImplementedError

    def hidden_file(self, course):
        """A file with the hidden tests or the solution."""
        raise NotImplementedError

    def notebook(self, course, student):
        """Where a submission lies."""
        return course / "submitted" / student / NAME / f"{NAME}.ipynb"

    def commands(self, course, students):
        """The commands that grade the class, and those that make what students see, in this order."""
        raise NotImplementedError

    def score(self, course, student):
        """Points of a student, or None without a result."""
        raise NotImplementedError

    def shown(self, course, student):
        """All text that a student sees."""
        raise NotImplementedError


def _tool(*arguments):
    return [sys.executable, "-c", START, *arguments]


class Nbgrader(Tool):
    name, title, package = "nbgrader", "`nbgrader autograde`", "nbgrader"

    def prepare(self, course, marks):
        (course / "nbgrader_config.py").write_text(f"c = get_config()\nc.Execute.timeout = {CELL_SECONDS}\n")
        return assignment.write_nbgrader(course, marks)

    def hidden_file(self, course):
        return course / "source" / NAME / f"{NAME}.ipynb"

    def commands(self, course, students):
        return [_tool("nbgrader", "autograde", NAME), _tool("nbgrader", "generate_feedback", NAME)]

    def score(self, course, student):
        query = """
            select sum(coalesce(grade.manual_score, grade.auto_score, 0)), count(grade.auto_score) from grade
            join submitted_notebook on submitted_notebook.id = grade.notebook_id
            join submitted_assignment on submitted_assignment.id = submitted_notebook.assignment_id
            where submitted_assignment.student_id = ?
        """
        try:
            with sqlite3.connect(f"file:{course / 'gradebook.db'}?mode=ro", uri=True) as connection:
                total, graded = connection.execute(query, [student]).fetchone()
            connection.close()
        except sqlite3.Error:
            return None
        return total if graded else None

    def shown(self, course, student):
        return _texts(course / "feedback" / student, "*.html")


class Otter(Tool):
    name, title, package = "otter", "`otter run`", "otter-grader"
    one_by_one = True

    def prepare(self, course, marks):
        return assignment.write_otter(course, marks)

    def hidden_file(self, course):
        return course / f"{NAME}.ipynb"

    def commands(self, course, students):
        return [self._run(course, student) for student in students if not (course / "out" / student).exists()]

    def _run(self, course, student):
        out = course / "out" / student
        out.mkdir(parents=True, exist_ok=True)
        return _tool(
            "otter", "run", str(self.notebook(course, student)), "-a", str(course / "autograder.zip"), "-o", str(out)
        )

    def score(self, course, student):
        try:
            results = json.loads((course / "out" / student / "results.json").read_text())
            return float(results["score"] if "score" in results else sum(t.get("score", 0) for t in results["tests"]))
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return None

    def shown(self, course, student):
        """Gradescope's rule: a test is shown unless it is hidden; the command's own output is hidden."""
        try:
            results = json.loads((course / "out" / student / "results.json").read_text())
            tests = [t for t in results["tests"] if t.get("visibility", "visible") != "hidden"]
            return "\n".join(str(text) for t in [results, *tests] for text in (t.get("output", ""), t.get("name", "")))
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return ""


class Ours(Tool):
    package = "backprop-course"
    keeps_results = False  # it keeps results, but also a history, in files that have another name each time

    def __init__(self, tier):
        self.tier, self.name, self.title = tier, tier, f"`autograder grade --tier {tier}`"

    def prepare(self, course, marks):
        limits = {
            "memory_mb": 512,
            "cell_seconds": CELL_SECONDS,
            "call_seconds": CELL_SECONDS,
            "submission_seconds": SECONDS / 2,
            "wall_factor": 2,  # so SECONDS of wall clock
        }
        return assignment.write_ours(course, marks, limits)

    def hidden_file(self, course):
        return course / "solutions" / NAME / "hidden_checks.py"

    def notebook(self, course, student):
        return course / "work" / "submitted" / student / NAME / f"{NAME}.ipynb"

    def commands(self, course, students):
        run = [sys.executable, "-m", "autograder"]
        return [[*run, "grade", "--tier", self.tier, "--jobs", "1"], [*run, "report"]]

    def score(self, course, student):
        try:
            return float(json.loads((course / "work" / "results" / NAME / f"{student}.json").read_text())["score"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def shown(self, course, student):
        """The student's page, and the whole result, of which students see less."""
        work = course / "work"
        return _texts(work / "reports" / NAME, f"{student}.html") + _texts(work / "results" / NAME, f"{student}.json")


def _texts(folder, pattern):
    files = (p for p in sorted(Path(folder).rglob(pattern)) if p.is_file() and not p.is_symlink())
    return "\n".join(p.read_text(errors="replace") for p in files)


TOOLS = {tool.name: tool for tool in (Ours("A"), Ours("B"), Nbgrader(), Otter())}
