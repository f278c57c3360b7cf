"""Rows I6, I7 and M9: the log and the files of a CI job in which student work is graded."""

import json
import os
import shutil

import pytest
from attacks.arena import SECRET, Arena
from commands import program

from autograder.assignment.source import released_check
from autograder.course import open_course
from autograder.sandbox.tiers import open_sandbox

COMMANDS = [
    "::error::owned",
    "  ::set-output name=x::owned",
    "::add-mask::a",
    "::stop-commands::x",
    "##[error]owned",
    "##vso[task.setvariable variable=x]owned",
    "section_start:1:x\r\x1b[0Kowned",
    "\n::warning file=x::owned",
    "a b c d e f g h i j k l m n o p q r s t u v w x y z ::error::owned",
]


@pytest.fixture
def released(course, skeleton, tmp_path):
    """The course of the skeleton assignment, with a released public check."""
    root = tmp_path / "ci"
    shutil.copytree(course.root, root)
    (check,) = (c for c in skeleton.cells if c.role == "check")
    mark = {"nbgrader": {"grade": True, "grade_id": check.name, "points": check.points}}
    folder = root / "assignments" / skeleton.name
    folder.mkdir(parents=True, exist_ok=True)
    folder.joinpath(f"{skeleton.name}.ipynb").write_text(notebook_of(released_check(check.source), metadata=mark))
    return open_course(root)


def notebook_of(*cells, metadata=None):
    fields = {"cell_type": "code", "metadata": metadata or {}, "outputs": [], "execution_count": None}
    return json.dumps({"cells": [{**fields, "source": s} for s in cells], "nbformat": 4, "nbformat_minor": 5})


@pytest.fixture
def logged(released, warm_commands, capfd):
    """logged(*words): everything a command writes, in a narrow log that breaks its lines."""

    def of(*words):
        _, said = program(released.root, *map(str, words), COLUMNS="40", NO_COLOR="1")
        return said + "".join(capfd.readouterr())

    return of


def is_inert(log):
    lines = log.split("\n")
    assert not [line for line in lines if line.lstrip().startswith("::")]
    assert not [line for line in lines if "##[" in line or "##vso[" in line]
    assert all(line.isprintable() for line in lines)
    return True


def test_i6_and_m9_no_folder_or_file_writes_a_command_into_a_log_or_stops_the_others(logged, tmp_path):
    submitted = tmp_path / "submitted"
    for text in COMMANDS:
        folder = submitted / text / "a9_test"
        folder.mkdir(parents=True)
        for name in ("n", text):  # two: the message names both
            folder.joinpath(f"{name}.ipynb").write_text("no JSON")
    submitted.joinpath(os.fsdecode(b"caf\xe9")).mkdir()  # no UTF-8
    out = tmp_path / "out"
    log = logged("grade", submitted, "--tier", "B", "--jobs", 1, "--out", out)
    assert f"{len(COMMANDS)} submissions: {len(COMMANDS)} malformed; 1 not handed in" in log
    assert "owned" in log
    assert is_inert(log)
    assert "a9_test,caf\\xe9,0,10,missing" in (out / "grades.csv").read_text()
    assert is_inert(logged("report", out, "--out", tmp_path / "pages"))


def test_i6_no_notebook_writes_a_command_into_the_log_of_check(logged, tmp_path):
    cells = [f"print({text!r}, flush=True)\nraise RuntimeError({text!r})" for text in COMMANDS]
    answer = f"def mean_square(x):\n    print({COMMANDS!r}); raise ValueError({' '.join(COMMANDS)!r})"
    path = tmp_path / "a9_test.ipynb"
    path.write_text(notebook_of(*cells, answer))
    log = logged("check", path, "--tier", "B")
    assert "0 of 1 public checks passed" in " ".join(log.split())
    assert log.count("RuntimeError") == len(COMMANDS)
    assert is_inert(log)


def test_r1_and_i7_nothing_of_a_jobs_environment_reaches_a_notebook(arena, suite, tmp_path, monkeypatch):
    """On a sandbox that was opened in that job: its variables are not passed, its files are not mounted."""
    files = {name: tmp_path / name for name in ("GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_PATH", "GITHUB_STEP_SUMMARY")}
    for name, path in files.items():
        path.touch()
        path.chmod(0o666)
        monkeypatch.setenv(name, str(path))
    monkeypatch.setenv("GITHUB_TOKEN", "a token of the grader")
    code = (
        f"import os\nfor path in {[str(p) for p in files.values()]!r}:\n    try: open(path, 'a').write('x=owned')\n    except OSError: pass\n"
        "if [n for n in os.environ if 'GITHUB' in n or 'TOKEN' in n or 'SECRET' in n]: raise RuntimeError('FOUND')"
    )
    monkeypatch.setenv("AUTOGRADER_SECRET", SECRET.decode())
    with open_sandbox({"arena": suite.handouts}, arena.zygote.tier) as zygote:
        result = Arena(suite, zygote, tmp_path).attack(last=code)
    assert (result.cell_errors, result.score) == ((), 15)
    assert [path.read_text() for path in files.values()] == [""] * 4
