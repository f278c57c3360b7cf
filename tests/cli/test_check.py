"""`autograder check` as a student types it: in a course, and in the repository that the student started from."""

import contextlib
import json
import os
import shlex
import shutil
import subprocess
import sys

import commands
import pytest

from autograder.assignment.released import read_release
from autograder.assignment.student_side import MANIFEST, Manifest, digest
from autograder.course import open_course
from autograder.errors import AutograderError, SandboxError
from autograder.release import build
from autograder.release.repository import write_starter
from autograder.sandbox import tiers

STUB = "    # YOUR CODE HERE\n    raise NotImplementedError()"
ANSWER = "    return float(np.mean(np.square(x)))"


@pytest.fixture(scope="module")
def released(course, tmp_path_factory):
    """A copy of the skeleton's course, released, and a starter repository with another assignment in it."""
    root = tmp_path_factory.mktemp("check")
    shutil.copytree(course.root, root / "course")
    copy = open_course(root / "course")
    build.release(copy, "a9_test")
    write_starter(copy, ["a9_test"], root / "starter")
    text = (root / "starter/a9_test/a9_test.ipynb").read_text().replace("mean_square", "longest_run")
    (root / "starter/b1_runs").mkdir()
    (root / "starter/b1_runs/b1_runs.ipynb").write_text(text)
    path = root / "starter" / MANIFEST
    path.write_text(
        path.read_text().replace(
            '"notebooks": {', f'"notebooks": {{"b1_runs": {read_release(text.encode()).model_dump_json()},', 1
        )
    )
    return root


@pytest.fixture
def starter(released, tmp_path):
    """A student's clone: no course.toml, no solutions."""
    root = tmp_path / "clone"
    shutil.copytree(released / "starter", root)
    assert not list(root.rglob("course.toml"))
    return root


def solved(text, answer=ANSWER):
    document = json.loads(text)
    for cell in document["cells"]:
        source = "".join(cell["source"])
        if STUB in source:
            cell["source"] = source.replace(STUB, answer)
    return json.dumps(document, indent=1)


@pytest.fixture
def answers(starter):
    """The text of the student's notebook with a right answer."""
    return solved((starter / "a9_test/a9_test.ipynb").read_text())


def check(*words, cwd, code=0):
    """What it says, as `main` would show it. In this process: most of these start no sandbox."""
    try:
        with contextlib.chdir(cwd):
            return commands.run("check", *words, code=code).output
    except AutograderError as error:
        assert code == 2, str(error)
        return f"autograder: {error}\n"


# In the repository that students start from


def test_a_command_of_its_own_in_a_clone(starter, answers):
    (starter / "a9_test/a9_test.ipynb").write_text(answers)
    done = subprocess.run(
        [sys.executable, "-m", "autograder", "check"],
        capture_output=True, text=True, cwd=starter, check=False, env={**os.environ, "NO_COLOR": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-2:] == [
        "1 of 1 public checks passed. Hidden checks run after you hand in.", "Next: hand in a9_test.ipynb",
    ]  # fmt: skip


def test_a_fresh_clone_says_that_nothing_is_begun(starter):
    said = check(cwd=starter)
    assert "a9_test/a9_test.ipynb: as it was handed out" in said
    assert said.splitlines()[-1].startswith("Next: write your answers")


def test_all_notebooks_of_the_clone_are_checked_without_a_course(starter, answers):
    (starter / "a9_test/a9_test.ipynb").write_text(answers)
    said = check(cwd=starter)
    assert "1 of 1 public checks passed. Hidden checks run after you hand in." in said
    assert said.splitlines()[-1] == "Next: hand in a9_test.ipynb"
    assert "1 of 1" in check(cwd=starter / "a9_test")  # the repository is found upwards
    assert "1 of 1" in check(starter / "a9_test", cwd=starter)


def test_an_assignment_with_hidden_checks_only_is_named_as_such(starter):
    manifest = json.loads((starter / MANIFEST).read_text())
    manifest["notebooks"]["c1_drawings"] = manifest["notebooks"]["b1_runs"] | {"checks": []}
    (starter / MANIFEST).write_text(json.dumps(manifest))
    (starter / "c1_drawings").mkdir()
    text = (starter / "b1_runs/b1_runs.ipynb").read_text().replace("longest_run", "draw")
    (starter / "c1_drawings/c1_drawings.ipynb").write_text(text)
    said = check("c1_drawings/c1_drawings.ipynb", cwd=starter, code=2)
    assert "expected a notebook with public checks, got that of c1_drawings, which has none. Hint: hand it in" in said


def test_a_wrong_answer_is_exit_code_1_with_the_text_of_the_check(starter):
    path = starter / "a9_test/a9_test.ipynb"
    path.write_text(solved(path.read_text(), "    return 7.0"))
    said = check(path, cwd=starter, code=1)
    assert "0 of 1 public checks passed" in said
    assert "Next: mend the first check" in said


def test_a_notebook_that_an_editor_only_saved_is_still_not_begun(starter):
    path = starter / "a9_test/a9_test.ipynb"
    document = json.loads(path.read_text())
    document["metadata"]["widgets"] = {}
    path.write_text(json.dumps(document))
    assert "as it was handed out" in check(cwd=starter)


def test_the_list_of_the_release_holds_public_checks_and_no_hidden_one(released):
    manifest = Manifest.model_validate_json((released / "starter" / MANIFEST).read_text())
    sources = [c.source for c in manifest.notebooks["a9_test"].checks]
    public = (released / "course/solutions/a9_test/notebook.py").read_text()
    hidden = (released / "course/solutions/a9_test/hidden_checks.py").read_text()
    assert len(sources) == 1
    assert all(source.strip() in public for source in sources)
    names = {line.partition("(")[0] for line in hidden.splitlines() if line.startswith("def test_")}
    assert names
    text = (released / "starter" / MANIFEST).read_text()
    assert not [name for name in names if f"{name}(" in text]


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"files": 3}', '{"files": {}, "notebooks": {"a9_test": {"checks": 3}}}']
)
def test_a_list_of_the_release_that_was_damaged_is_one_line(starter, text):
    (starter / MANIFEST).write_text(text)
    said = check(cwd=starter, code=2)
    assert f"{MANIFEST}: expected the list of a release, got something else. Hint: git checkout --" in said
    assert len(said.splitlines()) == 1


def test_a_list_of_an_older_release_names_the_other_way(starter):
    (starter / MANIFEST).write_text('{"files": {}}')
    assert "expected public checks in it, got none" in check(cwd=starter, code=2)


@pytest.mark.parametrize(
    "source",
    ["open('{mark}', 'w')", "def test_x(mean_square, _=open('{mark}', 'w')):\n    open('{mark}', 'w')", "import os"],
)
def test_a_list_that_a_student_wrote_runs_nothing_outside_of_the_sandbox(starter, tmp_path, source):
    """A repository can be anybody's, and an instructor may check in it."""
    mark = tmp_path / "owned"
    path = starter / MANIFEST
    document = json.loads(path.read_text())
    document["notebooks"]["a9_test"]["checks"][0]["source"] = source.replace("{mark}", str(mark))
    path.write_text(json.dumps(document))
    with contextlib.suppress(AssertionError):
        check("a9_test/a9_test.ipynb", "--tier", "B", cwd=starter, code=1)
    assert not mark.exists()


def test_a_name_in_the_list_leads_to_no_other_folder(starter, tmp_path, answers):
    secret = tmp_path / "secret.py"
    secret.write_text("KEY = 1")
    path = starter / MANIFEST
    document = json.loads(path.read_text())
    document["files"] |= {"a9_test/../../secret.py": "0", "/etc/passwd": "0"}
    path.write_text(json.dumps(document))
    (starter / "a9_test/a9_test.ipynb").write_text(answers)
    assert "1 of 1" in check(cwd=starter)


def test_a_folder_in_the_list_that_is_a_link_shows_no_file_of_another_folder(starter, tmp_path, answers):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "key.txt").write_text("KEY = 1")
    (starter / "a9_test" / "data").symlink_to(tmp_path / "elsewhere")
    path = starter / MANIFEST
    document = json.loads(path.read_text())
    document["files"] |= {"a9_test/data/key.txt": "0"}
    path.write_text(json.dumps(document))
    (starter / "a9_test/a9_test.ipynb").write_text(answers)
    assert "expected a file as the hand-out 'data/key.txt', got a link" in check("a9_test", cwd=starter, code=2)


def test_a_hand_out_that_is_gone_or_changed_is_named(starter, answers):
    path = starter / MANIFEST
    document = json.loads(path.read_text())
    document["files"]["a9_test/tools.py"] = digest(b"X = 1\n")
    path.write_text(json.dumps(document))
    (starter / "a9_test/a9_test.ipynb").write_text(answers)
    gone = check("a9_test", cwd=starter, code=2)
    assert "a9_test/tools.py: expected the file that came with a9_test, got no file. Hint: git checkout --" in gone
    (starter / "a9_test/tools.py").write_text("X = 2\n")
    assert "tools.py: expected the file as it was released, got another" in check("a9_test", cwd=starter)
    (starter / "a9_test/tools.py").write_text("X = 1\n")
    assert "tools.py" not in check("a9_test", cwd=starter)


# Files as students have them


@pytest.mark.parametrize(
    "name",
    [
        "a9_test (1).ipynb", "a9_test-Copy1.ipynb", "Kopie von a9_test.ipynb", "Copy of a9_test.ipynb", "mein_a9.ipynb",
        "a9.ipynb", "Untitled.ipynb", "A9-Test.ipynb",
    ],
)  # fmt: skip
def test_a_renamed_copy_is_checked_as_its_assignment(starter, answers, name):
    (starter / name).write_text(answers)
    said = check(name, cwd=starter)
    assert f"{name}: checked as a9_test. Hint: hand it in as a9_test.ipynb" in said
    assert "1 of 1" in said


def test_a_copy_beside_the_notebook_is_named_and_the_notebook_is_checked(starter, answers):
    (starter / "a9_test/a9_test.ipynb").write_text(answers)
    (starter / "a9_test/a9_test-Copy1.ipynb").write_text(solved(answers))
    said = check(cwd=starter)
    assert "a9_test-Copy1.ipynb: not checked: it is a copy. Hint: a9_test.ipynb is handed in" in said
    assert said.count("1 of 1") == 1


def test_a_missing_file_says_where_it_was_looked_for_and_which_name_is_nearest(starter):
    said = check("a9_tset.ipynb", cwd=starter, code=2)
    assert f"a9_tset.ipynb: expected a notebook of this name in {starter}, got " in said
    assert "'README.md'" in said
    assert "Hint: autograder check a9_test/a9_test.ipynb" in said
    assert len(said.splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "says"), [("a9", "autograder check a9_test/a9_test.ipynb"), ("no/where.ipynb", "no such folder")]
)
def test_other_names_that_are_missing(starter, name, says):
    assert says in check(name, cwd=starter, code=2)


def test_several_notebooks_have_a_head_each_and_one_that_fails_is_exit_code_1(starter, answers):
    (starter / "one.ipynb").write_text(answers)
    (starter / "two.ipynb").write_text(solved((starter / "a9_test/a9_test.ipynb").read_text(), "    return 7.0"))
    said = check("one.ipynb", "two.ipynb", cwd=starter, code=1).splitlines()
    assert said.index("one.ipynb") < said.index("two.ipynb")
    assert said[-1].startswith("Next: mend")


def test_one_notebook_that_cannot_be_read_costs_no_other(starter, answers):
    (starter / "a9_test/a9_test.ipynb").write_text(answers)
    (starter / "b1_runs/b1_runs.ipynb").write_text("")
    said = check(cwd=starter, code=2)
    assert "1 of 1" in said
    assert "b1_runs/b1_runs.ipynb: expected a notebook, got an empty file" in said


def test_a_scratch_notebook_in_the_folder_is_no_mistake(starter, answers):
    (starter / "a9_test/a9_test.ipynb").write_text(answers)
    (starter / "scratch.ipynb").write_text(answers.replace("mean_square", "mine"))
    said = check(cwd=starter)
    assert "not checked: scratch.ipynb: expected the notebook of a9_test or b1_runs" in said


def test_a_notebook_of_another_assignment_is_named(starter, answers):
    (starter / "b1_runs/b1_runs.ipynb").write_text(answers)
    said = check("b1_runs/b1_runs.ipynb", cwd=starter, code=2)
    assert "expected the notebook of b1_runs, got that of a9_test. Hint: hand it in as a9_test.ipynb" in said
    assert "1 of 1" in check("b1_runs/b1_runs.ipynb", "-a", "a9_test", cwd=starter)
    (starter / "mine.ipynb").write_text(answers)
    assert "got that of a9_test" in check("mine.ipynb", "-a", "b1_runs", cwd=starter, code=2)
    assert "expected -a with one of a9_test or b1_runs" in check("mine.ipynb", "-a", "a7", cwd=starter, code=2)


def test_checks_of_another_release_are_named_and_those_of_this_one_are_put(starter, answers):
    document = json.loads(answers)
    for cell in document["cells"]:
        if "def test_" in "".join(cell["source"]):
            cell["source"] = "".join(cell["source"]).replace("def test_", "def test_old_")
    (starter / "a9_test/a9_test.ipynb").write_text(json.dumps(document))
    said = check("a9_test/a9_test.ipynb", cwd=starter)
    assert "expected the public checks as they were released, got others or none for q1.example" in said
    assert "1 of 1" in said


CONFLICT = '<<<<<<< HEAD\n "cells": [],\n=======\n'
MARKED = "<<<<<<< HEAD\nx = 1\n=======\nx = 2\n>>>>>>> other\n"


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("a9_test.ipynb", "", "expected a notebook, got an empty file. Hint: save it"),
        ("a9_test.ipynb", "{\n" + CONFLICT + "}", "got a merge conflict of git. Hint: remove the lines <<<<<<<"),
        ("a9_test.ipynb", "version https://git-lfs.github.com/spec/v1\noid x\n", "Hint: git lfs pull fetches"),
        ("a9_test.ipynb", '{"cells": [{"cell_type": "code", "source": ""}]}', "expected code in its cells, got none"),
        ("a9_test.ipynb", '{"cells": []}', "got one without any"),
        ("a9_test.py", "import numpy\n", "got a Python script. Hint: it holds no cells; check the .ipynb file"),
        ("a9_test.html", "<!doctype html>", "got a web page. Hint: it holds no cells; check the .ipynb file"),
        ("a9_test.pdf", "%PDF-1.4", "got a document. Hint: it holds no cells; check the .ipynb file"),
        ("a9_test.zip", "PK\3\4", "got an archive. Hint: unpack it, and check the notebook in it"),
    ],
)
def test_what_is_no_notebook_is_one_line(starter, name, text, says):
    folder = starter / "odd"
    folder.mkdir()
    (folder / name).write_text(text)
    said = check(f"odd/{name}", cwd=starter, code=2)
    assert said.startswith(f"autograder: odd/{name}: expected ")
    assert says in said
    assert len(said.splitlines()) == 1


def test_an_export_beside_its_notebook_names_the_notebook(starter):
    (starter / "a9_test/a9_test.py").write_text("import numpy\n")
    said = check("a9_test/a9_test.py", cwd=starter, code=2)
    assert "expected a notebook, got a file .py. Hint: autograder check a9_test/a9_test.ipynb" in said


def test_a_command_to_copy_holds_a_name_that_no_shell_reads(starter):
    """The folder can be another person's: an instructor looks into a student's repository."""
    for ending in ("py", "ipynb"):
        (starter / f"a9_test/x'; touch owned #.{ending}").write_text("{}")
    said = check("a9_test/x'; touch owned #.py", cwd=starter, code=2)
    assert shlex.split(said.partition("Hint: ")[2].strip().rstrip("."))[2] == "a9_test/x'; touch owned #.ipynb"


def test_a_conflict_inside_of_a_cell_is_named(starter, answers):
    document = json.loads(answers)
    document["cells"].append({"cell_type": "code", "source": MARKED, "metadata": {}})
    (starter / "a9_test/a9_test.ipynb").write_text(json.dumps(document))
    assert "expected Python, got a merge conflict of git" in check(cwd=starter)


def test_a_folder_without_a_notebook_says_what_lies_there(starter):
    (starter / "data").mkdir()
    (starter / "data/points.csv").write_text("1")
    said = check("data", cwd=starter, code=2)
    assert "data: expected a notebook (.ipynb) in it or one folder below, got 'points.csv' there" in said


def test_outside_of_a_course_and_of_a_repository_it_says_where_to_go(tmp_path):
    said = check(cwd=tmp_path, code=2)
    assert "expected course.toml here or in a folder above, got none" in said
    assert "cd to the folder that you cloned" in said


# In a course, and without a sandbox


def test_a_course_without_solutions_is_enough(released, tmp_path, answers):
    root = tmp_path / "copy"
    shutil.copytree(released / "course", root)
    shutil.rmtree(root / "solutions")
    (root / "assignments/a9_test/a9_test.ipynb").rename(root / "assignments/a9_test/was.ipynb")
    assert "expected the released notebook, got none. Hint: autograder release" in check(cwd=root, code=2)
    (root / "assignments/a9_test/was.ipynb").rename(root / "assignments/a9_test/a9_test.ipynb")
    assert "as it was handed out" in check(cwd=root)
    (root / "mine.ipynb").write_text(answers)
    assert "1 of 1" in check("mine.ipynb", cwd=root)


def test_without_a_sandbox_one_line_says_the_ways_on(starter, answers, monkeypatch):
    def no(*_, **__):
        raise SandboxError("tier B: expected Landlock, got none. Hint: a newer kernel.")

    monkeypatch.setattr(tiers, "_open", no)
    (starter / "a9_test/a9_test.ipynb").write_text(answers)
    said = check(cwd=starter, code=2)
    assert "sandbox: expected one on this machine, got none (tier B: expected Landlock" in said
    assert said.endswith("autograder check --unsafe, or python public_checks.py.\n")


def test_a_student_can_ask_to_run_without_a_sandbox_and_reads_so(starter, answers):
    (starter / "a9_test/a9_test.ipynb").write_text(answers)
    said = check("--unsafe", cwd=starter)
    assert "WITHOUT a sandbox (--unsafe): the notebook runs with your own rights, as in Jupyter." in said
    assert "1 of 1" in said
