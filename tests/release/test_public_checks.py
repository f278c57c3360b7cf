"""public_checks.py as a student's repository has it: run on the released, a solved and hostile notebooks."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from autograder.course import open_course
from autograder.release import build
from autograder.release.repository import write_starter

pytestmark = pytest.mark.real_tools  # each test starts Jupyter's kernels
NEXT = "hidden checks run after you hand in"
COMMANDS = "::error::owned\\n  ::set-output name=x::owned\\n##[error]owned\\n##vso[task.complete]owned\\x1b[0K"


@pytest.fixture(scope="module")
def starter(course, tmp_path_factory):
    root = tmp_path_factory.mktemp("public")
    shutil.copytree(course.root, root / "course")
    copy = open_course(root / "course")
    build.release(copy, "a9_test")
    write_starter(copy, ["a9_test"], root / "starter")
    return root / "starter"


def checked(starter, *arguments, cell_seconds=120):
    """(exit code, log) of public_checks.py, with nothing of this package to import."""
    done = subprocess.run(
        [sys.executable, "public_checks.py", "--cell-seconds", str(cell_seconds), *arguments],
        cwd=starter, capture_output=True, text=True, timeout=600, check=False,
        env={"PATH": os.environ["PATH"], "HOME": str(starter.parent), "IPYTHONDIR": str(starter.parent / "ipython")},
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def changed(starter, name, answer=None, *first):
    """A copy of the released notebook with an answer, and cells before everything else."""
    document = json.loads((starter / "a9_test" / "a9_test.ipynb").read_text())
    document["cells"] = [c for c in document["cells"] if "otter" not in "".join(c["source"])]  # seconds each
    for cell in document["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "q1-solution" and answer:
            cell["source"] = answer
    fields = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    document["cells"] = [{**fields, "id": f"c{i}", "source": s} for i, s in enumerate(first)] + document["cells"]
    path = starter / "a9_test" / name
    path.write_text(json.dumps(document))
    return str(path.relative_to(starter))


RIGHT = "def mean_square(x):\n    return float(sum(v * v for v in x)) / len(x)"


def test_what_was_not_begun_is_not_run(starter):
    assert checked(starter) == (0, "a9_test: not begun\n")


def test_the_released_notebook_fails_and_says_which_question(starter):
    code, log = checked(starter, changed(starter, "released.ipynb"))
    assert code == 1
    assert "FAIL  q1: 0 of 1 public checks" in log
    assert "(3, 4) gives 12.5 (test_example): not written yet" in log
    assert f"0 of 1 public checks passed; {NEXT}" in log


def test_hostile_cells_cost_only_themselves_and_write_no_command_into_the_log(starter):
    """It raises, prints to each stream and handle, loops, and names a kernel of its own; then it answers rightly."""
    hostile = [
        f"import os, sys\nprint('{COMMANDS}', flush=True)\nsys.stderr.write('{COMMANDS}')\nos.write(1, b'::error::owned')\nos.system('echo ::error::owned')",
        f"raise RuntimeError('{COMMANDS}')",
        "while True: print('x' * 10000)",
    ]
    name = changed(starter, "hostile.ipynb", RIGHT, *hostile)
    document = json.loads((starter / name).read_text())
    document["metadata"]["kernelspec"]["name"] = "../../::error::owned"
    (starter / name).write_text(json.dumps(document))
    code, log = checked(starter, name, cell_seconds=5)  # all of them spent on printing
    assert code == 0, log
    assert f"public checks passed; {NEXT}" in log
    assert "cell 2: RuntimeError" in log
    assert "cell 3: did not end within 5 seconds" in log
    assert "::" not in log
    assert "##" not in log
    assert all(line.isprintable() for line in log.split("\n"))


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass", "did not end within 5 seconds"),
        ("import os; os._exit(0)", "not reached: an earlier cell ended the Python process"),
    ],
)  # fmt: skip
def test_a_notebook_that_cannot_be_stopped_or_ends_itself_fails_in_time(starter, cell, said):
    code, log = checked(starter, changed(starter, "stuck.ipynb", RIGHT, cell), cell_seconds=5)
    assert (code, said in log) == (1, True), log


@pytest.mark.parametrize("text", ["no JSON ::error::owned", "{}", "[]", '{"cells": [3], "nbformat": 4}', "\udcff"])
def test_what_is_no_notebook_is_said_in_one_line(starter, text):
    (starter / "a9_test" / "bad.ipynb").write_text(text, errors="surrogateescape")
    code, log = checked(starter, "a9_test/bad.ipynb")
    assert code == 1
    assert "Traceback" not in log
    assert "::" not in log


@pytest.mark.parametrize(
    ("place", "got"),
    [
        ("a9_test/a9_test (1).ipynb", "got 'a9_test/a9_test (1).ipynb'. Hint: rename it."),
        ("a9_test/Final.ipynb", "got 'a9_test/Final.ipynb'. Hint: rename it."),
        ("week 3/A9-test.ipynb", "got 'week 3/A9-test.ipynb'. Hint: rename it."),
        ("week 3/::error::a9_test\n.ipynb", "got 'week 3/: :error: :a9_test\\n.ipynb'. Hint: rename it."),
        (None, "got no notebook. Hint: git checkout -- a9_test/a9_test.ipynb."),
    ],
)
def test_a_notebook_that_is_not_under_its_name_is_named_and_the_result_is_red(starter, tmp_path, place, got):
    copy = tmp_path / "mine"
    shutil.copytree(starter, copy)
    shutil.rmtree(copy / "a9_test")
    if place:
        (copy / place).parent.mkdir()
        shutil.copy(starter / "a9_test/a9_test.ipynb", copy / place)
    wanted = f"a9_test/a9_test.ipynb: expected your notebook under this name, {got}\n"
    assert checked(copy) == (1, wanted)
