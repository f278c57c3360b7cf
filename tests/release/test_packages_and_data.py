"""A course with pandas and data: every stage shows students the same files, and none shows the hidden ones."""

import io
import json
import shutil
import zipfile
from dataclasses import replace

import pytest
from conftest import available_tiers

from autograder.assignment.assignment import load_assignment
from autograder.assignment.samples import notebook_text, solved_cells
from autograder.assignment.student_side import find_student_side
from autograder.authoring.seeds import seeds_from
from autograder.course import Course, open_course
from autograder.errors import CourseError, LeakError
from autograder.intake.submissions import Submission
from autograder.interop.hidden import run_hidden_check
from autograder.judging.own_notebooks import read_own
from autograder.judging.public_checks import put_public_checks
from autograder.judging.submission import grade_submission
from autograder.release import build
from autograder.release.public_bundle import bundle_files
from autograder.release.repository import write_starter
from autograder.sandbox.tiers import open_sandbox

SETTINGS = """
packages = ["pandas"]
handout = ["data/*.csv", "images", "loader.py"]

[[questions]]
id = "q1"
title = "mean_mass"
points = 10
"""
NOTEBOOK = '''
# %% role="setup"
import pandas as pd
from loader import load

# %% q="q1" role="solution"
def mean_mass():
    """{species: mean mass} of data/penguins.csv."""
    # BEGIN SOLUTION
    return load().groupby("species")["mass"].mean().to_dict()
    # END SOLUTION

# %% q="q1" role="check" points=2
def test_example(mean_mass):
    """Adelie has the mean 3750"""
    assert mean_mass()["Adelie"] == 3750, "3700 and 3800 have the mean 3750"
'''
CHECKS = '''
from pathlib import Path

import pandas as pd

from autograder.authoring import assert_number, check

HEAVIEST = pd.read_csv(Path(__file__).parent / "hidden" / "heaviest.csv")["mass"][0]


@check("q1", points=8)
def test_all(student, reference, rng):
    """All species"""
    assert len(pd.read_csv("data/penguins.csv")) == 3
    assert_number(student.mean_mass()["Gentoo"], reference.mean_mass()["Gentoo"])
    assert_number(student.mean_mass()["Gentoo"], HEAVIEST)
'''
FILES = {
    "assignment.toml": SETTINGS,
    "notebook.py": NOTEBOOK,
    "hidden_checks.py": CHECKS,
    "loader.py": 'import pandas as pd\n\n\ndef load():\n    return pd.read_csv("data/penguins.csv")\n',
    "data/penguins.csv": "species,mass\nAdelie,3700\nAdelie,3800\nGentoo,5000\n",
    "hidden/heaviest.csv": "species,mass\nGentoo,5000\n",
}
RELEASED = {"penguins.ipynb", "loader.py", "data/penguins.csv", "images/one.png"}
PICTURE = b"\x89PNG\r\n\x1a\n\xff\xfe"


@pytest.fixture(scope="module")
def released(tmp_path_factory) -> Course:
    root = tmp_path_factory.mktemp("penguin_course")
    (root / "course.toml").write_text('title = "Penguins"\n')
    for name, text in FILES.items():
        path = root / "solutions" / "penguins" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (root / "solutions/penguins/images").mkdir()
    (root / "solutions/penguins/images/one.png").write_bytes(PICTURE)
    course = open_course(root)
    build.release(course, "penguins")
    return course


@pytest.fixture(scope="module")
def suite(released):
    return load_assignment(released.solutions / "penguins")


@pytest.fixture(scope="module", params=available_tiers())
def sandbox(request, suite):
    with open_sandbox({suite.name: suite.handouts}, request.param, equipment=suite.equipment) as zygote:
        yield zygote


def files_of(folder):
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def test_students_get_the_files_in_their_folders_and_nothing_hidden(released):
    folder = released.assignments / "penguins"
    assert files_of(folder) == RELEASED
    assert (folder / "images/one.png").read_bytes() == PICTURE
    assert build.is_fresh(released, "penguins")
    assert json.loads((folder / "penguins.ipynb").read_text())["metadata"]["autograder"]["packages"] == ["pandas"]


def test_nbgraders_source_has_the_same_files(released):
    assert files_of(released.work / "source" / "penguins") == RELEASED


def test_otters_archive_has_them_beside_the_notebook_and_all_that_grading_needs(released):
    archive = zipfile.ZipFile(io.BytesIO((released.work / "otter/penguins/autograder.zip").read_bytes()))
    names = {n for n in archive.namelist() if not n.startswith("files/autograder/")}
    assert {"files/data/penguins.csv", "files/images/one.png", "files/loader.py"} <= names
    assert {"files/solutions/penguins/data/penguins.csv", "files/solutions/penguins/hidden/heaviest.csv"} <= names
    assert b"\npandas==" in archive.read("requirements.txt")


def test_a_notebook_gets_full_marks_with_the_courses_own_files(suite, sandbox, tmp_path):
    path = tmp_path / "penguins.ipynb"
    path.write_text(notebook_text(solved_cells(suite)))
    (tmp_path / "data").mkdir()
    (tmp_path / "data/penguins.csv").write_text(
        "species,mass\nAdelie,3750\nGentoo,1\n"
    )  # the student's own is not read
    result = grade_submission(Submission("ada", "penguins", path), suite, sandbox, seeds_from(b"x"))
    assert (result.score, result.cell_errors) == (10.0, ())


def test_a_starter_repository_and_a_bundle_have_them_and_check_uses_them(released, sandbox, tmp_path):
    starter = tmp_path / "starter"
    write_starter(released, ["penguins"], starter)
    assert {f"penguins/{name}" for name in RELEASED} <= files_of(starter)
    assert "pandas==" in (starter / "requirements-checks.txt").read_text()
    assert bundle_files(released, "penguins").keys() >= RELEASED
    side = find_student_side(starter)
    notebook = starter / "penguins/penguins.ipynb"
    solution = (
        "from loader import load\ndef mean_mass():\n    return load().groupby('species')['mass'].mean().to_dict()"
    )
    notebook.write_text(notebook.read_text().replace("# YOUR CODE HERE", "pass"))
    document = json.loads(notebook.read_text())
    for cell in document["cells"]:
        if "def mean_mass" in "".join(cell["source"]):
            cell["source"] = solution
    notebook.write_text(json.dumps(document))
    own = read_own(notebook, side)
    assert own.assignment.equipment.packages == ("pandas",)
    assert set(own.assignment.handout_files) == RELEASED - {"penguins.ipynb"}
    assert [c.outcome for c in put_public_checks(own.notebook, own.assignment, sandbox).checks] == ["pass"]
    (starter / "penguins/data/penguins.csv").write_text("species,mass\n")
    assert any("data/penguins.csv: expected the file as it was released" in r for r in read_own(notebook, side).remarks)


def test_hidden_checks_run_in_a_kernel_beside_the_released_files(released, monkeypatch):
    monkeypatch.chdir(released.assignments / "penguins")
    run_hidden_check("penguins", "q1.all", {"mean_mass": lambda: {"Gentoo": 5000.0}})
    with pytest.raises(AssertionError):
        run_hidden_check("penguins", "q1.all", {"mean_mass": lambda: {"Gentoo": 1.0}})


@pytest.mark.parametrize(
    ("file", "content", "says"),
    [
        ("data/copy.csv", FILES["hidden/heaviest.csv"], "data/copy.csv: expected no copy of hidden data"),
        ("data/leak.csv", 'return load().groupby("species")["mass"].mean().to_dict()\n', "no line of a solution"),
        ("data/other.ipynb", "{", "expected a notebook, got something else"),
    ],
)
def test_data_that_gives_something_away_is_not_released(released, tmp_path, file, content, says):
    folder = shutil.copytree(released.solutions / "penguins", tmp_path / "penguins")
    (folder / file).write_text(content)
    (folder / "assignment.toml").write_text(SETTINGS.replace("data/*.csv", "data"))
    assignment = load_assignment(folder)
    files = {name: path.read_bytes() for name, path in assignment.handout_files.items()}
    with pytest.raises(LeakError, match=says):
        build.require_no_leak(assignment, {**files, "penguins.ipynb": b'{"cells": []}'})


def test_an_import_that_the_sandbox_will_not_have_is_named_with_the_line_to_write(suite):
    without = replace(suite, settings=suite.settings.model_copy(update={"packages": ()}))
    with pytest.raises(CourseError, match=r'^penguins, setup: .*got .pandas.\. Hint: packages = \["pandas"\]\.$'):
        build.student_files(without, {})
