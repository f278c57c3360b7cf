"""What Classroom 50 publishes: the public checks alone, which grade a checkout without this package."""

import json
import os
import shutil
import subprocess
import sys

import nbformat
import pytest
from ci.classroom import FONTS

from autograder.assignment.samples import solved_cells
from autograder.course import open_course
from autograder.errors import AutograderError, LeakError
from autograder.release import build
from autograder.release.public_bundle import bundle_files, write_bundle

TAG = "submit/2026-10-02T10-00-00Z-0123456"


@pytest.fixture(scope="module")
def released(course, tmp_path_factory):
    root = tmp_path_factory.mktemp("bundle") / "course"
    shutil.copytree(course.root, root)
    copy = open_course(root)
    build.release(copy, "a9_test")
    return copy


def test_a_bundle_holds_the_released_files_and_what_runs_their_public_checks(released, tmp_path):
    names = write_bundle(released, "a9_test", tmp_path / "a9")
    assert {"autograder.py", "public_checks.py", "requirements.txt", "a9_test.ipynb"} <= set(names)
    text = "".join(p.read_text() for p in (tmp_path / "a9").iterdir())
    assert "hidden_checks" not in text
    assert write_bundle(released, "a9_test", tmp_path / "a9") == names


def test_a_released_file_with_an_answer_in_it_is_in_no_bundle(released, tmp_path):
    root = tmp_path / "course"
    shutil.copytree(released.root, root)
    answers = (root / "solutions/a9_test/hidden_checks.py").read_text()
    (root / "assignments/a9_test/help.py").write_text(answers)
    with pytest.raises(LeakError):
        write_bundle(open_course(root), "a9_test", tmp_path / "a9")
    assert not (tmp_path / "a9").exists()


def test_a_folder_with_other_files_is_left_alone(released, tmp_path):
    (tmp_path / "mine.txt").touch()
    with pytest.raises(AutograderError, match="expected a folder for the bundle alone, got mine"):
        write_bundle(released, "a9_test", tmp_path)


def test_an_assignment_that_is_not_released_is_one_line(released):
    with pytest.raises(AutograderError, match="expected a released notebook"):
        bundle_files(released, "a8")


@pytest.fixture
def grade(released, tmp_path):
    """Run the bundle on a checkout, as Classroom 50's runner does; gives result.json."""
    write_bundle(released, "a9_test", tmp_path / "bundle")

    def run(files):
        checkout = tmp_path / "checkout"
        checkout.mkdir()
        for name, text in files.items():
            (checkout / name).parent.mkdir(exist_ok=True)
            (checkout / name).write_text(text)
        values = {"CLASSROOM": "cs1", "ASSIGNMENT": "a9-test", "SUBMISSION_TAG": TAG, "COMMIT_URL": "https://x/c", "RELEASE_URL": "https://x/r"}  # fmt: skip
        done = subprocess.run(
            [sys.executable, str(tmp_path / "bundle/autograder.py")], cwd=checkout, capture_output=True, text=True,
            timeout=600, check=False, env={**FONTS, "PATH": os.environ["PATH"], "HOME": str(tmp_path), "IPYTHONDIR": os.environ["IPYTHONDIR"], **values},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return json.loads((checkout / "result.json").read_text())

    return run


def solved_notebook(released):
    return (released.assignments / "a9_test/a9_test.ipynb").read_text()


def test_a_checkout_is_graded_by_the_public_checks(grade, released, skeleton):
    notebook = nbformat.reads(solved_notebook(released), as_version=4)
    answers = {name: source for _, name, source in solved_cells(skeleton)}
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        if name in answers and not cell.metadata.nbgrader.get("grade"):
            cell.source = answers[name]
    result = grade({"a9_test.ipynb": nbformat.writes(notebook)})
    assert result["tests"]
    assert (result["score"], result["max-score"]) == (len(result["tests"]), len(result["tests"]))
    assert (result["schema"], result["submission"]) == ("classroom50/result/v1", TAG)


def test_a_check_that_a_student_took_out_or_changed_is_the_released_one(grade, released):
    notebook = nbformat.reads(solved_notebook(released), as_version=4)
    checks = [cell for cell in notebook.cells if cell.source.startswith("def test_")]
    for cell in checks[1:]:
        notebook.cells.remove(cell)
    checks[0].source = "def test_mine():\n    pass"
    result = grade({"a9_test/a9_test.ipynb": nbformat.writes(notebook)})
    assert result["max-score"] == len(checks)
    assert result["score"] < len(checks)


@pytest.mark.parametrize("files", [{}, {"a9_test.ipynb": "no JSON"}])
def test_a_checkout_without_a_notebook_that_runs_fails_each_check(grade, files):
    result = grade(files)
    assert result["score"] == 0 < result["max-score"]
