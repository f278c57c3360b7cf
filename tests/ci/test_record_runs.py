"""The record after whole runs of the workflow: runs repeated, cut off, without a key, and read on another machine."""

import json
import shutil

import pytest
from ci.classroom import GIT, commits_of, git, hosted, of_branch, repository
from ci.quick_runner import QuickRunner
from ci.test_class import HOSTILE, NAME, RIGHT, is_inert, notebook
from commands import program
from conftest import available_tiers
from typer.testing import CliRunner

from autograder.ci import setup
from autograder.cli.main import app
from autograder.course import open_course
from autograder.publishing.signing import generate, is_signed, public_key

pytestmark = [
    pytest.mark.skipif("A" not in available_tiers(), reason="the workflow insists on sandbox tier A: needs bubblewrap"),
    pytest.mark.skipif(not shutil.which("git"), reason="git is not installed"),
]
CLASS = {
    "ada": {NAME: RIGHT},
    "bob": {NAME: notebook("def mean_square(x):\n    return 0.0")},
    "eve": {NAME: HOSTILE},
    "lee": {NAME: b"no JSON ::error::owned\n##[error]owned"},
}
ROWS = (*CLASS, "nil")  # whose repository nobody can reach
JOBS = ("collect", "grade", "publish", "record")
ADA = "results/a9_test/ada.json"


class Term:
    """A course on its own server, a class, and the nights in which it is graded."""

    def __init__(self, course, root):
        self.root, self.course = root, root / "course"
        shutil.copytree(course.root, self.course)
        setup.write(open_course(self.course), "github")
        self.students = root / "students"
        for who, files in CLASS.items():
            repository(self.students / f"{who}.git", files)
        rows = [f"{who},{self.students / who}.git" for who in [*CLASS, "nil"]]
        (self.course / "students.csv").write_text("\n".join(["id,remote", *rows, ""]))
        self.origin = hosted(self.course, root / "origin.git")
        self.key = root / "signing.pem"
        generate(self.key)

    def runner(self, name, *, key=True):
        secrets = {"AUTOGRADER_SIGNING_KEY": self.key.read_text()} if key else {}
        return QuickRunner(self.course, self.root / name, secrets, environment=GIT)

    @property
    def tip(self):
        return git(self.origin, "rev-parse", "marks")


@pytest.fixture(scope="module")
def first(course, tmp_path_factory):
    """The term after its first night."""
    term = Term(course, tmp_path_factory.mktemp("term"))
    term.monday = term.runner("monday")
    term.codes = [term.monday.run(job) for job in JOBS]
    return term


@pytest.fixture
def term(first, tmp_path):
    """The same, on a server of its own for each test."""
    origin = tmp_path / "origin.git"
    shutil.copytree(first.origin, origin)
    git(first.course, "remote", "set-url", "origin", str(origin))
    before, first.origin = first.origin, origin
    yield first
    first.origin = before
    git(first.course, "remote", "set-url", "origin", str(before))


def without_times(files):
    """Each result without its time of receipt: a machine that is new every night sees each commit for the first time."""
    return {p: {**json.loads(d), "received": ""} for p, d in files.items() if p.startswith("results/") and p.endswith(".json")}  # fmt: skip


def test_a_night_leaves_one_commit_with_results_signatures_and_marks(first):
    assert first.codes[:2] + first.codes[3:] == [0, 0, 0], first.monday.logs
    files = of_branch(first.origin)
    key = public_key(first.key.with_name("signing.pem.pub"))
    assert {p for p in files if p.endswith(".json")} == {"record.json", *(f"results/a9_test/{w}.json" for w in ROWS)}
    assert all(is_signed(files[f"results/a9_test/{w}.json"], files[f"results/a9_test/{w}.json.sig"], key) for w in ROWS)
    assert files["grades.csv"].decode().splitlines()[1].startswith("a9_test,ada,10,10,")
    assert commits_of(first.origin) == 1
    assert "5 new results, 0 changed, 0 kept" in first.monday.logs["record"]
    results = first.monday.root / "artifacts/results/a9_test"
    assert {w: files[f"results/a9_test/{w}.json"] for w in ROWS} == {w: (results / f"{w}.json").read_bytes() for w in ROWS}  # fmt: skip


def test_the_summary_of_the_job_and_the_page_of_the_branch_say_whom_to_look_at(first):
    page, summary = of_branch(first.origin)["README.md"].decode(), first.monday.summaries["record"]
    assert page in summary
    assert "3 graded; 1 not graded, 1 unreadable, 0 late, 0 missing." in page
    assert [line.split("|")[1:3] for line in page.splitlines() if "| lee " in line] == [[" lee ", " unreadable "]]
    assert is_inert(page)
    assert is_inert(first.monday.logs["record"])


@pytest.mark.exhaustive
def test_jobs_that_are_run_again_leave_the_record_as_it_is(term):
    tip = term.tip
    for job in JOBS[1:]:
        term.monday.run(job)
        assert "artifact" not in term.monday.logs.get("actions/upload-artifact", "")
        term.monday.run("record")
        assert (term.tip, commits_of(term.origin)) == (tip, 1)
        assert "nothing changed" in term.monday.logs["record"]


def test_another_night_draws_the_same_inputs_and_keeps_the_result_of_a_student_who_is_not_reached(term):
    before = of_branch(term.origin)
    (term.students / "ada.git").rename(term.students / "gone.git")
    try:
        night = term.runner("tuesday")
        [night.run(job) for job in JOBS]
    finally:
        (term.students / "gone.git").rename(term.students / "ada.git")
    after = of_branch(term.origin)
    assert without_times(after) == without_times(before)
    assert after[ADA] == before[ADA]
    assert "kept of an earlier run: results&#47;" in night.summaries["record"]
    assert "1 kept of an earlier run" in night.logs["record"]


def test_a_job_that_cannot_push_is_red_and_leaves_the_old_record_whole(term):
    before = of_branch(term.origin)
    hook = term.origin / "hooks/pre-receive"
    hook.write_text("#!/bin/sh\necho '::error::no right' >&2\nexit 1\n")
    hook.chmod(0o755)
    roster = term.course / "students.csv"
    text = roster.read_text()
    roster.write_text(f"{text}new,\n")  # so that there is something to push
    try:
        assert term.monday.run("record") == 2
    finally:
        roster.write_text(text)
    assert is_inert(term.monday.logs["record"])
    assert of_branch(term.origin) == before


def test_without_a_signing_key_nothing_is_published_and_nothing_recorded(term):
    night = term.runner("monday", key=False)
    tip = term.tip
    assert night.run("publish") == 2
    assert "$AUTOGRADER_SIGNING_KEY: expected a signing key, got none" in night.logs["publish"]
    assert not (night.root / "publish/feedback").exists()
    assert night.run("record") is None  # its condition does not hold
    assert term.tip == tip


@pytest.mark.parametrize(
    ("name", "said"), [("a9_test", "5 submissions"), ("$(touch owned)", "expected one of a9_test")]
)
def test_a_call_from_outside_grades_the_assignment_that_its_payload_names(term, tmp_path, name, said):
    night = QuickRunner(term.course, tmp_path, payload={"assignment": name})
    shutil.copytree(term.monday.root / "artifacts/class", tmp_path / "grade")
    night.run("grade", only="autograder grade")
    assert said in night.logs["grade"]
    assert not list(tmp_path.rglob("owned"))


def test_regrading_after_a_mended_check_is_one_commit_that_shows_every_change(term):
    checks = term.course / "solutions/a9_test/hidden_checks.py"
    text = checks.read_text()
    checks.write_text(text + "\n# mended\n")
    try:
        night = term.runner("regrade")
        [night.run(job) for job in JOBS]
    finally:
        checks.write_text(text)
    assert commits_of(term.origin) == 2
    changed = git(term.origin, "diff", "--name-only", "marks~1", "marks").splitlines()
    assert {f"results/a9_test/{w}.json" for w in CLASS} <= set(changed)


def test_the_instructor_reads_the_record_in_a_clone_with_one_command(term, tmp_path, monkeypatch):
    git(tmp_path, "clone", "--quiet", str(term.origin), "clone")
    monkeypatch.chdir(tmp_path / "clone")
    done = CliRunner().invoke(app, ["ci", "fetch-record"], env={"COLUMNS": "200"})
    assert "5 results of marks" in done.output, done.output
    assert git(tmp_path / "clone", "status", "--porcelain", "--untracked-files=no") == ""
    exported = CliRunner().invoke(app, ["export", "csv", "--out", "g.csv"], env={"COLUMNS": "200"})
    assert exported.exit_code == 0, exported.output
    assert (tmp_path / "clone/g.csv").read_bytes() == of_branch(term.origin)["grades.csv"]
    key = str(term.key.with_name("signing.pem.pub"))
    verify = ["verify", "work/results/a9_test/ada.json", "--key", key]
    too_early = CliRunner().invoke(app, verify)
    assert "Hint: autograder collect makes it" in str(too_early.exception)
    collected = CliRunner().invoke(app, ["collect", "students.csv"], env={"COLUMNS": "200"})
    assert "4 placed" in collected.output, collected.output
    verified = CliRunner().invoke(app, verify, env={"COLUMNS": "200"})
    assert "signed by this key" in verified.output


def test_a_repository_without_a_record_is_told_so(term, tmp_path):
    git(term.origin, "update-ref", "-d", "refs/heads/marks")
    git(tmp_path, "clone", "--quiet", str(term.origin), "clone")
    for name in ("marks", "main"):
        code, said = program(tmp_path / "clone", "ci", "fetch-record", "--branch", name)
        assert (code, said.count("\n")) == (2, 1)
        assert f"{name}: expected a branch that autograder ci record wrote" in said
