"""Idioms of public nbgrader notebooks, as one assignment with a notebook each. TABLES have the scores of a kernel.

`PYTHONPATH=tests python -m interop.idioms [NAME…]` grades them with `nbgrader autograde` and a kernel, and prints every
score that is not the one in the table: after an upgrade of nbgrader or IPython.
"""

import logging
import sqlite3
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path

from interop import nbgrader_course as example
from nbformat.v4 import new_code_cell, new_notebook, writes
from nbgrader.utils import determine_grade

from autograder.interop.tools import run_tool

PACKAGES = ["pandas", "jinja2", "scipy", "scikit-learn", "seaborn", "ipywidgets", "nbformat", "pillow", "pytest"]
FILES = {
    "words.txt": "a b c\n",
    "data/numbers.csv": "1,2,3,4\n",
    "data/table.csv": "a,b\n1,2\n3,4\n",
    "helper.py": "def one(): return 1\n",
    "pack/__init__.py": "",
    "pack/inner.py": "def v(): return 2\n",
    "lib/one_more.py": "z = 9\n",
}
TABLES = ("idioms.toml", "more_idioms.toml")
A_COURSE = 25  # notebooks: nbgrader asks its database about all of them for each student
_SOLUTION = {
    "grade": False,
    "grade_id": "answer",
    "locked": False,
    "schema_version": 3,
    "solution": True,
    "task": False,
}


@dataclass(frozen=True)
class Idiom:
    """Cells that a student gets, an answer, and a test for one point.

    kernel: the score that nbgrader gives with a kernel; None if it grades nothing of the submission.
    here: our score.  why: the reason if it is another one.
    """

    given: list[str]
    answer: str
    test: str
    kernel: float | None
    here: float | None
    why: str = ""

    def notebook(self):
        cells = [new_code_cell(source, id=f"given-{i}") for i, source in enumerate(self.given)]
        cells.append(new_code_cell(self.answer, id="answer", metadata={"nbgrader": _SOLUTION}))
        return new_notebook(cells=[*cells, example._graded("test", self.test, 1)], metadata=example.METADATA)


def _read():
    tables = [tomllib.loads(Path(__file__).with_name(file).read_text()) for file in TABLES]
    for name, fields in (idiom for table in tables for idiom in table.items()):
        kernel = fields.get("kernel")
        yield name, Idiom(fields.get("given", []), fields.get("answer", "x = 1"), fields["test"], kernel, fields.get("here", kernel), fields.get("why", ""))  # fmt: skip


IDIOMS = dict(_read())


def put_files(folder, name):
    """The files beside a notebook, and the notebook itself."""
    for path, text in FILES.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    (folder / f"{name}.ipynb").write_text(writes(IDIOMS[name].notebook()))
    if name == "bigfile":
        (folder / "big.csv").write_text("0.123456,1\n" * 1_000_000)


def score(notebook):
    """As nbgrader gives it from the outputs of the test cell; None if it grades nothing."""
    try:
        points, _ = determine_grade(notebook.cells[-1], logging.getLogger(__name__))
    except ValueError:  # partial credit beyond the maximum
        return None
    return points


def graded(root, names, config=""):
    """{name: score} by `nbgrader autograde`. Each notebook is handed in by a student of its name."""
    for name in names:
        for folder in (root / "source" / "ps", root / "submitted" / name / "ps"):
            folder.mkdir(parents=True, exist_ok=True)
            put_files(folder, name)
    (root / "source" / "ps" / "big.csv").unlink(missing_ok=True)  # a copy for each student would fill the disk
    (root / "nbgrader_config.py").write_text(f"c = get_config()\nc.Execute.timeout = 60\n{config}")
    run_tool(root, "nbgrader", "generate_assignment", "ps", "--create")
    example.autograde(root, "ps")
    scores = _scores(root / "gradebook.db")
    return {n: scores.get(n) if (root / "autograded" / n / "ps" / f"{n}.ipynb").exists() else None for n in names}


def _scores(database):
    query = """
        select student_id, notebook.name, auto_score from grade
        join submitted_notebook on submitted_notebook.id = grade.notebook_id
        join notebook on notebook.id = submitted_notebook.notebook_id
        join submitted_assignment on submitted_assignment.id = submitted_notebook.assignment_id
    """
    with sqlite3.connect(database) as connection:
        rows = connection.execute(query).fetchall()
    connection.close()
    return {student: points for student, notebook, points in rows if student == notebook}


def compare(names, config="", expected="kernel"):
    """Grade idioms with the real tool, and print every score that the table does not expect. Returns their number."""
    with tempfile.TemporaryDirectory() as folder:
        scores = {}
        for start in range(0, len(names), A_COURSE):
            scores |= graded(Path(folder) / str(start), names[start : start + A_COURSE], config)
    wrong = [name for name in names if scores[name] != getattr(IDIOMS[name], expected)]
    print(f"idioms, {expected}: {len(names) - len(wrong)} of {len(names)} as in the table", flush=True)
    for name in wrong:
        print(f"  {name}: expected {getattr(IDIOMS[name], expected)}, got {scores[name]}")
    return len(wrong)


if __name__ == "__main__":
    sys.exit(bool(compare(sys.argv[1:] or list(IDIOMS))))
