"""Classroom 50's runner and our file in it: it says what came in, whatever it meets, and knows no check and no secret.

The rules of its result are its schemas/result-v1.schema.json, written down here by hand.
"""

import difflib
import json
import os
import re
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from schemas import complaints
from typer.testing import CliRunner

from autograder.ci import setup
from autograder.ci.classroom50_setup import receipt_files
from autograder.cli.main import app
from autograder.errors import AutograderError

TOOLS = Path(sys.executable).parent
PLACE = "classroom50/cs1/autograder.py"
USUAL = {
    "CLASSROOM": "cs1", "ASSIGNMENT": "a1-gradient-ascent", "ASSIGNMENT_TYPE": "individual", "OWNER": "adal",
    "SUBMISSION_TAG": "submit/2026-10-02T10-00-00Z-0123456", "COMMIT_URL": "https://github.com/o/r/commit/1",
    "RELEASE_URL": "https://github.com/o/r/releases/tag/submit%2F1", "REVIEW_URL": "https://github.com/o/r/compare/0...1",
}  # fmt: skip
TEXTS = ("classroom", "assignment", "owner", "submission", "commit", "release", "review")
NOTEBOOK = json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def is_a_result(result):
    """What the schema of Classroom 50 asks for."""
    numbers = [(result["score"], result["max-score"]), *((t["score"], t["max-score"]) for t in result["tests"])]
    return (
        set(result) == {"schema", "assignment_type", "datetime", "score", "max-score", "tests", *TEXTS}
        and result["schema"] == "classroom50/result/v1"
        and result["assignment_type"] in {"individual", "group", "team"}
        and all(isinstance(result[name], str) and result[name] for name in TEXTS)
        and result["submission"].startswith("submit/")
        and bool(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", result["datetime"]))
        and all(type(score) is int is type(most) and 0 <= score <= most for score, most in numbers)
        and all(isinstance(t["passed"], bool) and t["test-name"] for t in result["tests"])
    )


@pytest.fixture
def run(tmp_path):
    """Run the file as Classroom 50's runner does: in the student's checkout. Gives the finished process."""
    (tmp_path / "checkout").mkdir()

    def start(values=USUAL, wake="", before=()):
        program = tmp_path / "bundle.py"
        (text,) = receipt_files("cs1", wake).values()
        program.write_bytes(text)
        environment = {k: v for k, v in {"PATH": os.environ["PATH"], **values}.items() if v is not None}
        words = [sys.executable, *before, str(program)]
        return subprocess.run(
            words, cwd=tmp_path / "checkout", env=environment, capture_output=True, timeout=60, check=False
        )

    return start


def result_of(tmp_path):
    return json.loads((tmp_path / "checkout/result.json").read_bytes())


@pytest.mark.parametrize("place", ["a1_gradient_ascent.ipynb", "a1_gradient_ascent/a1_gradient_ascent.ipynb"])
def test_a_notebook_that_came_in_is_said_to_be_there_and_earns_no_point_yet(run, tmp_path, place):
    path = tmp_path / "checkout" / place
    path.parent.mkdir(exist_ok=True)
    path.write_text(NOTEBOOK)
    assert run().returncode == 0
    result = result_of(tmp_path)
    assert is_a_result(result)
    assert {name: result[name] for name in TEXTS} == {
        "classroom": "cs1", "assignment": "a1-gradient-ascent", "owner": "adal", "submission": USUAL["SUBMISSION_TAG"],
        "commit": USUAL["COMMIT_URL"], "release": USUAL["RELEASE_URL"], "review": USUAL["REVIEW_URL"],
    }  # fmt: skip
    assert result["tests"] == [
        {"test-name": "a1-gradient-ascent.ipynb came in", "passed": True, "score": 0, "max-score": 0}
    ]
    assert "the course's own repository" in (tmp_path / "checkout/release-body.md").read_text()


def leave_nothing(folder):
    pass


def leave_no_json(folder):
    (folder / "a1_gradient_ascent.ipynb").write_text("no JSON")


def leave_deep_json(folder):
    (folder / "a1_gradient_ascent.ipynb").write_text("[" * 100_000)


def leave_a_large_file(folder):
    with (folder / "a1_gradient_ascent.ipynb").open("wb") as file:
        file.truncate(21 << 20)


def leave_a_link(folder):
    (folder / "a1_gradient_ascent.ipynb").symlink_to(folder.parent / "elsewhere.ipynb")
    (folder.parent / "elsewhere.ipynb").write_text(NOTEBOOK)


def leave_a_pipe(folder):
    os.mkfifo(folder / "a1_gradient_ascent.ipynb")


def leave_another_name(folder):
    (folder / "homework.ipynb").write_text(NOTEBOOK)


LEFT = [
    leave_nothing,
    leave_no_json,
    leave_deep_json,
    leave_a_large_file,
    leave_a_link,
    leave_a_pipe,
    leave_another_name,
]


@pytest.mark.parametrize("leave", LEFT)
def test_what_is_no_notebook_of_the_assignment_is_said_to_be_missing(run, tmp_path, leave):
    leave(tmp_path / "checkout")
    assert run().returncode == 0
    result = result_of(tmp_path)
    assert is_a_result(result)
    assert [t["passed"] for t in result["tests"]] == [False]
    assert "expected a1-gradient-ascent.ipynb" in (tmp_path / "checkout/release-body.md").read_text()


HOSTILE = [
    {},
    dict.fromkeys(USUAL, ""),
    dict.fromkeys(USUAL, "../../etc/passwd"),
    dict.fromkeys(USUAL, "x\nstatus=success\n::error::y"),
    dict.fromkeys(USUAL, b"\xff\xfe"),
    dict.fromkeys(USUAL, "x" * 100_000),
    {**USUAL, "ASSIGNMENT": "<script>|*[](x)"},
    {**USUAL, "GITHUB_OUTPUT": "/dev/stdin"},
    {**USUAL, "GITHUB_OUTPUT": "/nowhere/at/all"},
    {**USUAL, "TMPDIR": "/nowhere"},
]


@pytest.mark.parametrize("values", HOSTILE)
def test_whatever_is_in_the_environment_a_whole_result_is_written_and_the_exit_code_is_0(run, tmp_path, values):
    (tmp_path / "checkout/json.py").write_text("raise SystemExit(3)")  # a student's, under a name of Python's
    done = run(values)
    assert done.returncode == 0
    result = result_of(tmp_path)
    submission = result["submission"]
    assert is_a_result({**result, "submission": "submit/x", "assignment_type": "individual"})
    assert submission == "submit/unknown" or "SUBMISSION_TAG" in values
    assert re.fullmatch(r"[\w-]+\.ipynb came in", result["tests"][0]["test-name"])


def test_the_line_beside_the_commit_is_one_line_whatever_the_assignment_is_called(run, tmp_path):
    output = tmp_path / "output"
    output.touch()
    run({**USUAL, "ASSIGNMENT": "a\nstatus=success", "GITHUB_OUTPUT": str(output)})
    lines = output.read_text().splitlines()
    assert [line.partition("=")[0] for line in lines] == ["status", "summary"]
    assert lines[0] == "status=failure"


def test_a_link_that_a_student_left_as_the_result_is_replaced_and_not_written_through(run, tmp_path):
    other = tmp_path / "other"
    other.write_text("mine")
    (tmp_path / "checkout/result.json").symlink_to(other)
    (tmp_path / "checkout/release-body.md").mkdir()
    assert run().returncode == 0
    assert is_a_result(result_of(tmp_path))
    assert other.read_text() == "mine"
    assert not (tmp_path / "checkout/result.json").is_symlink()
    assert (tmp_path / "checkout/release-body.md").is_file()


def test_a_folder_that_a_student_left_as_the_result_is_moved_away(run, tmp_path):
    (tmp_path / "checkout/result.json").mkdir()
    (tmp_path / "checkout/result.json/x").touch()
    assert run().returncode == 0
    assert is_a_result(result_of(tmp_path))


def test_without_an_address_it_calls_nobody_and_starts_no_program(tmp_path, run):
    """Python tells an audit hook of each connection, name look-up and program."""
    watch = tmp_path / "watch.py"
    watch.write_text(
        "import runpy, sys\n"
        "def hook(event, _):\n"
        "    if event.startswith(('socket.connect', 'socket.getaddrinfo', 'subprocess.', 'os.exec', 'os.fork', 'os.system')):\n"
        f"        open({str(tmp_path / 'called')!r}, 'a').write(event)\n"
        "sys.addaudithook(hook)\n"
        "runpy.run_path(sys.argv[1], run_name='__main__')\n"
    )
    assert run(before=[str(watch)]).returncode == 0
    assert is_a_result(result_of(tmp_path))
    assert not (tmp_path / "called").exists()
    assert run(before=[str(watch)], wake="https://127.0.0.1:9/x").returncode == 0
    assert "socket.connect" in (tmp_path / "called").read_text()


def test_an_address_that_refuses_is_no_reason_to_fail(run, tmp_path):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # bound and not listening: it refuses
        assert run(wake=f"https://127.0.0.1:{closed.getsockname()[1]}/x").returncode == 0
    assert is_a_result(result_of(tmp_path))


def test_an_address_that_never_answers_holds_the_runner_for_its_seconds_only(run, tmp_path, monkeypatch):
    """The listener takes the connection and sends one byte at a time, which no timeout of a socket ends."""
    from autograder.ci import classroom50_setup

    quick = tmp_path / "quick.py"
    quick.write_text(classroom50_setup._PROGRAM.read_text().replace("SECONDS = 5.0", "SECONDS = 0.3"))
    monkeypatch.setattr(classroom50_setup, "_PROGRAM", quick)
    ended = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip():
            there, _ = server.accept()
            with there:
                there.recv(1 << 16)
                while not ended.wait(0.1):
                    try:
                        there.send(b"\x16")
                    except OSError:
                        return

        threading.Thread(target=drip, daemon=True).start()
        done = run(wake=f"https://127.0.0.1:{server.getsockname()[1]}/x")
        ended.set()
    assert done.returncode == 0
    assert is_a_result(result_of(tmp_path))


def test_the_result_is_there_before_the_address_is_called(run, tmp_path):
    seen = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def look():
            there, _ = server.accept()
            seen.append(is_a_result(result_of(tmp_path)))
            there.close()

        thread = threading.Thread(target=look, daemon=True)
        thread.start()
        run(wake=f"https://127.0.0.1:{server.getsockname()[1]}/x")
        thread.join(30)
    assert seen == [True]


@pytest.mark.parametrize(
    "wake", ["http://a.example/x", "https://", "https://u:p@a.example/", 'https://a.example/"x', "https://a.example/x\n", "file:///etc/passwd", "https://a b/"]
)  # fmt: skip
def test_an_address_that_is_none_is_refused_in_one_line(wake):
    with pytest.raises(AutograderError, match="--wake: expected an address"):
        receipt_files("cs1", wake)


# The command


@pytest.fixture
def course(tmp_path):
    (tmp_path / "course").mkdir()
    (tmp_path / "course/course.toml").write_text('title = "x"\n')
    return tmp_path / "course"


def init(course, *arguments):
    return CliRunner().invoke(app, ["ci", "init", "--course", str(course), *arguments])


def test_init_writes_githubs_workflow_with_submit_tags_and_releases_and_the_file_for_classroom_50(course):
    done = init(course, "--provider", "classroom50", "--classroom", "cs1")
    assert done.exit_code == 0, done.output
    assert (course / PLACE).read_bytes() == receipt_files("cs1")[PLACE]
    ours = (course / setup.PLACES["github"]).read_text().splitlines()
    github = setup.files("github")[setup.PLACES["github"]].decode().splitlines()
    changed = [line[2:].strip() for line in difflib.ndiff(github[1:], ours[1:]) if line.startswith("+ ")]
    assert [re.sub(r" \$\{DEADLINE.*", "", line) for line in changed] == [
        "run: autograder collect students.csv --branch 'submit/*'",
        "CLASSROOM50_TOKEN: ${{ secrets.CLASSROOM50_TOKEN }} # writes releases and statuses",
        "run: autograder ci classroom50 results feedback --classroom cs1 --submitted work/class/work/submitted",
    ]


def test_the_workflow_for_classroom_50_is_sound(course):
    init(course, "--provider", "classroom50", "--classroom", "cs1")
    path = course / setup.PLACES["github"]
    words = [TOOLS / "zizmor", "--offline", "--no-progress", "--persona", "pedantic", "--format", "json", path]
    found = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)
    assert json.loads(found.stdout) == []
    assert complaints("github-workflows", path.read_text()) == []


def test_a_second_init_replaces_what_the_first_one_wrote(course):
    arguments = ("--provider", "classroom50", "--classroom", "cs1")
    init(course, *arguments)
    before = (course / setup.PLACES["github"]).read_bytes()
    assert init(course, *arguments, "--wake", "https://wake.example.edu/cs1").exit_code == 0
    assert (course / setup.PLACES["github"]).read_bytes() == before
    assert '\nWAKE = "https://wake.example.edu/cs1"  #' in (course / PLACE).read_text()


def test_the_published_file_has_no_word_of_the_grading_side():
    text = receipt_files("cs1")[PLACE].decode()
    assert not re.search(r"^(import|from) autograder|secrets\.|_TOKEN|backprop", text, re.MULTILINE)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--provider", "classroom50"), "--classroom: expected its short name"),
        (("--provider", "classroom50", "--classroom", "CS 1"), "--classroom: expected its short name"),
        (("--provider", "github", "--classroom", "cs1"), "expected with --provider classroom50"),
        (("--provider", "canvas"), "--provider: expected github, gitlab or classroom50, got 'canvas'"),
    ],
)
def test_what_cannot_be_is_one_line_and_nothing_is_written(course, arguments, said):
    done = init(course, *arguments)
    assert done.exit_code != 0
    assert said in str(done.exception) + done.output
    assert [path.name for path in course.iterdir() if path.name != "work"] == ["course.toml"]
