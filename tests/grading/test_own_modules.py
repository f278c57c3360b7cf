"""From the command line: work with a module of the student's own, and the wrong thing in a slot, up to the pages."""

import json
import os
import re
import shutil
import subprocess
import sys

import pytest

from autograder.assignment.assignment import load_assignment
from autograder.assignment.samples import notebook_text, solved_cells
from autograder.scaffold import new

OWN = "from helpers import mean_square"
HELPERS = "import numpy as np\n\ndef mean_square(x):\n    return np.mean(np.square(x))\n"


@pytest.fixture
def with_import(skeleton):
    """The notebook of a student whose answer is in helpers.py."""
    cells = [(k, n, OWN if n == "q1-solution" else s) for k, n, s in solved_cells(skeleton)]
    return notebook_text(cells)


@pytest.fixture
def run(course, tmp_path):
    """run(command, …): the output of a command in a course of its own, which may end with `code`."""
    root = tmp_path / "course"
    shutil.copytree(course.root, root, ignore=shutil.ignore_patterns("work"))

    def of(*arguments, code=0):
        done = subprocess.run(
            [sys.executable, "-m", "autograder", *map(str, arguments), "--course", root],
            capture_output=True, text=True, timeout=300, check=False, cwd=tmp_path,
            env={**os.environ, "NO_COLOR": "1", "COLUMNS": "400"},
        )  # fmt: skip
        assert done.returncode == code, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done.stdout + done.stderr

    of.root = root
    of.folder = tmp_path / "in"
    return of


def put(run, student, files):
    for name, data in files.items():
        path = run.folder / student / "a9_test" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(data)


def result(run, student):
    return json.loads((run.root / "work" / "results" / "a9_test" / f"{student}.json").read_text())


def test_an_answer_in_a_students_own_module_is_worth_the_same_and_a_change_of_it_is_graded_again(run, with_import):
    put(run, "ann", {"a9_test.ipynb": with_import, "helpers.py": HELPERS})
    put(run, "bob", {"a9_test.ipynb": with_import})
    assert run("collect", run.folder).startswith("2 placed, 0 new attempts")
    run("grade")
    ann, bob = result(run, "ann"), result(run, "bob")
    assert (ann["score"], bob["score"], ann["cell_errors"]) == (10, 0, [])
    assert ann["submission_sha256"] != bob["submission_sha256"]
    assert "helpers.py: expected this file beside the notebook, got none" in bob["cell_errors"][0]["error"]
    verified = run("verify", run.root / "work" / "results" / "a9_test" / "ann.json")
    assert "identical" in verified
    assert "2 up to date" in run("grade")

    put(run, "ann", {"helpers.py": HELPERS.replace("square(x)", "square(x) + 1")})
    assert "0 placed, 1 new attempt, 1 unchanged" in run("collect", run.folder)
    assert "2 graded now" in run("grade")  # the new attempt, and the one that is an earlier one now
    assert result(run, "ann")["score"] < 10
    earlier = run.root / "work" / "results" / "a9_test" / "earlier" / "ann" / "1.json"
    assert json.loads(earlier.read_text())["score"] == 10


def test_a_student_can_check_a_notebook_with_its_module(run, with_import):
    run("release", "a9_test")
    put(run, "ann", {"a9_test.ipynb": with_import, "helpers.py": HELPERS})
    put(run, "ann", {"a9 (1).ipynb": with_import})
    for name in ("a9_test.ipynb", "a9 (1).ipynb"):
        assert "1 of 1 public checks passed" in run("check", run.folder / "ann" / "a9_test" / name)


def test_what_was_handed_in_is_named_from_collect_to_the_students_page(run):
    put(run, "ann", {"a9_test.html": "<html>"})
    assert "ann/a9_test expected a notebook, got 'a9_test.html'" in re.sub(
        " +", " ", run("collect", run.folder, code=1)
    )
    sentence = "You handed in 'a9_test.html'; expected a9_test.ipynb. Hint: it holds no cells"
    assert f"a9_test, ann: malformed: {sentence}" in run("grade")
    assert result(run, "ann")["reason"].startswith(sentence)
    run("report")
    pages = run.root / "work" / "reports"
    texts = [p.read_text().replace("&#39;", "'") for p in sorted(pages.rglob("*.html"))]
    assert sum(sentence in text for text in texts) >= 2  # the student's page, and the class's
    assert not any("nothing was handed in" in text for text in texts)
    assert "1 up to date" in run("grade")


def test_a_notebook_of_another_assignment_is_named_and_no_mark_is_moved(run, with_import):
    from autograder.course import open_course

    folder = new(open_course(run.root), "a8_other")
    for name in ("notebook.py", "hidden_checks.py"):
        text = (folder / name).read_text()
        (folder / name).write_text(text.replace("mean_square", "largest_root"))
    other = notebook_text(solved_cells(load_assignment(folder)))
    put(run, "ann", {"a9_test.ipynb": other})
    assert "it is the notebook of a8_other, for which nothing of this student has come yet" in run(
        "collect", run.folder
    )
    run("grade")
    assert result(run, "ann")["reason"] == (
        "notebook: expected a9_test, got the notebook of a8_other. "
        "Hint: hand in a9_test.ipynb; the other one counts only if it is handed in for a8_other."
    )
    grades = (run.root / "work" / "results" / "grades.csv").read_text()
    assert "a8_other,ann,0,10,missing" in grades
