"""On Gradescope our engine grades, its results have the format that is asked for, and hidden checks stay hidden."""

import io
import json
import shutil
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
    uploaded = container / "submission"
    shutil.rmtree(uploaded)
    uploaded.mkdir()

    def write(*samples, name="a9_test.ipynb", data=None):
        path = uploaded / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(notebook_text(solved_cells(skeleton, *samples)) if data is None else data)

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
    hand_in(name="mine.ipynb")
    hand_in(name="copy.ipynb")
    results = gradescope_container.grade_here(container)
    assert results.score == 0
    assert results.output == (
        "malformed: You handed in 'copy.ipynb', 'mine.ipynb'; expected one notebook for a9_test. "
        "Hint: keep the one to grade, and call it a9_test.ipynb."
    )


OTHER = json.dumps({"cells": [{"cell_type": "code", "source": "x = 1"}], "nbformat": 4})
CHOSEN = {
    "in a folder": ("work/a9_test.ipynb", {"work/data.csv": ""}),
    "our starter repository": (
        "a9_test/a9_test.ipynb", {"a8_other/a8_other.ipynb": OTHER, "README.md": "", "public_checks.py": ""},
    ),
    "capitals": ("A9_TEST.IPYNB", {}),
    "among several": ("a9_test.ipynb", {"scratch.ipynb": OTHER, "copy/old.ipynb": OTHER}),
    "a copy of a browser's": ("a9_test (1).ipynb", {}),
    "another name, alone": ("solution.ipynb", {}),
    "in its folder": ("a9_test/solution.ipynb", {"scratch.ipynb": OTHER}),
    "saved as text": ("a9_test.ipynb.txt", {}),
    "beside Jupyter's own copies": ("a9_test.ipynb", {".ipynb_checkpoints/a9_test-checkpoint.ipynb": OTHER}),
}  # fmt: skip


@pytest.mark.parametrize("name", CHOSEN)
def test_the_notebook_is_chosen_as_collect_chooses_it(container, hand_in, name):
    file, others = CHOSEN[name]
    hand_in(name=file)
    for other, data in others.items():
        hand_in(name=other, data=data)
    assert gradescope_container.grade_here(container).score == 10


@pytest.mark.parametrize("file", ["a9_test.html", "a9_test.py", "work/x.rar", ".ipynb_checkpoints/a9_test.ipynb"])
def test_without_a_notebook_the_page_names_what_was_handed_in(container, hand_in, file):
    hand_in(name=file, data="")
    results = gradescope_container.grade_here(container)
    assert results.score == 0
    assert results.output.startswith(f"malformed: You handed in '{file}'; expected a9_test.ipynb. Hint: ")


def own_module(skeleton, hand_in):
    cells = [
        (k, n, "from helpers import mean_square" if n == "q1-solution" else s) for k, n, s in solved_cells(skeleton)
    ]
    answer = next(s for _, n, s in solved_cells(skeleton) if n == "q1-solution")
    hand_in(name="work/a9_test.ipynb", data=notebook_text(cells))
    hand_in(name="work/helpers.py", data=f"import numpy as np\n{answer}")


def test_a_module_beside_the_notebook_counts(container, hand_in, skeleton):
    own_module(skeleton, hand_in)
    results = gradescope_container.grade_here(container)
    assert (results.score, results.output.count("\n")) == (10, 0)


def test_a_module_that_cannot_be_kept_is_said(container, hand_in, skeleton):
    own_module(skeleton, hand_in)
    hand_in(name="work/helpers.py", data="#" * 300_000)
    results = gradescope_container.grade_here(container)
    assert results.output.startswith("work/a9_test.ipynb: helpers.py was not kept: expected at most 256 KiB")


@pytest.mark.real_tools
def test_without_a_sandbox_otter_grades_the_chosen_notebook_with_its_module(container, hand_in, skeleton, monkeypatch):
    def none_holds(*_, **__):
        raise SandboxError("tier B: expected Landlock, got none.")

    monkeypatch.setattr(gradescope_container, "open_sandbox", none_holds)
    own_module(skeleton, hand_in)
    assert gradescope_container.grade_here(container).score == 10
    shutil.rmtree(container / "submission" / "work")
    assert gradescope_container.grade_here(container).output.startswith("malformed: You handed in no file")


@pytest.mark.real_tools
def test_without_a_sandbox_otter_grades_and_the_output_says_so(container, hand_in, monkeypatch):
    def none_holds(*_, **__):
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
