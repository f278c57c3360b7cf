"""Who the token's user is, on GitHub's server and on an Enterprise Server, and what is sent to make and change a note."""

import json

import httpx
import pytest
from ci.test_post import A, message

from autograder.ci.on_github import CheckRuns, GitHubIssues, user_of
from autograder.ci.post import bring_up_to_date
from autograder.errors import HostError
from autograder.hosting.api import Api
from autograder.hosting.server import Server


class Recorded:
    """Answers in turn; keeps the requests as (method, address, body)."""

    def __init__(self, *answers):
        self.answers, self.requests = list(answers), []

    def api(self, address="https://api.github.com"):
        transport = httpx.MockTransport(self._answer)
        return Api(Server("github", "https://github.com", address, "t"), transport=transport)

    def _answer(self, request):
        self.requests.append((request.method, str(request.url), json.loads(request.content or b"null")))
        return httpx.Response(200, json=self.answers.pop(0))


VIEWER = {"data": {"viewer": {"login": "grader[bot]"}}}


@pytest.mark.parametrize(
    ("address", "graphql"),
    [("https://api.github.com", "https://api.github.com/graphql"), ("https://ghe.example/api/v3", "https://ghe.example/api/graphql")],
)  # fmt: skip
def test_the_user_is_asked_of_graphql_which_knows_apps_too(address, graphql):
    server = Recorded(VIEWER)
    assert user_of(server.api(address)) == "grader[bot]"
    assert [request[:2] for request in server.requests] == [("POST", graphql)]


@pytest.mark.parametrize("answer", [{}, {"data": {"viewer": None}}, {"errors": [{"message": "x"}]}, [], None])
def test_without_a_user_no_note_can_be_ours(answer):
    with pytest.raises(HostError, match="another form"):
        user_of(Recorded(answer).api())


def test_a_new_issue_has_a_title_the_text_and_the_hidden_line():
    server = Recorded(VIEWER, [], {})
    assert bring_up_to_date(GitHubIssues(server.api()), message(logins=("ada-l",))) == "created"
    method, address, body = server.requests[-1]
    assert (method, address) == ("POST", "https://api.github.com/repos/school/ada/issues")
    assert body == {
        "title": "Feedback: a1",
        "body": f"3 of 4\n\n---\nCommit {A}. @ada-l\n\n<!-- autograder a1 {message().digest} -->\n",
    }
    assert server.requests[1][1].endswith("/issues?per_page=100&state=all&sort=created&direction=asc")


def test_a_check_run_is_changed_without_its_commit_which_cannot_change():
    run = {"id": 7, "app": {"slug": "grader"}, "external_id": "old"}
    server = Recorded(VIEWER, {"total_count": 1, "check_runs": [run]}, {})
    assert bring_up_to_date(CheckRuns(server.api()), message("4 of 4")) == "edited"
    method, address, body = server.requests[-1]
    assert (method, address) == ("PATCH", "https://api.github.com/repos/school/ada/check-runs/7")
    assert "head_sha" not in body
    assert (body["output"]["title"], body["external_id"]) == ("4 of 4", message("4 of 4").digest)
