"""`autograder otter grade` and `autograder otter gradescope`, as a teacher uses them."""

import csv
import json
import os
import shutil
import zipfile

import pytest
from commands import run
from otter_courses.more_cases import CHECK, GRADER, X4, Case, archive_bytes, notebook_text, ok, write, zipped

from autograder.errors import AutograderError, SandboxError
from autograder.otter_courses.otter_class import submissions_at

RIGHT = Case({"q1": X4, "q2": ok(">>> y\n1", name="q2", points=2)}, (GRADER, "x = 4\ny = 1", CHECK))
WRONG = Case({}, (GRADER, "x = 5", CHECK))


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A teacher's folder: the archive, and a class that handed in in every way."""
    place = tmp_path_factory.mktemp("otter")
    archive = place / "autograder.zip"
    archive.write_bytes(archive_bytes(RIGHT))
    with zipfile.ZipFile(archive, "a") as more:
        more.writestr("requirements.txt", "nosuchpackage")
    handed = place / "handed in"
    (handed / "dora" / "data").mkdir(parents=True)
    (handed / "ann.ipynb").write_text(notebook_text(RIGHT))
    (handed / "bob.ipynb").write_text(notebook_text(WRONG))
    (handed / "eve & <co>.ipynb").write_text(notebook_text(RIGHT))
    (handed / "cem.zip").write_bytes(zipped({"hw.ipynb": notebook_text(RIGHT)}))
    (handed / "helper.py").write_text("x = 1")
    (handed / "dora" / "hw.ipynb").write_text(notebook_text(RIGHT))
    (handed / "dora" / "data" / "a.csv").write_text("1")
    (handed / "broken.ipynb").write_text("{")
    (handed / "needs.ipynb").write_text(notebook_text(Case({}, ("import nosuchpackage", "x = 4"))))
    (handed / ".DS_Store").write_text("")
    (handed / "fay.html").write_text("<p>my work</p>")
    (handed / "gus.ipynb").symlink_to(handed / "ann.ipynb")
    (place / "late").mkdir()
    (place / "late" / "ann.ipynb").write_text(notebook_text(WRONG))
    return place


@pytest.fixture(scope="module")
def done(place):
    """The whole class, graded by two threads."""
    handed = place / "handed in", place / "late"
    return run("otter", "grade", place / "autograder.zip", *handed, "--out", place / "out", "--jobs", 2, code=1)


def test_a_class_is_graded_and_one_bad_submission_is_one_line(place, done):
    assert "broken: refused: expected JSON" in done.output
    rows = list(csv.DictReader((place / "out" / "final_grades.csv").read_text().splitlines()))
    assert [(row["file"], row["q1"], row["q2"], row["total"], row["status"]) for row in rows] == [
        ("ann", "1", "2", "3", "graded"),
        ("bob", "0", "0", "0", "graded"),
        ("broken", "", "", "0", "refused"),
        ("cem", "1", "2", "3", "graded"),
        ("eve & <co>", "1", "2", "3", "graded"),
        ("needs", "", "", "0", "error"),
        ("dora", "1", "2", "3", "graded"),
        ("ann-2", "0", "0", "0", "graded"),
    ]


def test_files_that_are_no_submissions_are_named(done):
    assert "left out: fay.html, gus.ipynb. A submission is a notebook, a zip, a .py file or a folder" in done.output


def test_a_package_that_a_submission_needs_and_is_missing_costs_no_points_silently(done):
    assert "needs: error: expected nosuchpackage to be installed here, got none" in done.output


def test_the_folder_has_a_result_and_a_page_for_each_and_one_for_the_class(place, done):
    ann, eve = place / "out" / "ann", place / "out" / "eve %26 %3Cco%3E"
    assert json.loads((ann / "results.json").read_text())["tests"][1]["score"] == 1
    assert json.loads((ann / "result.json").read_text())["status"] == "graded"
    assert "eve &amp; &lt;co&gt;" in (eve / "feedback.html").read_text()
    index = (place / "out" / "index.html").read_text()
    assert 'href="eve%20%2526%20%253Cco%253E/feedback.html"' in index
    assert "<script" not in index


def test_who_grades_one_notebook_again_keeps_the_lines_of_all_others(place, done, tmp_path):
    out = tmp_path / "out"
    shutil.copytree(place / "out", out)
    (out / "cem" / "result.json").write_text("{")
    run("otter", "grade", place / "autograder.zip", place / "handed in" / "bob.ipynb", "--out", out, "--jobs", 1)
    lines = {
        path: csv.DictReader((path / "final_grades.csv").read_text().splitlines()) for path in (place / "out", out)
    }
    before, after = ({row["file"]: row["total"] for row in rows} for rows in lines.values())
    assert after == {name: total for name, total in before.items() if name != "cem"}
    assert "eve &amp; &lt;co&gt;" in (out / "index.html").read_text()


def test_a_test_file_that_cannot_be_used_is_said_once_and_ends_with_1(place):
    archive = place / "odd.zip"
    archive.write_bytes(archive_bytes(Case({"q1": "OK_FORMAT = = 1", "q2": X4})))
    handed = place / "handed in" / "ann.ipynb", place / "handed in" / "dora"
    done = run("otter", "grade", archive, *handed, "--jobs", 1, code=1)
    assert done.output.count("tests/q1.py: expected a test file of otter, got SyntaxError") == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["gone.zip", "."], "gone.zip: expected an autograder.zip of otter, got no file."),
        (
            ["autograder.zip", "gone.ipynb"],
            "gone.ipynb: expected a notebook, a zip, a .py file or a folder of them, got no file.",
        ),
        (
            ["autograder.zip", "notes.txt"],
            "notes.txt: expected a notebook, a zip, a .py file or a folder of them, got a file that ends in .txt.",
        ),
        (["autograder.zip", "empty"], "empty: expected submissions, got none."),
    ],
)
def test_a_path_that_does_not_fit_is_one_line(arguments, words, place, monkeypatch):
    monkeypatch.chdir(place)
    (place / "notes.txt").write_text("")
    (place / "empty").mkdir(exist_ok=True)
    with pytest.raises(AutograderError) as error:
        run("otter", "grade", *arguments)
    assert str(error.value) == words


def test_in_gradescopes_container_results_json_is_written(tmp_path):
    case = Case({"q1": X4}, (GRADER, "x = 4", CHECK), {"show_hidden": True}, files={"data.csv": "1"})
    archive, submission = write(case, tmp_path / "made")
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(tmp_path / "source")
    (tmp_path / "source" / "run_autograder").write_text("#!/bin/bash\n")
    (tmp_path / "submission").mkdir()
    submission.rename(tmp_path / "submission" / "hw.ipynb")
    done = run("otter", "gradescope", tmp_path)
    assert done.output.startswith("graded: 1 of 1 points in sandbox tier")
    written = json.loads((tmp_path / "results" / "results.json").read_text())
    assert [(t["name"], t["visibility"], t.get("score")) for t in written["tests"]] == [
        ("Public Tests", "visible", None),
        ("q1", "after_published", 1),
    ]


def test_without_a_folder_in_the_sandbox_notebooks_are_graded_and_data_is_refused(altered, tmp_path):
    """Tier B where nobody may make namespaces, as in many containers."""
    altered("lockdown.py", "        pid, pidfd = fork(namespaces=True)\n", "        raise OSError\n")
    plain = Case({"q1": X4}, (GRADER, "from helper import x", CHECK), files={"helper.py": "x = 4"})
    archive, submission = write(plain, tmp_path / "plain")
    done = run("otter", "grade", archive, submission, "--tier", "B", "--jobs", 1)
    assert done.output.splitlines()[1].split() == ["hw", "1", "1"]
    archive, submission = write(Case({"q1": X4}, (GRADER,), files={"data.csv": "1"}), tmp_path / "data")
    with pytest.raises(SandboxError, match=r"data\.csv: expected a sandbox with a folder"):
        run("otter", "grade", archive, submission, "--tier", "B", "--jobs", 1)


def test_names_of_submissions_can_be_stored_and_are_unique(tmp_path):
    for name in (b"\xff.ipynb", b"a.ipynb", b"a-2.ipynb", b"a.zip", b"a.txt"):
        (tmp_path / os.fsdecode(name)).write_bytes(b"")
    names = [submission.name for submission in submissions_at([tmp_path, tmp_path / "a.ipynb"])]
    assert sorted(names) == ["\\udcff", "a", "a-2", "a-3", "a-4"]
