"""A request from the student's file to the settled page, as an instructor meets it on the command line."""

import json
import shutil

import commands
import pytest

from autograder.course import open_course
from autograder.errors import AutograderError
from autograder.regrades.regrade_file import FILE

REASON = "My <b>mean</b> is right & ::error:: the check is not."


@pytest.fixture
def mine(course, tmp_path):
    root = tmp_path / "course"
    shutil.copytree(course.root, root)
    return open_course(root)


@pytest.fixture
def call(mine):
    def of(*arguments, code=0):
        try:
            return commands.run(*arguments, "--course", mine.root, code=code).output
        except AutograderError as error:
            assert code == 2, str(error)
            return str(error)

    return of


@pytest.fixture
def upload(tmp_path):
    """upload(student, notebook, reason): a folder of what students handed in."""
    root = tmp_path / "came"

    def of(student, notebook, reason=None, name="regrade.md"):
        folder = root / student / "a9_test"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "a9_test.ipynb").write_text(notebook)
        if reason is not None:
            (folder / name).write_text(reason)
        return root

    return of


def stored(mine):
    return json.loads((mine.work / FILE).read_text())["requests"]


GRADE = ("grade", "--tier", "B", "--jobs", 1)


def test_from_the_students_file_to_the_settled_page(mine, call, upload, solved, starter):
    checks = mine.solutions / "a9_test" / "hidden_checks.py"
    right = checks.read_text()
    checks.write_text(right.replace("reference.mean_square(x)", "reference.mean_square(x) + 1", 1))
    upload("bob", starter)
    call("collect", upload("ada", solved))
    call(*GRADE)
    upload("ada", solved, REASON)
    assert "1 new regrade request: autograder regrade list" in call("collect", upload("bob", starter))
    assert "regrade request" not in call("collect", upload("bob", starter))
    assert "up to date" in call(*GRADE)  # the file is no part of what is graded
    before = (mine.work / "results/grades.csv").read_bytes()

    (request,) = stored(mine)
    said = call("regrade", "show", request["id"][:4])
    assert "My <b>mean</b> is right & : :error:: the check is not." in said  # no command of a CI
    assert "no check changed" in said
    assert (mine.work / "results/grades.csv").read_bytes() == before

    checks.write_text(right)
    call(*GRADE)
    said = call("regrade", "list")
    assert "1 open, 0 settled. Next: autograder regrade show ID" in said
    row = next(line for line in said.splitlines() if line.startswith(request["id"]))
    assert "→ 10" in row
    assert "q1.value: fail → pass" in call("regrade", "show", request["id"])

    call("report")
    page = (mine.work / "reports/index.html").read_text()
    assert "Regrade requests" in page
    assert "My &lt;b&gt;mean&lt;/b&gt; is right &amp; ::error:: the check is not." in page
    assert "<b>mean</b>" not in page
    assert "q1.value: fail → pass" in page
    assert "waits for a person" in (mine.work / "reports/a9_test/ada.html").read_text()
    assert "regrade request" not in (mine.work / "reports/a9_test/bob.html").read_text()

    marks = (mine.work / "results/grades.csv").read_bytes()
    call("regrade", "settle", request["id"], "--note", "The check was wrong <i>there</i>.")
    (settled,) = stored(mine)
    assert (settled["state"], settled["after"]) == ("settled", 10.0)
    assert settled["before"] < 10
    assert (mine.work / "results/grades.csv").read_bytes() == marks
    call("report")
    page = (mine.work / "reports/a9_test/ada.html").read_text()
    assert "settled" in page
    assert "The check was wrong &lt;i&gt;there&lt;/i&gt;." in page
    assert "0 open, 1 settled" in (mine.work / "reports/index.html").read_text()

    call("collect", upload("ada", solved, REASON))
    assert stored(mine)[0]["state"] == "settled"
    assert "1 new regrade request" in call("collect", upload("ada", solved, "And another thing."))
    assert stored(mine)[0]["state"] == "open"


@pytest.mark.parametrize("name", ["regrade.txt", "Regrade.md", "regrade (1).md"])
def test_collect_keeps_the_file_under_one_name_and_a_dry_run_keeps_nothing(mine, call, upload, starter, name):
    call("collect", "--dry-run", upload("ada", starter, "why", name))
    assert not (mine.work / FILE).exists()
    call("collect", upload("ada", starter, "why", name))
    kept = mine.work / "submitted/ada/a9_test"
    assert (kept / "regrade.md").read_text() == "why"
    assert not [p.name for p in kept.iterdir() if p.suffix == ".txt" and p.name != "timestamp.txt"]


def test_a_reason_named_like_a_module_is_not_imported(mine, call, upload, starter):
    notebook = json.loads(starter)
    notebook["cells"].append({"cell_type": "code", "source": "import regrade", "metadata": {}})
    call("collect", upload("ada", json.dumps(notebook), "print('owned')"))
    kept = mine.work / "submitted/ada/a9_test"
    assert not list(kept.glob("*.py"))
    assert json.loads((kept / "received.json").read_text())["modules"] == {}


def test_a_list_is_added_once(mine, call, upload, starter, tmp_path):
    call("collect", upload("ada", starter))
    (tmp_path / "list.csv").write_text("student,assignment,reason,question\nada,a9,=cmd(),q1\n")
    assert "1 new or changed, 0 known already" in call("regrade", "add", tmp_path / "list.csv")
    assert "0 new or changed, 1 known already" in call("regrade", "add", tmp_path / "list.csv")
    assert "q1: =cmd()" in call("regrade", "list")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["show", "3f2a"], "'3f2a': expected the id of a request, got none of that id. Hint: autograder regrade list"),
        (["settle", "", "--note", "x"], "expected the id of a request"),
        (["settle", "3f2a", "--note", " "], "--note: expected a text for the student, got none"),
        (["add", "nowhere.csv"], "nowhere.csv"),
        (["fetch"], "expected the columns id, remote and github, got no remote of a student"),
    ],
)
def test_misuse_is_one_line_and_exit_code_2(call, arguments, says):
    said = call("regrade", *arguments, code=2)
    assert says in said
    assert len(said.strip().splitlines()) == 1


def test_without_requests_the_list_and_the_class_page_say_nothing_more(mine, call, upload, starter):
    assert "0 open, 0 settled. Next: nothing" in call("regrade", "list")
    call("collect", upload("ada", starter))
    call(*GRADE)
    call("report")
    assert "Regrade" not in (mine.work / "reports/index.html").read_text()
    assert not (mine.work / FILE).exists()


def test_a_request_from_before_the_history_says_that_there_is_nothing_to_compare_with(mine, call, upload, starter):
    call("collect", upload("ada", starter, "why"))
    call(*GRADE)
    assert "there is no earlier grading to compare with" in call("regrade", "show", stored(mine)[0]["id"])
    call("report")
    assert "There is no earlier grading to compare with." in (mine.work / "reports/index.html").read_text()
