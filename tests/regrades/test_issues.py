"""Issues on GitHub: which of them count, whose they are, and what a hostile repository or answer can do."""

from datetime import UTC, datetime

import httpx
import pytest
from hosting.stand_in import Hosts
from hosting.test_api import GITHUB, api_of
from hosting.test_pushes import GITLAB

from autograder.regrades.issues import MAX_REQUESTS, UnusedIssue, asked_in_issues
from autograder.regrades.regrade_request import Asking, with_askings
from autograder.roster.roster import Person

NAMES = ("a1_ascent", "a2_backprop")
ADA = Person("ada", github="Ada-L", remote="git@github.com:school/ada.git")


@pytest.fixture
def hosts():
    return Hosts()


def issue(number=1, title="Regrade: a1_ascent q2", body="x may be empty", login="ada-l", **fields):
    return {"number": number, "title": title, "body": body, "user": {"login": login}, "labels": [], **fields}


@pytest.fixture
def ask(hosts):
    def of(*issues, students=(ADA,), server=GITHUB):
        hosts.faults.append(httpx.Response(200, json=list(issues)))
        return list(asked_in_issues(students, NAMES, api_of(hosts, server)))

    return of


def test_an_issue_of_the_student_is_a_request(ask, hosts):
    assert ask(issue()) == [Asking("ada", "a1_ascent", "q2", "x may be empty", "issue", "school/ada#1")]
    assert hosts.calls == [("GET", "/repos/school/ada/issues")]


def test_an_issue_on_gitlab_is_one_too(ask):
    ada = Person("ada", gitlab="ada-l", remote="https://gitlab.com/school/autumn/ada.git")
    issue = {
        "iid": 3,
        "title": "Regrade: a1 q2",
        "description": "see cell 4",
        "author": {"username": "ada-l"},
        "labels": [],
    }
    assert ask(issue, students=[ada], server=GITLAB) == [
        Asking("ada", "a1_ascent", "q2", "see cell 4", "issue", "school/autumn/ada#3")
    ]
    assert ask({**issue, "title": "a1", "labels": ["regrade"]}, students=[ada], server=GITLAB)


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"title": "regrade:a2-backprop"}, ("a2_backprop", "")),
        ({"title": "REGRADE : A1, Q2"}, ("a1_ascent", "q2")),
        ({"title": "please look at a2 b1", "labels": [{"name": "Regrade"}]}, ("a2_backprop", "b1")),
    ],
)
def test_the_title_or_the_label_says_so_and_the_title_names_the_assignment(ask, fields, place):
    (asking,) = ask(issue(**fields))
    assert (asking.assignment, asking.question) == place


@pytest.mark.parametrize(
    "fields",
    [{"title": "A question about a1"}, {"title": "Undo regrade: a1"}, {"pull_request": {}}, {"title": None}, {"title": "x", "labels": [3]}],
)  # fmt: skip
def test_other_issues_and_pull_requests_are_none(ask, fields):
    assert ask(issue(**fields)) == []


@pytest.mark.parametrize("login", ["bob", "", None, 3, "ada-l\u202e"])
def test_an_issue_of_somebody_else_is_named_and_is_no_request(ask, login):
    (unused,) = ask(issue(login=login))
    assert isinstance(unused, UnusedIssue)
    assert (unused.student, unused.place) == ("ada", "school/ada#1")
    assert "expected an issue of 'Ada-L', got an issue of" in unused.reason


def test_an_issue_without_an_author_or_an_assignment_is_named(ask):
    nobody, nothing = ask(issue(user=None), issue(2, title="Regrade: everything"))
    assert "got an issue of ''" in nobody.reason
    assert (
        "expected an assignment in its title, got 'everything'. Hint: a title such as 'Regrade: a1_ascent q2'"
        in nothing.reason
    )


def test_a_body_is_bounded_and_without_one_the_title_is_the_reason(ask):
    long, short = ask(issue(body="\x1b" + "x" * 100_000), issue(2, body=None))
    requests = with_askings((), [long, short], datetime(2026, 10, 12, tzinfo=UTC), "")
    assert sorted(len(r.reason) for r in requests) == [len("a1_ascent q2"), 5000]


def test_a_student_cannot_fill_the_list(ask):
    read = ask(*(issue(n) for n in range(1, 60)))
    assert len(read) == MAX_REQUESTS + 1
    assert read[-1].reason == f"expected at most {MAX_REQUESTS} requests, got more"


def test_one_repository_that_cannot_be_read_costs_no_other_and_one_elsewhere_is_left_alone(hosts):
    students = [
        ADA,
        Person("bob", github="bob", remote="https://github.com/school/bob"),
        Person("cy", remote="/srv/cy.git"),
    ]
    hosts.faults += [httpx.Response(404, json={}), httpx.Response(200, json=[issue(login="bob")])]
    gone, asking = asked_in_issues(students, NAMES, api_of(hosts))
    assert (gone.student, gone.place, "expected it to exist" in gone.reason) == ("ada", "school/ada", True)
    assert asking.student == "bob"


def test_without_the_students_login_nobody_can_tell_whose_issue_it_is(ask):
    (unused,) = ask(issue(), students=[Person("ada", remote=ADA.remote)])
    assert "expected the student's login in the roster's column github, got none" in unused.reason


@pytest.mark.parametrize("answer", ["{}", "3", "[3, null, []]", "nonsense"])
def test_an_answer_of_another_form_is_one_line_or_nothing(hosts, answer):
    hosts.faults.append(httpx.Response(200, text=answer))
    read = list(asked_in_issues([ADA], NAMES, api_of(hosts)))
    assert all(isinstance(u, UnusedIssue) and "expected" in u.reason for u in read)
