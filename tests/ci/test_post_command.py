"""`autograder ci post` as a job runs it: against a server behind a port, with its limits, and what it prints."""

import os
from datetime import UTC, datetime

import httpx
import pytest
from ci.test_feedback_pages import Class
from hosting.stand_in import Clock, Hosts, serve
from typer.testing import CliRunner

from autograder.cli.main import app

COMMANDS = CliRunner()


class RealClock(Clock):
    """The stand-in's limits on the time of the command."""

    def __call__(self):
        return datetime.now(UTC).timestamp()


@pytest.fixture
def class_(tmp_path):
    return Class(tmp_path)


@pytest.fixture
def post(class_, monkeypatch):
    """post(*options) runs the command for two students; gives the result and the server."""
    hosts = Hosts(RealClock(), tokens=["a-token"])
    for student in ("ada", "bob"):
        class_.student(student, page=f"{student}: `$(touch owned)` ::error::x")
        hosts[f"school/{student}"]
    people = [f"{p.id},{p.remote}" for p in class_.people]
    (class_.root / "students.csv").write_text("\n".join(["id,remote", *people]) + "\n")
    for name in [n for n in os.environ if n.startswith(("GITHUB_", "CI_", "AUTOGRADER_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AUTOGRADER_FEEDBACK_TOKEN", "a-token\n")
    folders = ["--submitted", str(class_.root / "submitted"), "--course", str(class_.root)]
    with serve(hosts) as address:
        monkeypatch.setenv("GITHUB_API_URL", address)

        def run(*options):
            return COMMANDS.invoke(app, ["ci", "post", str(class_.root / "feedback"), *folders, *options])

        run.hosts = hosts
        yield run


def bodies(hosts):
    return {path: [i["body"] for i in r.issues.values()] for path, r in hosts.repositories.items()}


def test_two_runs_write_one_issue_a_student_and_say_so(post, class_):
    first, second = post(), post()
    assert (first.exit_code, second.exit_code) == (0, 0), first.output
    assert "2 created, 0 edited, 0 unchanged, 0 not begun, 0 failed, 0 left" in first.output
    assert "0 created, 0 edited, 2 unchanged, 0 not begun, 0 failed, 0 left" in second.output
    (ada,) = bodies(post.hosts)["school/ada"]
    assert ada.startswith("ada: `$(touch owned)` ::error::x\n")
    assert not list(class_.root.rglob("owned"))


def test_on_gitlab_the_same_command_writes_the_same_issues(post, class_, monkeypatch):
    address = os.environ["GITHUB_API_URL"]
    monkeypatch.setenv("CI_API_V4_URL", f"{address}/api/v4")
    monkeypatch.setenv("CI_SERVER_URL", "https://gitlab.com")
    text = (class_.root / "students.csv").read_text()
    (class_.root / "students.csv").write_text(text.replace("github.com", "gitlab.com"))
    assert "2 created" in post().output
    assert "2 unchanged" in post().output
    assert [len(each) for each in bodies(post.hosts).values()] == [1, 1]
    assert "GitLab has no check runs" in str(post("--as", "check").exception or post("--as", "check").output)


def test_a_dry_run_prints_what_would_be_written_and_writes_nothing(post):
    rehearsal = post("--dry-run")
    assert rehearsal.exit_code == 0
    assert "POST repos/school/ada/issues\ntitle: Feedback: a1\nbody: ada: `$(touch owned)`" in rehearsal.output
    assert "Nothing was written. It would be: 2 created" in rehearsal.output
    assert bodies(post.hosts) == {"school/ada": [], "school/bob": []}
    post()
    assert "POST" not in post("--dry-run").output


def test_a_limit_is_said_with_the_number_that_is_left_and_the_next_run_goes_on(post):
    limit = httpx.Response(429, json={"message": "slow down"}, headers={"retry-after": "3600"})
    post.hosts.faults += [None, None, None, None, limit]  # the user, ada's issues, ada's note, bob's issues, bob's note
    stopped = post()
    assert stopped.exit_code == 1
    assert "1 created, 0 edited, 0 unchanged, 0 not begun, 0 failed, 1 left" in stopped.output
    assert "1 of 2 left for the next run: expected to wait 120 s at most, got 3600 s" in " ".join(
        stopped.output.split()
    )
    assert "1 created, 0 edited, 1 unchanged" in post().output


def test_a_student_who_is_not_reached_is_named_and_the_exit_code_is_1(post):
    del post.hosts.repositories["school/ada"]
    done = post()
    assert done.exit_code == 1
    assert "1 created, 0 edited, 0 unchanged, 0 not begun, 1 failed, 0 left" in done.output
    assert "a1, ada: school/ada: expected issues, got none." in done.output


@pytest.mark.parametrize(("token", "said"), [("", "$AUTOGRADER_FEEDBACK_TOKEN: expected a token of https://"), ("old", "the token is not accepted")])  # fmt: skip
def test_without_a_token_that_the_server_takes_the_command_ends_before_the_first_student(
    post, monkeypatch, token, said
):
    monkeypatch.setenv("AUTOGRADER_FEEDBACK_TOKEN", token)
    done = post()
    assert done.exit_code != 0
    assert said in str(done.exception)
    assert bodies(post.hosts) == {"school/ada": [], "school/bob": []}


def test_an_unknown_kind_is_misuse(post):
    assert "--as: expected comment or check, got 'mail'" in str(post("--as", "mail").exception)
