"""A class graded by the steps that `autograder ci init` writes, in their order, against local bare repositories."""

import json
import shutil
from contextlib import contextmanager
from pathlib import Path

import pytest
from ci.classroom import Runner, repository
from ci.quick_runner import QuickRunner
from conftest import available_tiers
from hosting.stand_in import Hosts, serve

from autograder.ci import setup
from autograder.course import open_course
from autograder.publishing.signing import generate, is_signed, public_key

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
# What is no notebook: each is named in the log, and stops nobody.
NOT_PLACED = {
    "big": {NAME: b"[" + b" " * (21 << 20) + b"]"},
    "lfs": {NAME: b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"},
    "non": {"README.md": b"later"},
    "off": {"::error::owned.ipynb": b"{}"},
    "sub": {NAME: None},
    "sym": {NAME: Path("/etc/passwd")},
}
REFUSED = ("big", "lfs", "sub", "sym")  # under the notebook's name; the students' pages say what it is
TOLD = (*REFUSED, "off")  # its notebook has another name; `non` has nothing yet, and nobody knows what `nil` has


@pytest.fixture(scope="module")
def secrets(tmp_path_factory):
    key = tmp_path_factory.mktemp("key") / "signing.pem"
    generate(key)
    return {
        "COLLECT_TOKEN": "a-token-for-students",
        "FEEDBACK_TOKEN": "a-token-for-issues",
        "AUTOGRADER_SIGNING_KEY": key.read_text(),
        "key": key,
    }


@pytest.fixture(scope="module")
def grading(course, tmp_path_factory):
    """The course repository, as `ci init` leaves it, and a folder for students' repositories."""
    root = tmp_path_factory.mktemp("grading")
    shutil.copytree(course.root, root / "course")
    setup.write(open_course(root / "course"), "github")
    return root / "course", root / "students"


def listed(course, students):
    """Write students.csv; {who: the commit} of those whose notebook can be graded, and of those who handed in none."""
    commits = {who: repository(students / f"{who}.git", files) for who, files in {**CLASS, **NOT_PLACED}.items()}
    rows = [f"{who},{students / who}.git" for who in [*commits, "nil"]]  # nil deleted the repository
    (course / "students.csv").write_text("\n".join(["id,remote", *rows]) + "\n")
    return {who: commits[who] for who in CLASS}, {who: commits[who] for who in TOLD}


@pytest.fixture(scope="module")
def class_of_twelve(grading, secrets, tmp_path_factory):
    course, students = grading
    runner = Runner(course, tmp_path_factory.mktemp("jobs"), secrets)
    runner.commits, runner.refused = listed(course, students)
    runner.codes = [runner.run(job) for job in ("collect", "grade")]
    rows = [f"{who},https://github.com/school/{who}.git" for who in [*CLASS, *NOT_PLACED, "nil"]]
    (course / "students.csv").write_text("\n".join(["id,remote", *rows]) + "\n")
    with stand_in() as (hosts, address):
        runner.hosts, runner.host = hosts, {"GITHUB_API_URL": address}
        runner.codes.append(runner.run("publish"))
    return runner


@contextmanager
def stand_in():
    """A GitHub with the students' repositories, which takes the token for issues alone, and its address."""
    hosts = Hosts(tokens=["a-token-for-issues"])
    for who in [*CLASS, *NOT_PLACED]:
        hosts[f"school/{who}"]
    with serve(hosts) as address:
        yield hosts, address


def issues(hosts):
    """{who: the text of the only issue} of those who have one."""
    students = {path.split("/")[1]: list(repository.issues.values()) for path, repository in hosts.repositories.items()}
    assert all(len(each) <= 1 for each in students.values())
    return {who: each[0]["body"] for who, each in students.items() if each}


def result(runner, who):
    return json.loads((runner.root / "artifacts" / "results" / "a9_test" / f"{who}.json").read_text())


def is_inert(log):
    assert not [line for line in log.split("\n") if line.lstrip().startswith("::")]
    assert "##[" not in log
    assert "##vso[" not in log
    return True


def test_a_class_with_missing_broken_and_hostile_work_is_graded_and_the_jobs_are_green(class_of_twelve):
    assert class_of_twelve.codes == [0, 0, 0], class_of_twelve.logs
    scores = {who: (result(class_of_twelve, who)["status"], result(class_of_twelve, who)["score"]) for who in CLASS}
    assert scores["ada"] == ("graded", 10.0)
    assert scores["kim"] == ("graded", 10.0)
    assert scores["bob"][0] == scores["eve"][0] == "graded"
    assert (scores["bob"][1] < 10, scores["eve"][1]) == (True, 0)
    assert scores["lee"] == ("malformed", 0)
    assert "5 placed, 0 new attempts, 0 unchanged, 6 not placed" in class_of_twelve.logs["collect"]
    assert not [who for who in [*NOT_PLACED, "nil"] if who not in class_of_twelve.logs["collect"]]


def test_the_commit_that_was_graded_is_recorded(class_of_twelve):
    for who, commit in class_of_twelve.commits.items():
        record = class_of_twelve.root / "artifacts/class/work/submitted" / who / "a9_test" / "received.json"
        assert json.loads(record.read_text())["commit"] == commit


def test_i6_nothing_that_a_student_wrote_is_a_command_in_any_log(class_of_twelve):
    assert all(is_inert(log) for log in class_of_twelve.logs.values())
    assert "lee" in class_of_twelve.logs["grade"]


def test_no_secret_is_in_the_job_that_grades_in_a_log_or_in_what_is_handed_over(class_of_twelve, secrets):
    everything = "\n".join(class_of_twelve.logs.values())
    for path in class_of_twelve.root.rglob("*"):
        if path.is_file() and path.suffix != ".whl":
            everything += path.read_bytes().decode("utf-8", "replace")
    lines = [line for line in str(secrets).split("\\n") if "-----" not in line]
    assert secrets["AUTOGRADER_SIGNING_KEY"].splitlines()[1] in lines
    assert not [
        line
        for line in [*lines, secrets["COLLECT_TOKEN"], secrets["FEEDBACK_TOKEN"]]
        if len(line) > 10 and line in everything
    ]
    assert not [who for who in CLASS if "FOUND" in json.dumps(result(class_of_twelve, who)["cell_errors"])]


def test_each_student_is_told_in_an_issue_about_the_commit_that_was_graded(class_of_twelve):
    text = issues(class_of_twelve.hosts)
    commits = class_of_twelve.commits | class_of_twelve.refused
    assert set(text) == set(commits)
    assert all(f"Commit {commit}." in text[who] for who, commit in commits.items())
    assert "10 of 10 points" in text["ada"]
    assert "no notebook" in text["lee"]
    assert all("You handed in" in text[who] for who in REFUSED)
    assert "at most 20 MiB" in text["big"]
    assert "large" in text["lfs"]
    assert "nothing was handed in" in text["off"]
    assert not [who for who, page in text.items() if "::error::" in page or "##[" in page]
    assert "10 created, 0 edited, 0 unchanged, 1 not begun, 0 failed, 0 left" in class_of_twelve.logs["publish"]


def test_a_job_that_is_run_again_writes_nothing_again(class_of_twelve, secrets, grading, tmp_path):
    runner = QuickRunner(grading[0], tmp_path / "jobs", secrets)
    shutil.copytree(class_of_twelve.root / "artifacts", runner.root / "artifacts")
    shutil.rmtree(runner.root / "artifacts" / "grades")
    before = issues(class_of_twelve.hosts)
    with serve(class_of_twelve.hosts) as address:
        runner.host = {"GITHUB_API_URL": address}
        assert runner.run("publish") == 0
    assert "0 created, 0 edited, 10 unchanged" in runner.logs["publish"]
    assert issues(class_of_twelve.hosts) == before


def test_each_result_is_signed_and_verifies_on_another_machine(class_of_twelve, secrets, tmp_path):
    grades = class_of_twelve.root / "artifacts" / "grades"
    key = public_key(secrets["key"].with_name("signing.pem.pub"))
    for who in CLASS:
        data = (grades / "results/a9_test" / f"{who}.json").read_bytes()
        assert is_signed(data, (grades / "feedback/a9_test" / f"{who}.json.sig").read_bytes(), key)
    assert (grades / "feedback" / "junit.xml").is_file()


def test_i12_a_poisoned_artifact_makes_the_job_red_and_costs_nobody_else(grading, class_of_twelve, secrets, tmp_path):
    """What a notebook that broke out of the sandbox could hand over: more points, a link, another's name, a path."""
    runner = QuickRunner(grading[0], tmp_path / "jobs", secrets)
    shutil.copytree(class_of_twelve.root / "artifacts", runner.root / "artifacts")
    shutil.rmtree(runner.root / "artifacts" / "grades")
    results = runner.root / "artifacts" / "results" / "a9_test"
    (results / "bob.json").write_text((results / "bob.json").read_text().replace('"score": 0.0', '"score": 1e9', 1).replace('"bob"', '"ada"'))  # fmt: skip
    (results / "eve.json").unlink()
    (results / "eve.json").symlink_to("/etc/passwd")
    (results / "lee.json").write_text("::error::owned")
    with stand_in() as (hosts, address):
        runner.host = {"GITHUB_API_URL": address}
        assert runner.run("publish") == 1
    assert set(issues(hosts)) == {"ada", "kim", *TOLD}
    assert "root:" not in runner.logs["publish"]
    assert is_inert(runner.logs["publish"])
    assert "3 refused" in runner.logs["publish"]
    assert not list((runner.root / "publish" / "feedback" / "a9_test").glob("eve*"))


@pytest.mark.parametrize(("code", "told"), [(0, True), (1, True), (2, False), (70, False), (137, False)])
def test_students_are_told_after_0_and_after_1_which_says_that_a_result_was_refused(
    grading, class_of_twelve, tmp_path, code, told
):
    """After a fault of ours, 70, there may be half of the feedback, or feedback that nobody checked."""
    tools = tmp_path / "bin"
    tools.mkdir()
    (tools / "autograder").write_text(f'#!/bin/sh\necho "$*" >> {tools}/calls\n[ "$2" = post ] || exit {code}\n')
    (tools / "autograder").chmod(0o755)
    runner = Runner(grading[0], tmp_path / "jobs", {}, tools=tools)
    shutil.copytree(class_of_twelve.root / "artifacts", runner.root / "artifacts")
    shutil.rmtree(runner.root / "artifacts" / "grades")
    assert runner.run("publish") == code
    asked = [line.split()[1] for line in (tools / "calls").read_text().splitlines()]
    assert asked == (["publish", "post"] if told else ["publish"])


@pytest.mark.parametrize("name", ['"; touch owned; "', "$(touch owned)", "--help", "x\n::error::x"])
def test_i11_a_hostile_name_given_to_a_run_by_hand_is_only_a_name(grading, class_of_twelve, tmp_path, name):
    runner = QuickRunner(grading[0], tmp_path, {}, {"assignment": name})
    shutil.copytree(class_of_twelve.root / "artifacts" / "class", tmp_path / "grade")
    assert runner.run("grade", only="autograder grade") == 1  # of the guard: grade itself ends with 2
    assert "expected one of a9_test" in runner.logs["grade"]
    assert is_inert(runner.logs["grade"])
    assert not list(tmp_path.rglob("owned"))


def test_i8_whatever_stands_beside_a_notebook_is_not_taken_and_changes_nothing(class_of_twelve):
    assert set(BESIDE) < set(CLASS["kim"])
    taken = {
        p.relative_to(class_of_twelve.root).as_posix() for p in class_of_twelve.root.rglob("kim/**/*") if p.is_file()
    }
    assert {Path(path).name for path in taken} == {"a9_test.ipynb", "received.json", "timestamp.txt"}
    assert not Path("/tmp/autograder-owned").exists()
    ada, kim = (
        json.loads((class_of_twelve.root / f"artifacts/results/a9_test/{w}.json").read_text()) for w in ("ada", "kim")
    )
    assert (ada["score"], ada["suite_sha256"]) == (kim["score"], kim["suite_sha256"])
