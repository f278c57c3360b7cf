"""The students' repositories: made from the starter, checked where they are there, and entered into the list."""

import re

import httpx
import pytest
from commands import process, program
from hosting.stand_in import Hosts, serve

from autograder.ci.repos.github_repos import GitHub
from autograder.ci.repos.gitlab_repos import GitLab
from autograder.ci.repos.providing import Outcome, PlannedRepository, hand_out, plan, provide
from autograder.errors import AutograderError, HostError
from autograder.hosting.api import Api
from autograder.hosting.pace import GITHUB_WRITES, Pace
from autograder.hosting.server import Server
from autograder.roster.roster import Person

SERVERS = {
    "github": Server("github", "https://github.com", "https://api.github.com", "t"),
    "gitlab": Server("gitlab", "https://gitlab.com", "https://gitlab.com/api/v4", "t"),
}
STARTER = "school/starter"
BOTH = pytest.mark.parametrize("kind", ["github", "gitlab"])


def school(students=("ada", "bob"), **fields):
    """A server with the starter and the students' accounts, and no repository of theirs."""
    hosts = Hosts(**fields)
    hosts.create(STARTER, template=True, files={"README.md": b"x"})
    hosts.users = {f"{s}-login": 100 + number for number, s in enumerate(students)}
    return hosts


def people(*students):
    return [Person(s, github=f"{s}-login", gitlab=f"{s}-login") for s in students]


def run(hosts, kind, students, *, windows=(), **options):
    """{student: outcome} of one run."""
    api = Api(SERVERS[kind], transport=hosts, pace=Pace(windows, hosts.clock, hosts.clock.sleep))
    host = (GitHub if kind == "github" else GitLab)(api, STARTER, "school")
    assert list(host.warnings()) == []
    return {o.student: o for o in provide(host, plan(SERVERS[kind], students, STARTER, "school", **options))}


# From nothing


@BOTH
def test_each_student_gets_a_private_repository_from_the_starter_and_may_push(kind):
    hosts = school()
    outcomes = run(hosts, kind, people("ada", "bob"))
    assert {s: (o.state, o.path) for s, o in outcomes.items()} == {
        s: ("created", f"school/{s}-starter") for s in ("ada", "bob")
    }
    ada = hosts["school/ada-starter"]
    assert (ada.private, ada.made_from, ada.files) == (True, hosts[STARTER].number, {"README.md": b"x"})
    if kind == "github":
        assert ada.invited == [{"login": "ada-login", "expired": False}]
        assert outcomes["ada"].reason == "invited"
    else:
        assert (ada.rights, ada.protected) == ({100: 30}, {"main": 30})


@BOTH
def test_a_second_run_changes_nothing(kind):
    hosts = school()
    run(hosts, kind, people("ada", "bob"))
    writes = len(hosts.created)
    assert {o.state for o in run(hosts, kind, people("ada", "bob")).values()} == {"exists"}
    assert len(hosts.created) == writes


@BOTH
def test_a_repository_that_the_server_fills_later_is_waited_for(kind):
    hosts = school()
    assert run(hosts, kind, people("ada"))["ada"].state == "created"
    assert hosts.clock.slept == [1.0, 2.0]  # it is filled after 3 seconds


@BOTH
def test_one_that_stays_empty_is_wrong_and_in_order_when_it_is_filled(kind):
    hosts = school()
    hosts.fills_after = 100.0
    outcome = run(hosts, kind, people("ada"))["ada"]
    assert (outcome.state, "still empty" in outcome.reason) == ("wrong", True)
    hosts.clock.now = 200.0
    assert run(hosts, kind, people("ada"))["ada"].state == "exists"


@BOTH
def test_a_run_that_is_stopped_goes_on(kind):
    hosts = school(("ada", "bob", "eve"))
    hosts.faults += [None] * 7 + [httpx.ConnectError("cut")] * 4  # in the middle of bob's
    with pytest.raises(HostError):
        run(hosts, kind, people("ada", "bob", "eve"))
    states = {s: o.state for s, o in run(hosts, kind, people("ada", "bob", "eve")).items()}
    assert states["ada"] == "exists"
    assert states["eve"] == "created"
    assert len([path for path in hosts.repositories if path != STARTER]) == 3


def test_the_limit_of_an_hour_stops_the_run_and_the_next_one_goes_on():
    """Two writes a student, 500 an hour: 250 students."""
    students = tuple(f"s{n:03}" for n in range(260))
    hosts = school(students)
    done = []
    api = Api(SERVERS["github"], transport=hosts, pace=Pace(GITHUB_WRITES, hosts.clock, hosts.clock.sleep))
    host = GitHub(api, STARTER, "school")
    list(host.warnings())
    with pytest.raises(HostError) as caught:
        for outcome in provide(host, plan(SERVERS["github"], people(*students), STARTER, "school")):
            done.append(outcome)  # noqa: PERF402
    assert caught.value.kind == "limit"
    assert [o.state for o in done] == ["created"] * 250
    hosts.clock.now += 3600
    states = [o.state for o in run(hosts, "github", people(*students), windows=GITHUB_WRITES).values()]
    assert (states.count("exists"), states.count("created")) == (250, 10)


# Already there


@pytest.mark.parametrize(
    ("kind", "fields", "reason"),
    [
        ("github", {"private": False}, "it is public: everybody can read it"),
        ("gitlab", {"private": False}, "it is public: others can read it"),
        ("github", {"made_from": 77}, "it was not made from school/starter"),
        ("gitlab", {"made_from": 77}, "it is no fork of school/starter"),
        ("github", {"archived": True}, "it is archived: nobody can push"),
        ("gitlab", {"archived": True}, "it is archived: nobody can push"),
        ("github", {"rights": {"ada-login": "admin"}}, "ada-login is an administrator of it, and could make it public"),
        ("gitlab", {"rights": {100: 40}}, "the student has more rights than a Developer"),
    ],
)
def test_a_repository_that_is_not_as_it_should_be_is_told_and_left_as_it_is(kind, fields, reason):
    hosts = school()
    hosts.create("school/ada-starter", **{"made_from": hosts[STARTER].number, **fields})
    outcome = run(hosts, kind, people("ada"))["ada"]
    assert (outcome.state, outcome.reason) == ("wrong", reason)
    assert len(hosts.created) == 0


@pytest.mark.parametrize(
    ("kind", "fields", "after"),
    [
        ("github", {"rights": {"ada-login": "read"}}, ["ada-login"]),
        ("github", {"invited": [{"login": "ada-login", "expired": True}]}, ["ada-login", "ada-login"]),
        ("github", {"invited": [{"login": "Ada-Login", "expired": False}]}, ["Ada-Login"]),
        ("gitlab", {"rights": {100: 10}}, {100: 30}),
        ("gitlab", {}, {100: 30}),
    ],
)
def test_a_student_without_access_gets_it_and_one_who_is_invited_is_not_invited_again(kind, fields, after):
    hosts = school()
    ada = hosts.create("school/ada-starter", made_from=hosts[STARTER].number, **fields)
    assert run(hosts, kind, people("ada"))["ada"].state == "exists"
    assert ([i["login"] for i in ada.invited] if kind == "github" else ada.rights) == after


def test_a_member_of_the_organization_needs_no_invitation():
    hosts = school()
    hosts.members = {"ada-login"}
    assert run(hosts, "github", people("ada"))["ada"] == Outcome("ada", "school/ada-starter", "created")


def test_a_student_who_can_read_the_whole_group_is_told():
    hosts = school()
    hosts.members = {100}
    outcome = run(hosts, "gitlab", people("ada"))["ada"]
    assert (outcome.state, "sees everybody's work" in outcome.reason) == ("wrong", True)


def test_an_organization_that_shows_all_repositories_to_its_members_is_told():
    hosts = school()
    hosts.base_permission = "read"
    (warning,) = GitHub(Api(SERVERS["github"], transport=hosts), STARTER, "school").warnings()
    assert "every member of the organization may read all its repositories" in warning


def test_a_starter_that_is_no_template_is_refused_before_anything_is_made():
    hosts = school()
    hosts[STARTER].template = False
    with pytest.raises(AutograderError, match="expected a template repository"):
        run(hosts, "github", people("ada"))
    assert len(hosts.created) == 0


# Whose repository it is


@BOTH
def test_a_student_without_a_user_name_and_one_with_a_wrong_one_get_one_line_and_cost_nobody_else(kind):
    hosts = school()
    students = [Person("eve"), Person("mia", github="nobody", gitlab="nobody"), *people("ada")]
    outcomes = run(hosts, kind, students)
    assert outcomes["eve"].reason == f"the roster has no user name of this student in its column {kind}"
    assert outcomes["mia"].reason == "there is no account nobody"
    assert outcomes["ada"].state == "created"


def test_an_organization_is_no_student():
    hosts = school()
    hosts.users["org-x"] = 7
    assert run(hosts, "github", [Person("x", github="org-x")])["x"].reason == "there is no account org-x"


@pytest.mark.parametrize("login", ["../..", "a/b", "x?y", "a b", "-x", "%2e"])
def test_a_user_name_that_is_none_is_never_asked_for(login):
    hosts = school()
    outcome = run(hosts, "github", [Person("x", github=login)])["x"]
    assert (outcome.state, len(hosts.calls)) == ("wrong", 2)  # the starter and the organization
    assert "expected a user name" in outcome.reason


@pytest.mark.parametrize(
    ("student", "pattern", "name"),
    [
        ("ada", "{id}-{starter}", "ada-starter"),
        ("ada@uni.edu", "{id}-{starter}", "ada-uni.edu-starter"),
        ("jürgen", "{id}", "j-rgen"),
        ("ada", "hw-{login}.git", "hw-ada-login"),
        ("{login}", "{id}", "login"),
    ],
)
def test_a_repository_is_called_after_the_pattern_with_signs_that_servers_take(student, pattern, name):
    person = Person(student, github="ada-login")
    assert plan(SERVERS["github"], [person], STARTER, "school", pattern) == [
        PlannedRepository(student, "ada-login", f"school/{name}")
    ]


@pytest.mark.parametrize(
    ("students", "pattern", "says"),
    [
        (("a@b", "a-b"), "{id}", "expected a repository of one student, got a@b, a-b"),
        (("ada",), "{starter}", "expected a pattern with {id} or {login}"),
        (("ada",), "{id}" + "x" * 100, "expected a name of 1 to 100"),
        (("@",), "{id}", "expected a name of 1 to 100"),
    ],
)
def test_a_pattern_that_gives_no_name_of_its_own_to_each_is_refused(students, pattern, says):
    with pytest.raises(AutograderError) as caught:
        plan(SERVERS["github"], [Person(s, github="x") for s in students], STARTER, "school", pattern)
    assert says in str(caught.value)


def test_a_repository_that_the_list_names_is_checked_and_no_other_is_made():
    hosts = school()
    hosts.create("school/old-name", made_from=hosts[STARTER].number)
    old = Person("ada", github="ada-login", remote="git@github.com:school/old-name.git")
    gone = Person("bob", github="bob-login", remote="https://github.com/elsewhere/gone")
    other = Person("eve", github="ada-login", remote="https://gitlab.com/school/eve")
    outcomes = run(hosts, "github", [old, gone, other])
    assert (outcomes["ada"].state, outcomes["ada"].path) == ("exists", "school/old-name")
    assert outcomes["bob"].reason == "the roster names this repository, and there is none"
    assert "expected a repository on https://github.com" in outcomes["eve"].reason
    assert set(hosts.repositories) == {STARTER, "school/old-name"}


def test_a_refusal_for_one_costs_nobody_else_and_a_right_that_lacks_stops_all():
    hosts = school()
    hosts.faults += [None] * 4 + [httpx.Response(422, json={"message": "Name already exists on this account"})]
    outcomes = run(hosts, "github", people("ada", "bob"))
    assert ("already exists" in outcomes["ada"].reason, outcomes["bob"].state) == (True, "created")
    hosts = school()
    hosts.faults += [None] * 4 + [httpx.Response(403, json={"message": "Resource not accessible"})]
    with pytest.raises(HostError, match="may not do this"):
        run(hosts, "github", people("ada", "bob"))


# The command

CLASS = [f"s{n:02}" for n in range(12)]
LIST = "\ufeffname;id;github;gitlab;section\r\n" + "".join(
    f'"L, {s}";{s};{s}-login;{s}-login;A\r\n' for s in CLASS
)  # as a spreadsheet of Excel saves it


@pytest.fixture
def command(tmp_path):
    """Run `autograder ci repos` in a course, against a stand-in behind a port. Gives (code, output)."""
    (tmp_path / "course.toml").write_text('title = "T"\n')
    (tmp_path / "solutions").mkdir()
    (tmp_path / "students.csv").write_bytes(LIST.encode())

    def call(address, kind="github", *options, token="t", run=program):
        server = {"github": {"GITHUB_API_URL": address}, "gitlab": {"CI_API_V4_URL": address}}[kind]
        words = ["ci", "repos", "--provider", kind, "--starter", STARTER, *options]
        return run(tmp_path, *words, REPOS_TOKEN=token, **server)

    return call


@BOTH
def test_a_class_of_twelve_from_nothing_to_a_filled_list_with_an_interruption_in_the_middle(command, tmp_path, kind):
    hosts = school(CLASS, tokens=["t"])
    hosts.fills_after = 0.0
    hosts.faults += [None] * 22 + [httpx.Response(403, json={"message": "x"}, headers={"retry-after": "3600"})]
    with serve(hosts) as address:
        code, output = command(address, kind)
        assert code == 2
        assert "start it again, it goes on" in output
        some = (tmp_path / "students.csv").read_text("utf-8-sig")
        assert 0 < some.count(f"https://{kind}.com/school/") < 12
        code, output = command(address, kind)
        assert code == 0, output
        lines = LIST.splitlines()
        expected = [lines[0] + ";remote"] + [f"{line};https://{kind}.com/school/{s}-starter" for line, s in zip(lines[1:], CLASS, strict=True)]  # fmt: skip
        assert (tmp_path / "students.csv").read_bytes().decode() == "".join(f"{line}\r\n" for line in expected)
        written = len(hosts.created)
        code, output = command(address, kind)
        assert (code, len(hosts.created)) == (0, written)
        assert "12 exists" in output
    assert len(hosts.repositories) == 13


@BOTH
def test_a_dry_run_prints_exactly_the_calls_that_the_run_makes_and_sends_none(command, tmp_path, kind):
    hosts = school(CLASS)
    hosts.fills_after = 0.0
    with serve(hosts) as address:
        code, output = command(address, kind, "--dry-run", token="")
        assert (code, hosts.calls) == (0, [])
        assert (tmp_path / "students.csv").read_bytes() == LIST.encode()
        command(address, kind)
    printed = [line.split()[:2] for line in output.splitlines() if line.startswith(("GET", "PUT", "POST", "DELETE"))]
    sent = [[method, re.sub(r"members/\d+", "members/0", path)] for method, path in hosts.calls]  # unknown before
    assert [[method, path.partition("?")[0]] for method, path in printed] == sent
    assert '"private":true' in output or '"visibility":"private"' in output


@BOTH
def test_a_dry_run_of_an_update_prints_its_calls_too(command, tmp_path, kind):
    hosts = school(CLASS[:2])
    (tmp_path / "solutions" / "a2").mkdir()
    (tmp_path / "solutions" / "a2" / "assignment.toml").touch()
    (tmp_path / "students.csv").write_text("id,github,gitlab\ns00,s00-login,s00-login\n")
    hosts[STARTER].files["a2/a2.ipynb"] = b"{}"
    hosts.fills_after = 0.0
    with serve(hosts) as address:
        assert command(address, kind)[0] == 0
        hosts.calls.clear()
        code, output = command(address, kind, "--update", "a2", "--dry-run", token="")
        assert (code, hosts.calls) == (0, []), output
        del hosts["school/s00-starter"].files["a2/a2.ipynb"]
        code, told = command(address, kind, "--update", "a2")
    assert (code, "1 added" in told) == (0, True)
    printed = [line.split()[:2] for line in output.splitlines() if line.startswith(("GET", "PUT", "POST"))]
    sent = [[method, path.replace("blobs/a2/a2.ipynb", "blobs/0")] for method, path in hosts.calls]
    assert [[method, path.partition("?")[0]] for method, path in printed] == sent


def test_the_list_keeps_a_repository_that_stands_in_it(command, tmp_path):
    hosts = school(CLASS)
    hosts.fills_after = 0.0
    hosts.create("school/own", made_from=hosts[STARTER].number)
    text = "id,github,remote\ns00,s00-login,git@github.com:school/own\ns01,s01-login,\ns02,,\n"
    (tmp_path / "students.csv").write_text(text)
    with serve(hosts) as address:
        code, output = command(address, run=process)
    assert code == 1
    assert "s02" in output
    assert "no user name" in output
    assert (tmp_path / "students.csv").read_text() == text.replace(
        "s01-login,", "s01-login,https://github.com/school/s01-starter"
    )


def test_a_hosts_file_is_refused_before_anything_is_made(command, tmp_path):
    (tmp_path / "students.csv").write_text("identifier,github_username,github_id,name\nada,adal,1,\n")
    hosts = school(CLASS)
    with serve(hosts) as address:
        code, output = command(address)
    assert (code, hosts.calls) == (2, [])
    assert "expected our own list with the column id, got a host's file" in output


@pytest.mark.parametrize(
    ("options", "token", "says"),
    [
        ((), "", "$REPOS_TOKEN: expected a token of https://github.com, got none"),
        (("--starter", "starter"), "t", "--starter: expected OWNER/NAME, got 'starter'"),
        (("--owner", "my school"), "t", "--owner: expected an organization, a group or a user, got 'my school'"),
        (("--provider", "gitea"), "t", "--provider: expected github or gitlab, got 'gitea'"),
        (("--assignment", "a9"), "t", "assignment: expected one of"),
        (("--name", "x"), "t", "--name: expected a pattern with {id} or {login}, got 'x'"),
    ],
)
def test_a_wrong_option_is_one_line_and_nothing_is_sent(command, options, token, says):
    hosts = school(CLASS)
    with serve(hosts) as address:
        code, output = command(address, "github", *options, token=token)
    assert (code, len(output.splitlines()), hosts.calls) == (2, 1, [])
    assert says in output


# A later assignment


@BOTH
def test_a_later_assignment_comes_into_repositories_that_lack_it_and_nothing_of_a_student_is_overwritten(kind):
    hosts = school()
    run(hosts, kind, people("ada", "bob"))
    hosts[STARTER].files |= {"a2/a2.ipynb": b"new", "a2/data.py": b"x = 1", "README.md": b"another"}
    hosts["school/bob-starter"].files["a2/a2.ipynb"] = b"bob's own"
    assert {s: (o.state, o.reason) for s, o in handed_out(hosts, kind, "ada", "bob").items()} == {
        "ada": ("added", "2 new files"),
        "bob": ("added", "1 new file"),
    }
    assert hosts["school/ada-starter"].files == {"README.md": b"x", "a2/a2.ipynb": b"new", "a2/data.py": b"x = 1"}
    assert hosts["school/bob-starter"].files["a2/a2.ipynb"] == b"bob's own"
    writes = len(hosts.created)
    assert {o.state for o in handed_out(hosts, kind, "ada", "bob").values()} == {"exists"}
    assert len(hosts.created) == writes


@BOTH
def test_a_file_that_a_student_pushes_meanwhile_is_not_overwritten_either(kind):
    hosts = school()
    run(hosts, kind, people("ada"))
    hosts[STARTER].files["a2/a2.ipynb"] = b"new"
    hosts["school/ada-starter"].files["a2/a2.ipynb"] = b"ada's own"
    hosts.faults += [None] * {"github": 5, "gitlab": 5}[kind] + [
        httpx.Response(404)
    ]  # the listing is older than the push
    outcome = handed_out(hosts, kind, "ada")["ada"]
    assert outcome.state == "wrong"
    assert hosts["school/ada-starter"].files["a2/a2.ipynb"] == b"ada's own"


@BOTH
def test_an_assignment_that_the_starter_lacks_is_one_line(kind):
    hosts = school()
    with pytest.raises(AutograderError, match="a2: expected files in the starter, got none"):
        handed_out(hosts, kind, "ada")


@BOTH
def test_a_student_without_a_repository_gets_no_assignment_and_one_line(kind):
    hosts = school()
    hosts[STARTER].files["a2/a2.ipynb"] = b"new"
    outcome = handed_out(hosts, kind, "ada")["ada"]
    assert (outcome.state, "there is no such repository" in outcome.reason) == ("wrong", True)


def handed_out(hosts, kind, *students):
    api = Api(SERVERS[kind], transport=hosts, pace=Pace((), hosts.clock, hosts.clock.sleep))
    host = (GitHub if kind == "github" else GitLab)(api, STARTER, "school")
    list(host.warnings())
    return {o.student: o for o in hand_out(host, plan(SERVERS[kind], people(*students), STARTER, "school"), "a2")}
