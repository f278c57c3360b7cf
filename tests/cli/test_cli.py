"""The commands as a person types them, in an empty folder; most of them as a separate process."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from commands import program


@pytest.fixture
def autograder(tmp_path):
    def run(*arguments, cwd=tmp_path, code=0):
        done = subprocess.run(
            [sys.executable, "-m", "autograder", *map(str, arguments)],
            cwd=cwd,
            capture_output=True,
            text=True,
            timeout=300,
            env={**os.environ, "NO_COLOR": "1", "COLUMNS": "120"},
            check=False,
        )
        assert done.returncode == code, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done.stdout if code == 0 else done.stdout + done.stderr

    return run


@pytest.mark.parametrize(
    "command",
    [
        *"init new release audit check collect settled grade report export diff revert demo doctor".split(),
        "ci init",
        "ci post",
        *[f"regrade {c}" for c in "add fetch list show settle".split()],
    ],
)
def test_every_command_has_help_with_an_example(tmp_path, command):
    code, said = program(tmp_path, *command.split(), "--help", NO_COLOR="1", COLUMNS="120")
    assert code == 0
    assert f"Example: autograder {command}" in " ".join(said.split())


def test_help_does_not_wait_for_numpy():
    code = "import sys, autograder.cli.main; sys.exit(any(m in sys.modules for m in ('numpy', 'pydantic', 'nbgrader', 'jupytext', 'rich.table')))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_from_nothing_to_a_report(autograder, tmp_path):
    autograder("init", "mine")
    here = tmp_path / "mine"
    for name in list((here / "solutions").iterdir()):
        shutil.rmtree(name)
    autograder("new", "a4_mine", cwd=here)
    made = autograder("release", "--to", "../starter", cwd=here)
    assert "a4_mine: nbgrader takes the answers out" in made
    assert "files written, nothing secret in them" in made
    assert (tmp_path / "starter" / "a4_mine" / "a4_mine.ipynb").is_file()
    said = autograder("release", "--check", cwd=here).splitlines()
    assert said[:-1] == ["a4_mine: fresh", "open first: fresh"]  # nothing changed since: no tool was run
    assert said[-1].startswith("Next: give students")
    assert "--to: expected without --check" in autograder("release", "--check", "--to", "x", cwd=here, code=2)
    released = here / "assignments" / "a4_mine" / "a4_mine.ipynb"
    folder = here / "work" / "submitted" / "ada" / "a4_mine"
    folder.mkdir(parents=True)
    text = released.read_text()
    stub = '# YOUR CODE HERE\\n",\n    "    raise NotImplementedError()'
    assert stub in text
    folder.joinpath("a4_mine.ipynb").write_text(text.replace(stub, "return float(sum(x * x)) / len(x)"))
    assert "0 of 1 public checks passed" in autograder("check", released, cwd=here, code=1)
    assert "1 of 1 public checks passed" in autograder("check", folder / "a4_mine.ipynb", cwd=here)
    assert "1 graded" in autograder("grade", cwd=here / "solutions")  # found upwards
    assert (
        here / "work/results/grades.csv"
    ).read_text() == "assignment,student,score,max_score,status,carried\na4_mine,ada,10,10,graded,0\n"
    autograder("report", cwd=here)
    assert "ada" in (here / "work/reports/index.html").read_text()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["grade"], "expected course.toml"),
        (["grade", "--course", "nowhere"], "expected course.toml"),
        (["grade", "--tier", "C", "--course", "{root}"], "--tier: expected A or B"),
        (["release", "nope", "--course", "{root}"], "assignment: expected one of a9_test, got 'nope'"),
        (["new", "Bad Name", "--course", "{root}"], "small letters"),
        (["new", "a9_test", "--course", "{root}"], "expected a new folder"),
        (["init", "{root}"], "expected a new or empty folder"),
        (["report", "--course", "{root}"], "expected results"),
        (["grade", "nowhere", "--course", "{root}"], "expected a folder"),
        (["check", "missing.ipynb", "--course", "{root}"], "notebook"),
        (["demo", "--out", "{root}"], "expected a new or empty folder"),
    ],
)
def test_misuse_is_one_line_and_exit_code_2(course, tmp_path, arguments, says):
    code, said = program(tmp_path, *[a.replace("{root}", str(course.root)) for a in arguments])
    assert code == 2
    assert says in said
    assert len(said.strip().splitlines()) == 1


def test_a_folder_that_cannot_be_written_is_one_line(course, autograder, hand_in, solved, tmp_path):
    hand_in("ada", solved)
    (tmp_path / "results").write_text("a file in the way")
    assert "expected to write it" in autograder(
        "grade", hand_in.root, "--course", course.root, "--out", tmp_path / "results", code=2
    )


def test_doctor_says_what_holds_and_no_colour_codes_in_a_pipe(autograder):
    said = autograder("doctor")
    assert "tier B: held against its attack on itself" in said
    assert "\x1b" not in said


def test_the_command_is_installed():
    assert (Path(sys.executable).parent / "autograder").is_file()
