"""Every command an nbgrader user has a habit of, from the course root, with an assignment's name and nothing else."""

import csv
import html
import re
import shutil
import subprocess
import sys

import pytest
from interop.classroom import NAME
from interop.other_scores import nbgrader_scores
from nbgrader.api import Gradebook

from autograder.assignment.assignment import load_assignment
from autograder.assignment.samples import notebook_text, solved_cells, with_cell
from autograder.course import open_course
from autograder.interop.maximum import CELL
from autograder.interop.tools import _START as START  # python -m, a second less

pytestmark = pytest.mark.real_tools

HARD_ID = '=1+1, "O\'Hara" 名前'


@pytest.fixture(scope="module")
def command(tmp_path_factory):
    """command(program, …) in a course made by `autograder init`; no virtual environment on the PATH, no settings."""
    root = tmp_path_factory.mktemp("habits") / "course"
    home = tmp_path_factory.mktemp("home")

    def run(program, *arguments, cwd=root):
        done = subprocess.run(
            [sys.executable, "-c", START, program, *arguments],
            cwd=cwd,
            env={"HOME": str(home), "PATH": "/usr/bin:/bin", "NO_COLOR": "1"},
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        assert program == "nbgrader" or "Warning" not in done.stderr
        return done.stdout + done.stderr

    run("autograder", "init", str(root), cwd=home)
    for folder in (root / "solutions").iterdir():
        shutil.rmtree(folder)  # small and quick, but otherwise as `init` makes it
    run("autograder", "new", NAME)
    run("autograder", "release")
    run.root, run.work = root, root / "work"
    return run


@pytest.fixture(scope="module")
def graded(command):
    hand_in(command, "ada")
    hand_in(command, HARD_ID)
    command("autograder", "grade")
    assert "2 submissions" in command("autograder", "export", "nbgrader")
    return command


def hand_in(command, student):
    folder = command.work / "submitted" / student / NAME
    folder.mkdir(parents=True)
    cells = solved_cells(load_assignment(open_course(command.root).solutions / NAME))
    folder.joinpath(f"{NAME}.ipynb").write_text(notebook_text(with_cell(cells, "explain", "A variance.")))


def test_list(command):
    assert "Released assignments:" in command("nbgrader", "list")


def test_generate_assignment(command):
    command("nbgrader", "generate_assignment", NAME)
    released = (command.work / "release" / NAME / f"{NAME}.ipynb").read_text()
    assert "YOUR CODE HERE" in released
    assert "np.square" not in released


def test_autograde_grades_who_is_new_and_leaves_what_was_exported(graded):
    """By nbgrader itself, in a Jupyter kernel: autograder grade is the mark of record."""
    shown = (graded.work / "autograded" / "ada" / NAME / f"{NAME}.ipynb").read_bytes()
    released = (graded.root / "assignments" / NAME / f"{NAME}.ipynb").read_text()
    folder = graded.work / "submitted" / "bob" / NAME
    folder.mkdir(parents=True)
    stub = '# YOUR CODE HERE\\n",\n    "    raise NotImplementedError()'
    assert stub in released
    folder.joinpath(f"{NAME}.ipynb").write_text(released.replace(stub, "return np.mean(x * x)"))
    graded("nbgrader", "autograde", NAME)
    assert (graded.work / "autograded" / "ada" / NAME / f"{NAME}.ipynb").read_bytes() == shown
    suite = load_assignment(graded.root / "solutions" / NAME)
    assert nbgrader_scores(graded.work, suite)["bob"] == {"q1": 10.0}


def test_generate_assignment_again_after_an_export_keeps_the_maximum_of_our_pages(graded):
    graded("nbgrader", "generate_assignment", NAME, "--force")
    graded("autograder", "export", "nbgrader")
    with Gradebook(f"sqlite:///{graded.work / 'gradebook.db'}") as book:
        assert book.find_assignment(NAME).max_score == load_assignment(graded.root / "solutions" / NAME).max_score == 10
    assert CELL not in (graded.work / "release" / NAME / f"{NAME}.ipynb").read_text()


def test_our_page_and_nbgraders_gradebook_agree_on_what_waits_and_on_the_maximum(graded):
    """Also after a person has graded one."""
    for given in ((), ("ada",)):
        with Gradebook(f"sqlite:///{graded.work / 'gradebook.db'}") as book:
            for student in given:
                grade = book.find_grade("explain", NAME, NAME, student)
                grade.manual_score, grade.needs_manual_grade = 4.0, False
            book.db.commit()
            submissions = book.assignment_submissions(NAME)
            waiting = {s.student.id for s in submissions if s.needs_manual_grade} - {"bob"}  # nbgrader's own
            (maximum,) = {s.max_score for s in submissions}
        graded("autograder", "report")
        page = html.unescape((graded.work / "reports" / f"assignment-{NAME}.html").read_text())
        assert waiting == {"ada", HARD_ID} - set(given)
        assert f"An answer in words waits for a person: {len(waiting)}." in page
        listed = page.partition('<ul class="words">')[2].partition("</ul>")[0]
        assert set(re.findall(r"<li><details><summary>(.+?)(?: <span|</summary>)", listed)) == waiting
        assert f"of {maximum:g}" in page
    ours = (graded.work / "reports" / NAME / "ada.html").read_text()
    assert "graded by a person</span> <b>4</b> of 5 points" in ours


def test_generate_feedback(graded):
    graded("nbgrader", "generate_feedback", NAME)
    for student in ("ada", HARD_ID):
        page = (graded.work / "feedback" / student / NAME / f"{NAME}.html").read_text()
        assert re.search(r"Score: 1[04]\.0 / 10\.0", page)
        assert "Right for any vector" in page


def test_export_writes_nbgraders_own_table_and_ours_is_quoted(graded):
    graded("nbgrader", "export")
    assert f"{NAME},,,{HARD_ID},,,,10.0,0.0,10.0,10.0\n" in (graded.root / "grades.csv").read_text()  # two columns more
    graded("autograder", "export", "csv")
    with (graded.work / "exports" / "grades.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert {r["student"]: r["score"] for r in rows} == {"ada": "10", f"'{HARD_ID}": "10"}


def test_what_it_writes_about_students_is_not_for_git(graded):
    ignored = (graded.root / ".gitignore").read_text().split()
    courses = {"course.toml", "nbgrader_config.py", "solutions", "assignments", "docs"}
    new = {p.name for p in graded.root.iterdir()} - courses
    assert new - {".gitignore"} <= {line.strip("/") for line in ignored}
