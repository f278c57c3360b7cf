"""The interface to GitHub and GitLab: its pages, its patience, and its limits."""

import gzip

import httpx
import pytest
from hosting.stand_in import Clock, Hosts, serve

from autograder.errors import AutograderError, HostError
from autograder.hosting.api import Api
from autograder.hosting.pace import Pace
from autograder.hosting.server import Server, server_of

GITHUB = Server("github", "https://github.com", "https://api.github.com", "a-token")


def api_of(hosts, server=GITHUB, *, windows=(), patience=120.0):
    pace = Pace(windows, hosts.clock, hosts.clock.sleep)
    return Api(server, transport=hosts, pace=pace, patience=patience)


def test_every_page_of_a_list_is_read():
    hosts = Hosts()
    from hosting.stand_in import START

    for number in range(250):
        hosts.push("school/ada", f"{number:040x}", START)
    assert len(list(api_of(hosts).pages("repos/school/ada/activity"))) == 250
    assert len(hosts.calls) == 3


def test_a_list_within_a_field_is_read_through_its_pages_too():
    hosts = Hosts()
    for number in range(250):
        hosts["school/ada"].checks[number] = {"id": number, "head_sha": "a", "name": "x"}
    runs = list(api_of(hosts).pages("repos/school/ada/commits/a/check-runs", "check_runs"))
    assert [run["id"] for run in runs] == list(range(250))
    with pytest.raises(HostError, match="expected a list"):
        list(api_of(hosts).pages("repos/school/ada/commits/a/check-runs", "runs"))


@pytest.mark.parametrize(
    "address",
    ["https://evil.example/x", "http://api.github.com/x", "https://api.github.com:8443/x", "/x", "https://[", "x\0"],
)
def test_a_next_page_on_another_server_is_not_asked_for(address):
    """Nor one on another port, or without TLS: the token would go there."""
    hosts = Hosts()
    hosts.faults.append(httpx.Response(200, json=[], headers={"link": f'<{address}>; rel="next"'}))
    with pytest.raises(HostError, match="same server"):
        list(api_of(hosts).pages("repos/school/ada/activity"))


def test_an_answer_that_grows_without_end_is_cut_off():
    hosts = Hosts()
    bomb = gzip.compress(b"[" + b" " * (80 << 20) + b"]")
    hosts.faults.append(httpx.Response(200, content=bomb, headers={"content-encoding": "gzip"}))
    with pytest.raises(HostError, match="at most 64 MiB, got more") as caught:
        api_of(hosts).get("repos/school/ada")
    assert (caught.value.kind, len(hosts.calls)) == ("failed", 1)


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000, "\xff", "[", "NaN, 1"])
def test_an_answer_that_is_no_json_is_one_line(text):
    hosts = Hosts()
    hosts.faults.append(httpx.Response(200, text=text))
    with pytest.raises(HostError, match="expected JSON, got something else"):
        api_of(hosts).get("repos/school/ada")


def test_what_is_only_read_is_asked_again_after_a_fault():
    hosts = Hosts()
    hosts["school/ada"]
    hosts.faults += [httpx.ConnectError("no route"), httpx.Response(502, text="bad gateway"), httpx.ReadTimeout("slow")]
    assert list(api_of(hosts).pages("repos/school/ada/activity")) == []
    assert hosts.clock.slept == [1.0, 4.0, 15.0]


def test_a_server_that_never_answers_is_said_after_four_tries():
    hosts = Hosts()
    hosts.faults += [httpx.ConnectError("no route")] * 9
    with pytest.raises(HostError, match="expected an answer, got no route") as caught:
        api_of(hosts).get("repos/school/ada")
    assert (caught.value.kind, len(hosts.calls)) == ("unreachable", 4)


def test_what_is_written_is_sent_once_because_it_may_have_arrived():
    hosts = Hosts()
    hosts.faults.append(httpx.Response(502, text="bad gateway"))
    with pytest.raises(HostError, match="502"):
        api_of(hosts).write("POST", "repos/school/ada/x", {"body": "x"})
    assert len(hosts.calls) == 1


def test_a_wait_that_the_server_asks_for_is_kept_once():
    hosts = Hosts()
    hosts["school/ada"]
    hosts.faults.append(httpx.Response(429, headers={"retry-after": "7"}))
    assert api_of(hosts).get("repos/school/ada/activity") == []
    assert hosts.clock.slept == [7.0]


@pytest.mark.parametrize(
    "headers",
    [{"retry-after": "3600"}, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1790812800", "date": "Thu, 01 Oct 2026 00:00:00 GMT"}],
)  # fmt: skip
def test_a_limit_that_is_too_far_away_stops_at_once(headers):
    """1790812800 is 2026-10-01 00:00 UTC; the date of the answer below is an hour earlier."""
    if "date" in headers:
        headers = {**headers, "date": "Wed, 30 Sep 2026 23:00:00 GMT"}
    hosts = Hosts()
    hosts.faults.append(httpx.Response(403, json={"message": "x"}, headers=headers))
    with pytest.raises(HostError, match="got 3600 s") as caught:
        api_of(hosts).get("repos/school/ada/activity")
    assert (caught.value.kind, hosts.clock.slept) == ("limit", [])


def test_a_403_without_a_limit_is_a_missing_right():
    hosts = Hosts()
    hosts.faults.append(httpx.Response(403, json={"message": "Resource not accessible by personal access token"}))
    with pytest.raises(HostError, match="may not do this") as caught:
        api_of(hosts).get("repos/school/ada/activity")
    assert caught.value.kind == "refused"


def test_the_pace_keeps_below_every_window():
    """3 in 10 s and 5 in 100 s, all at once: at 0 0 0 10 10, and the sixth 100 s after the first."""
    clock = Clock()
    pace = Pace(((3, 10.0), (5, 100.0)), clock, clock.sleep)
    times = []
    for _ in range(6):
        clock.sleep(pace.wait())
        pace.sent()
        times.append(clock())
    assert times == [0, 0, 0, 10, 10, 100]


def test_no_message_holds_the_token():
    hosts = Hosts(tokens=["another"])
    with pytest.raises(HostError, match="token is not accepted") as caught:
        api_of(hosts).get("repos/school/ada/activity")
    assert "a-token" not in str(caught.value) + repr(GITHUB)


@pytest.mark.parametrize(
    ("environment", "server"),
    [
        ({}, ("github", "https://github.com", "https://api.github.com")),
        ({"GITHUB_SERVER_URL": "https://ghe.example", "GITHUB_API_URL": "https://ghe.example/api/v3"}, ("github", "https://ghe.example", "https://ghe.example/api/v3")),
        ({"CI_SERVER_URL": "https://git.uni.example", "CI_API_V4_URL": "https://git.uni.example/api/v4"}, ("gitlab", "https://git.uni.example", "https://git.uni.example/api/v4")),
        ({"AUTOGRADER_GIT_SERVER": "https://gitlab.com"}, ("gitlab", "https://gitlab.com", "https://gitlab.com/api/v4")),
        ({"AUTOGRADER_GIT_SERVER": "https://ghe.example"}, ("github", "https://ghe.example", "https://ghe.example/api/v3")),
    ],
)  # fmt: skip
def test_the_server_is_the_one_that_the_job_is_told(environment, server):
    found = server_of({**environment, "TOKEN": " secret\n"}, "TOKEN")
    assert ((found.kind, found.address, found.api), found.token) == (server, "secret")


def test_a_token_never_leaves_this_machine_in_plain_text():
    with pytest.raises(AutograderError, match="https://"):
        server_of({"GITHUB_API_URL": "http://api.example", "TOKEN": "x"}, "TOKEN")


@pytest.mark.parametrize(
    ("kind", "remote", "path"),
    [
        ("github", "https://github.com/school/ada.git", "school/ada"),
        ("github", "git@github.com:school/ada", "school/ada"),
        ("github", "ssh://git@github.com/school/ada.git/", "school/ada"),
        ("github", "https://token@github.com/school/ada", "school/ada"),
        ("github", "https://github.com/school/sub/ada", None),
        ("github", "https://github.com.evil.example/school/ada", None),
        ("github", "https://github.com/../ada", None),
        ("github", "/tmp/ada.git", None),
        ("gitlab", "https://gitlab.com/school/autumn/ada.git", "school/autumn/ada"),
        ("gitlab", "https://github.com/school/ada", None),
    ],
)
def test_a_remote_is_a_repository_of_its_own_server_only(kind, remote, path):
    assert Server(kind, f"https://{kind}.com", "https://x").repository(remote) == path


def test_the_stand_in_answers_behind_a_real_port():
    hosts = Hosts()
    hosts["school/ada"]
    with serve(hosts) as address, Api(Server("github", address, address)) as api:
        assert api.get("repos/school/ada/activity") == []
