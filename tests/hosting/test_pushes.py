"""When a commit came in: by the server's clock."""

from datetime import UTC, datetime

import pytest
from hosting.stand_in import Clock, Hosts
from hosting.test_api import GITHUB, api_of

from autograder.errors import HostError
from autograder.hosting.pushes import Push, pushes
from autograder.hosting.server import Server

GITLAB = Server("gitlab", "https://gitlab.com", "https://gitlab.com/api/v4", "a-token")
A, B = "a" * 40, "b" * 40
MONDAY, TUESDAY, FRIDAY = (datetime(2026, 10, day, 21, 59, tzinfo=UTC) for day in (12, 13, 16))


@pytest.fixture(params=[GITHUB, GITLAB], ids=["github", "gitlab"])
def server(request):
    return request.param


def test_every_push_is_listed_with_its_branch_and_the_servers_time_the_newest_first(server):
    hosts = Hosts()
    for commit, when, branch in ((A, MONDAY, "draft"), (B, TUESDAY, "main"), (A, FRIDAY, "main")):
        hosts.push("school/ada", commit, when, branch)
    assert [(push.commit, push.received, push.branch) for push in pushes(api_of(hosts, server), "school/ada")] == [
        (A, FRIDAY, "main"),
        (B, TUESDAY, "main"),
        (A, MONDAY, "draft"),
    ]


def test_a_project_in_a_subgroup_is_one_part_of_the_address():
    hosts = Hosts()
    hosts.push("school/autumn/ada", A, MONDAY)
    assert [push.received for push in pushes(api_of(hosts, GITLAB), "school/autumn/ada")] == [MONDAY]


def test_a_repository_that_nobody_may_see_is_an_error(server):
    with pytest.raises(HostError) as caught:
        list(pushes(api_of(Hosts(), server), "school/nobody"))
    assert caught.value.kind == "absent"


def test_an_answer_in_another_form_is_an_error_and_no_time(server):
    import httpx

    hosts = Hosts(Clock())
    hosts.faults.append(httpx.Response(200, json=[{"after": A, "timestamp": "soon", "created_at": "soon"}]))
    with pytest.raises(HostError, match="another form"):
        list(pushes(api_of(hosts, server), "school/ada"))


def test_many_branches_at_once_are_a_push_of_which_nobody_knows_the_commit():
    """As GitLab answers: one event, in which the commit and the branch are null."""
    hosts = Hosts()
    hosts.push("school/ada", A, MONDAY)
    hosts.push("school/ada", "", FRIDAY)
    assert [*pushes(api_of(hosts, GITLAB), "school/ada")] == [Push("", "", FRIDAY), Push(A, "main", MONDAY)]
