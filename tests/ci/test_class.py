"""A class graded by the steps that `autograder ci init` writes, in their order, against local bare repositories."""

import json
import shutil
from pathlib import Path

import pytest
from ci.classroom import Runner, repository
from conftest import available_tiers

from autograder.ci import setup
from autograder.course import open_course

pytestmark = [
    pytest.mark.skipif("A" not in available_tiers(), reason="the workflow insists on sandbox tier A: needs bubblewrap"),
    pytest.mark.skipif(not shutil.which("git"), reason="git is not installed"),
]
COMMANDS = "::error::owned\\n  ::set-output name=x::owned\\n##[error]owned\\n##vso[task.complete]owned"
NAME = "a9_test/a9_test.ipynb"


def notebook(*cells):
    fields = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    return json.dumps({"cells": [{**fields, "source": s} for s in cells], "nbformat": 4, "nbformat_minor": 4, "metadata": {}}).encode()  # fmt: skip


RIGHT = notebook("def mean_square(x):\n    return float(sum(v * v for v in x)) / len(x)")
HOSTILE = notebook(
    f"import os, sys\nprint('''{COMMANDS}''', flush=True)\nsys.stderr.write('''{COMMANDS}''')\nos.write(1, b'::error::owned')",
    "import os\nseen = [n for n in os.environ if 'TOKEN' in n or 'KEY' in n or 'GITHUB' in n]\nif seen: raise RuntimeError('FOUND')",
    f"def mean_square(x):\n    raise ValueError('''{COMMANDS}''')",
)
OWNED = b"import pathlib; pathlib.Path('/tmp/autograder-owned').touch()\n"
# Whatever a student can put beside the notebook to be read by somebody's tool.
BESIDE = {
    ".github/workflows/grade.yml": b"on: push\njobs: {x: {runs-on: ubuntu-24.04, steps: [{run: 'touch /tmp/autograder-owned'}]}}\n",
    ".gitlab-ci.yml": b"x: {script: [touch /tmp/autograder-owned]}\n",
    ".gitattributes": b"*.ipynb filter=owned diff=owned merge=owned\n",
    "conftest.py": OWNED, "sitecustomize.py": OWNED, "usercustomize.py": OWNED, "numpy.py": OWNED, "setup.py": OWNED,
    "a9_test/conftest.py": OWNED, "a9_test/sitecustomize.py": OWNED, "a9_test/numpy.py": OWNED, "course.toml": b"title = 3\n",
    "pyproject.toml": b"[tool.pytest.ini_options]\naddopts = '-p owned'\n", "requirements.txt": b"./owned\n",
    "solutions/a9_test/hidden_checks.py": OWNED,
}  # fmt: skip
CLASS = {
    "ada": {NAME: RIGHT},
    "bob": {NAME: notebook("def mean_square(x):\n    return 0.0")},
    "eve": {NAME: HOSTILE},
    "kim": {NAME: RIGHT, **BESIDE},
    "lee": {NAME: b"no JSON ::error::owned\n##[error]owned"},
}
SECRETS = {"STUDENTS_TOKEN": "a-token-for-students", "AUTOGRADER_SIGNING_KEY": "a-key-for-signing"}


@pytest.fixture(scope="module")
def grading(course, tmp_path_factory):
    """The course repository, as `ci init` leaves it, and a folder for students' repositories."""
    root = tmp_path_factory.mktemp("grading")
    shutil.copytree(course.root, root / "course")
    setup.write(open_course(root / "course"), "github")
    return root / "course", root / "students"


def listed(course, students, files):
    """students.csv of those whose repositories are made of `files`; the ids of the commits."""
    commits = {who: repository(students / f"{who}.git", content) for who, content in files.items()}
    rows = [f"{who},{students / who}.git" for who in [*files, "nil"]]  # nil deleted the repository
    (course / "students.csv").write_text("\n".join(["id,remote", *rows]) + "\n")
    return commits


@pytest.fixture(scope="module")
def class_of_six(grading, tmp_path_factory):
    course, students = grading
    runner = Runner(course, tmp_path_factory.mktemp("jobs"), SECRETS)
    runner.commits = listed(course, students, CLASS)
    runner.codes = [runner.run(job) for job in ("collect", "grade")]
    return runner


def result(runner, who):
    return json.loads((runner.root / "artifacts" / "results" / "a9_test" / f"{who}.json").read_text())


def is_inert(log):
    assert not [line for line in log.split("\n") if line.lstrip().startswith("::")]
    assert "##[" not in log
    assert "##vso[" not in log
    return True


def test_a_class_with_missing_broken_and_hostile_work_is_graded_and_the_jobs_are_green(class_of_six):
    assert class_of_six.codes == [0, 0]
    scores = {who: (result(class_of_six, who)["status"], result(class_of_six, who)["score"]) for who in CLASS}
    assert scores["ada"] == ("graded", 10.0)
    assert scores["kim"] == ("graded", 10.0)
    assert scores["bob"][0] == scores["eve"][0] == "graded"
    assert (scores["bob"][1] < 10, scores["eve"][1]) == (True, 0)
    assert scores["lee"] == ("malformed", 0)
    assert "1 not placed" in class_of_six.logs["collect"]
    assert "nil" in class_of_six.logs["collect"]


def test_the_commit_that_was_graded_is_recorded(class_of_six):
    for who, commit in class_of_six.commits.items():
        record = class_of_six.root / "artifacts/class/work/submitted" / who / "a9_test" / "received.json"
        assert json.loads(record.read_text())["commit"] == commit


def test_i6_nothing_that_a_student_wrote_is_a_command_in_any_log(class_of_six):
    assert all(is_inert(log) for log in class_of_six.logs.values())
    assert "lee" in class_of_six.logs["grade"]


def test_no_secret_is_in_the_job_that_grades_in_a_log_or_in_what_is_handed_over(class_of_six):
    everything = "\n".join(class_of_six.logs.values())
    for path in class_of_six.root.rglob("*"):
        if path.is_file() and path.suffix != ".whl":
            everything += path.read_bytes().decode("utf-8", "replace")
    assert not [name for name, value in SECRETS.items() if value in everything]
    assert "FOUND" not in everything.replace("('FOUND')", "")


@pytest.mark.parametrize("name", ['"; touch owned; "', "$(touch owned)", "--help", "x\n::error::x"])
def test_i11_a_hostile_name_given_to_a_run_by_hand_is_only_a_name(grading, class_of_six, tmp_path, name):
    runner = Runner(grading[0], tmp_path, SECRETS, {"assignment": name})
    shutil.copytree(class_of_six.root / "artifacts" / "class", tmp_path / "grade")
    assert runner.run("grade", only="autograder grade") == 2
    assert "expected one of a9_test" in runner.logs["grade"]
    assert is_inert(runner.logs["grade"])
    assert not list(tmp_path.rglob("owned"))


def test_i8_whatever_stands_beside_a_notebook_is_not_taken_and_changes_nothing(class_of_six):
    assert set(BESIDE) < set(CLASS["kim"])
    taken = {p.relative_to(class_of_six.root).as_posix() for p in class_of_six.root.rglob("kim/**/*") if p.is_file()}
    assert {Path(path).name for path in taken} == {"a9_test.ipynb", "received.json", "timestamp.txt"}
    assert not Path("/tmp/autograder-owned").exists()
    ada, kim = (
        json.loads((class_of_six.root / f"artifacts/results/a9_test/{w}.json").read_text()) for w in ("ada", "kim")
    )
    assert (ada["score"], ada["suite_sha256"]) == (kim["score"], kim["suite_sha256"])
