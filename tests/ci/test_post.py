"""Feedback to the students' commits: what reaches `gh`, and what a hostile list, page or answer can do."""

import json
import os
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from ci.classroom import calls, fake_gh
from pydantic import ValidationError

from autograder.ci.post import Feedback, Posted, find, post
from autograder.intake.git_token import git_settings
from autograder.intake.placing import Arrival, place
from autograder.intake.received import Received, Trust
from autograder.roster.roster import Person

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture
def gh(tmp_path, monkeypatch):
    """A `gh` that writes down what it is asked for."""
    folder = fake_gh(tmp_path / "bin")
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return folder


@pytest.fixture
def feedback():
    return Feedback("ada", "a1", "school/ada", COMMIT, "3 of 4 `$(touch owned)` ::error::x")


def test_the_feedback_is_a_comment_on_the_commit_and_travels_in_a_file(gh, feedback, tmp_path):
    assert post(feedback, "comment") == Posted("ada", "a1", "posted")
    (asked, nothing), (sent, body) = calls(gh)
    address = f"repos/school/ada/commits/{COMMIT}/comments"
    assert (asked, nothing) == (["api", "--method", "GET", f"{address}?per_page=100"], None)
    assert sent == ["api", "--method", "POST", address]
    assert body["body"].startswith("3 of 4 `$(touch owned)` ::error::x\n")
    assert not list(tmp_path.rglob("owned"))


def test_the_same_feedback_is_not_said_again_and_another_is(gh, feedback):
    (gh / "answer").write_text(json.dumps([{"body": None}, {"body": f"…\n{feedback.mark}\n"}]))
    assert post(feedback, "comment").outcome == "unchanged"
    assert [call[0][2] for call in calls(gh)] == ["GET"]
    changed = Feedback("ada", "a1", "school/ada", COMMIT, "4 of 4")
    assert post(changed, "comment").outcome == "posted"


def test_a_check_run_is_what_publish_wrote_for_that_commit(gh, feedback):
    body = {"name": "autograder: a1", "head_sha": COMMIT, "output": {"title": "3 of 4", "summary": "`$(x)`"}}
    assert post(replace(feedback, check=body), "check").outcome == "posted"
    ((asked, sent),) = calls(gh)
    assert asked == ["api", "--method", "POST", "repos/school/ada/check-runs"]
    assert sent == body
    assert "no check run for that commit" in post(feedback, "check").reason


@pytest.mark.parametrize(
    ("text", "taken"),
    [(json.dumps({"head_sha": COMMIT}), True), (json.dumps({"head_sha": COMMIT[::-1]}), False), ("[]", False), ("x", False)],
)  # fmt: skip
def test_a_check_run_about_another_commit_is_not_taken(graded, tmp_path, text, taken):
    graded("https://github.com/school/ada")
    tmp_path.joinpath("feedback", "a1", "ada.check.json").write_text(text)
    (found,) = find(tmp_path / "feedback", tmp_path / "submitted", (Person("ada", remote="git@github.com:school/ada"),))
    assert (found.check is not None) == taken


def test_a_student_who_cannot_be_reached_is_named_and_costs_nobody_else(gh, feedback):
    (gh / "broken").touch()
    failed = post(feedback, "comment")
    assert failed.outcome == "failed"
    assert "HTTP 404" in failed.reason


@pytest.fixture
def graded(tmp_path):
    """graded(student, remote, commit) makes a page and a record; gives what `find` makes of it."""

    def make(remote, commit=COMMIT, student="ada"):
        page = tmp_path / "feedback" / "a1" / f"{student}.md"
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text("4 of 4")
        now = datetime.now(UTC)
        record = Received(
            schema=1, student=student, assignment="a1", kind="git", source="x", file="a1.ipynb",
            notebook_sha256="44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
            received_at=now, clock="collecting", collected_at=now, commit=commit,
        )  # fmt: skip
        place(tmp_path / "submitted", Arrival(b"{}", record), Trust(b"secret"))
        (found,) = find(tmp_path / "feedback", tmp_path / "submitted", (Person("ada", remote=remote),))
        return found

    return make


@pytest.mark.parametrize(
    "remote",
    ["https://github.com/school/ada-a1", "https://github.com/school/ada-a1.git", "git@github.com:school/ada-a1.git",
     "ssh://git@github.com/school/ada-a1.git", "https://user@github.com/school/ada-a1/"],
)  # fmt: skip
def test_the_repository_is_the_one_of_the_list(graded, remote):
    found = graded(remote)
    assert (found.repository, found.commit, found.text) == ("school/ada-a1", COMMIT, "4 of 4")


@pytest.mark.parametrize(
    "remote",
    ["", "/srv/git/ada.git", "https://github.com/ada", "https://github.com/school/../../user", "https://github.com/a/b/c",
     "https://github.com/school/ada?x=1", "https://github.com/school/ada --hostname evil", "git@github.com:-x/ada", "https://gitlab.com/school/ada", "https://github.com.evil.example/school/ada"],
)  # fmt: skip
def test_a_remote_that_is_no_repository_on_github_is_said_and_never_asked_for(graded, remote):
    assert graded(remote).reason == "students.csv names no repository on github.com"


def test_without_a_commit_nothing_is_posted(graded):
    assert graded("https://github.com/school/ada", "").reason == "no commit is recorded"


@pytest.mark.parametrize("commit", ["abc", "0" * 39, "main"])
def test_a_record_of_half_a_commit_is_no_record(graded, commit):
    with pytest.raises(ValidationError):
        graded("https://github.com/school/ada", commit)


def test_a_page_of_somebody_who_is_not_on_the_list_is_not_posted(graded):
    assert graded("https://github.com/school/ada", student="mallory").outcome == "failed"


def test_the_token_goes_to_the_providers_server_and_to_no_other():
    given = git_settings({"AUTOGRADER_GIT_TOKEN": "t\n", "GITHUB_SERVER_URL": "https://ghe.example"})
    assert given["GIT_CONFIG_KEY_0"] == "http.https://ghe.example/.extraHeader"
    assert given["GIT_CONFIG_VALUE_0"] == "Authorization: Basic eC1hY2Nlc3MtdG9rZW46dA=="  # base64 of x-access-token:t
    assert git_settings({"AUTOGRADER_GIT_TOKEN": "t", "CI_SERVER_URL": "http://plain.example"}) == {}
    assert git_settings({"GITHUB_SERVER_URL": "https://github.com"}) == {}
