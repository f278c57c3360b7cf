"""On Gradescope our engine grades, its results have the format that is asked for, and hidden checks stay hidden."""

import io
import json
import subprocess
import zipfile

import pytest
from result_builders import check, question, record

from autograder.assignment.samples import load_samples, notebook_text, solved_cells
from autograder.errors import KilledError, NoRoomError, SandboxError
from autograder.interop import gradescope_container, otter
from autograder.records.result import Sandbox

# https://gradescope-autograders.readthedocs.io/en/latest/specs/#output-format
TOP = {
    "score", "execution_time", "output", "output_format", "test_output_format", "test_name_format", "visibility",
    "stdout_visibility", "extra_data", "tests", "leaderboard",
}  # fmt: skip
TEST = {
    "score", "max_score", "status", "name", "name_format", "number", "output", "output_format", "tags", "visibility",
    "extra_data",
}  # fmt: skip
VISIBILITY = {"hidden", "after_due_date", "after_published", "visible"}


RESULT = record(
    "ann",
    "a9_test",
    max_score=8.0,
    sandbox=Sandbox(tier="B", landlock=4),
    questions=(
        question(
            "q1",
            check("q1.example", 4.0, 4.0, visibility="public", message="shown"),
            check("q1.value", 0.0, 4.0, message="7 × the reference"),
        ),
    ),
)


def assert_valid(results):
    assert set(results) <= TOP
    assert results["visibility"] in VISIBILITY
    assert results["stdout_visibility"] == "hidden"
    for test in results["tests"]:
        assert set(test) <= TEST
        assert test["visibility"] in VISIBILITY
        assert test["status"] in {"passed", "failed"}
        assert 0 <= test["score"] <= test["max_score"]


@pytest.fixture(scope="module")
def container(skeleton, tmp_path_factory):
    """Gradescope's /autograder after the archive was unpacked."""
    root = tmp_path_factory.mktemp("autograder")
    archive = zipfile.ZipFile(io.BytesIO(otter.assign(skeleton).archive))
    archive.extractall(root / "source")
    (root / "submission").mkdir()
    (root / "results").mkdir()
    (root / "secret.key").write_bytes(b"made by setup.sh")
    return root


@pytest.fixture
def hand_in(container, skeleton):
    for old in (container / "submission").iterdir():
        if old.suffix == ".ipynb":
            old.unlink()

    def write(*samples, name="a9_test.ipynb"):
        (container / "submission" / name).write_text(notebook_text(solved_cells(skeleton, *samples)))

    return write


def test_a_result_becomes_results_json():
    results = json.loads(gradescope_container.from_result(RESULT, 1.0, 1.5).to_json())
    assert_valid(results)
    assert results["score"] == 4
    assert "sandbox tier B" in results["output"]
    assert [t["visibility"] for t in results["tests"]] == ["visible", "after_published"]


def test_the_text_of_a_hidden_check_is_withheld():
    assert "7 × the reference" not in gradescope_container.from_result(RESULT, 1.0).to_json()


def test_a_notebook_that_cannot_be_read_gets_no_points_and_the_reason():
    unread = RESULT.model_copy(update={"status": "malformed", "reason": "expected JSON", "score": 0.0, "questions": ()})
    results = json.loads(gradescope_container.from_result(unread, 1.0).to_json())
    assert_valid(results)
    assert results["output"] == "malformed: expected JSON"


def test_in_the_container_our_engine_grades(container, hand_in, skeleton):
    hand_in(next(s for s in load_samples(skeleton) if s.kind == "wrong"))
    results = json.loads(gradescope_container.grade_here(container).to_json())
    assert_valid(results)
    assert results["score"] == 0
    assert results["output"].startswith("Graded in sandbox tier")


def test_two_notebooks_are_one_line_and_no_points(container, hand_in):
    hand_in()
    hand_in(name="copy.ipynb")
    results = gradescope_container.grade_here(container)
    assert results.score == 0
    assert "expected one notebook, got 2" in results.output


def test_without_a_sandbox_otter_grades_and_the_output_says_so(container, hand_in, monkeypatch):
    def none_holds(_):
        raise SandboxError("tier B: expected Landlock, got none.")

    monkeypatch.setattr(gradescope_container, "open_sandbox", none_holds)
    hand_in()
    results = json.loads(gradescope_container.grade_here(container).to_json())
    assert_valid(results)
    assert results["score"] == 10
    assert results["output"].startswith("Graded WITHOUT a sandbox")
    assert "expected Landlock" in results["output"]
    assert {t["visibility"] for t in results["tests"]} == {"after_published"}


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("open_sandbox", KilledError("tier B: expected it to start, but it was killed.")),
        ("open_sandbox", NoRoomError("zygote: expected a new process, got none.")),
        ("grade_submission", SandboxError("zygote: expected a new process, got none.")),
    ],
)
def test_a_sandbox_that_is_lost_is_no_reason_to_grade_without_one(container, hand_in, monkeypatch, name, error):
    """Else a notebook that brings its sandbox down would run beside the hidden checks."""

    def fail(*_, **__):
        raise error

    monkeypatch.setattr(gradescope_container, name, fail)
    monkeypatch.setattr(gradescope_container, "_graded_by_otter", lambda *_: pytest.fail("graded without a sandbox"))
    hand_in()
    with pytest.raises(type(error)):
        gradescope_container.grade_here(container)


def test_the_scripts_are_executable_and_are_shell(container, skeleton):
    for name in ("setup.sh", "run_autograder"):
        text = (container / "source" / name).read_text()
        assert text.startswith("#!/usr/bin/env bash\n")
        assert "@" not in text
        subprocess.run(["bash", "-n"], input=text, text=True, check=True)


def test_what_the_container_installs_is_pinned(container):
    lines = (container / "source" / "requirements.txt").read_text().splitlines()
    assert any(line.startswith("numpy==") for line in lines)
    assert all("==" in line for line in lines)
