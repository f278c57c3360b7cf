"""When a commit came in: by the server's clock."""

from datetime import UTC, datetime

import pytest
from hosting.stand_in import Clock, Hosts
from hosting.test_api import GITHUB, api_of

from autograder.errors import HostError
from autograder.hosting.pushes import Push, pushes, received
from autograder.hosting.server import Server

GITLAB = Server("gitlab", "https://gitlab.com", "https://gitlab.com/api/v4", "a-token")
A, B = "a" * 40, "b" * 40
MONDAY, TUESDAY, FRIDAY = (datetime(2026, 10, day, 21, 59, tzinfo=UTC) for day in (12, 13, 16))


@pytest.fixture(params=[GITHUB, GITLAB], ids=["github", "gitlab"])
def server(request):
    return request.param


def test_a_commit_came_when_it_was_pushed_first(server):
    """A on Monday, B on Tuesday, and A again on Friday: A had come on Monday."""
    hosts = Hosts()
    for commit, when in ((A, MONDAY), (B, TUESDAY), (A, FRIDAY)):
        hosts.push("school/ada", commit, when)
    api = api_of(hosts, server)
    assert received(api, "school/ada", A) == MONDAY
    assert received(api, "school/ada", B) == TUESDAY
    assert [push.commit for push in pushes(api, "school/ada")] == [A, B, A]


def test_a_commit_that_was_pushed_to_another_branch_first_came_then(server):
    hosts = Hosts()
    hosts.push("school/ada", A, MONDAY, "draft")
    hosts.push("school/ada", A, FRIDAY)
    assert received(api_of(hosts, server), "school/ada", A) == MONDAY


def test_of_a_commit_that_the_server_does_not_name_nothing_is_said(server):
    hosts = Hosts()
    hosts.push("school/ada", A, MONDAY)
    assert received(api_of(hosts, server), "school/ada", B) is None


def test_a_project_in_a_subgroup_is_one_part_of_the_address():
    hosts = Hosts()
    hosts.push("school/autumn/ada", A, MONDAY)
    assert received(api_of(hosts, GITLAB), "school/autumn/ada", A) == MONDAY


def test_a_repository_that_nobody_may_see_is_an_error(server):
    with pytest.raises(HostError) as caught:
        received(api_of(Hosts(), server), "school/nobody", A)
    assert caught.value.kind == "absent"


def test_an_answer_in_another_form_is_an_error_and_no_time(server):
    import httpx

    hosts = Hosts(Clock())
    hosts.faults.append(httpx.Response(200, json=[{"after": A, "timestamp": "soon", "created_at": "soon"}]))
    with pytest.raises(HostError, match="another form"):
        received(api_of(hosts, server), "school/ada", A)


def test_many_branches_at_once_are_a_push_of_which_nobody_knows_the_commit():
    """As GitLab answers: one event, in which the commit and the branch are null."""
    hosts = Hosts()
    hosts.push("school/ada", A, MONDAY)
    hosts.push("school/ada", "", FRIDAY)
    assert [*pushes(api_of(hosts, GITLAB), "school/ada")] == [Push("", "", FRIDAY), Push(A, "main", MONDAY)]
