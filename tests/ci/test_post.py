"""Feedback in the students' repositories: written once, brought up to date, within the server's limits."""

import re
from collections import Counter
from dataclasses import dataclass, replace

import httpx
import pytest
from hosting.stand_in import Hosts
from hosting.test_api import GITHUB, api_of

from autograder.ci import on_github, on_gitlab
from autograder.ci.board import body_of
from autograder.ci.feedback_pages import Message
from autograder.ci.post import bring_up_to_date, post
from autograder.hosting.api import PATIENCE
from autograder.hosting.pace import GITHUB_WRITES
from autograder.hosting.server import Server

GITLAB = Server("gitlab", "https://gitlab.com", "https://gitlab.com/api/v4", "a-token")
A, B = "a" * 40, "b" * 40


def message(text="3 of 4", student="ada", assignment="a1", commit=A, **fields):
    check = {"name": f"autograder: {assignment}", "head_sha": commit, "output": {"title": text, "summary": text}}
    fields = {"work": commit, "check": check, **fields}
    return Message((student,), assignment, f"school/{student}", commit, text, **fields)


@dataclass
class Place:
    """A kind of note on a stand-in. board(): a new run."""

    name: str
    hosts: Hosts

    def api(self, transport=None, **how):
        hosts = transport or self.hosts
        return api_of(hosts, GITLAB if self.name == "gitlab issues" else GITHUB, **how)

    def board(self, **how):
        api = self.api(**how)
        if self.name == "gitlab issues":
            return on_gitlab.GitLabIssues(api)
        return on_github.GitHubIssues(api) if self.name == "github issues" else on_github.CheckRuns(api)

    def notes(self, repository="school/ada"):
        """What a reader sees: (assignment, text) of each note of ours that says a result."""
        known = self.hosts[repository]
        if self.name == "github checks":
            runs = [run for run in known.checks.values() if "replaced" not in run["name"]]
            return [(run["name"].split()[1], run["output"]["title"]) for run in runs]
        texts = [i["body"].partition("\n\n---\n") for i in known.issues.values() if i["login"] == self.hosts.login]
        return [(re.search("<!-- autograder (\\S+)", end)[1], text) for text, rule, end in texts if rule]

    def writes(self):
        return sum(method != "GET" and path != "/graphql" for method, path in self.hosts.calls)


@pytest.fixture(params=["github issues", "github checks", "gitlab issues"])
def place(request):
    hosts = Hosts()
    hosts["school/ada"]
    return Place(request.param, hosts)


@pytest.fixture(params=["github issues", "gitlab issues"])
def issues(request):
    hosts = Hosts()
    hosts["school/ada"]
    return Place(request.param, hosts)


def test_feedback_is_written_once_and_not_again_if_it_says_the_same(place):
    assert [bring_up_to_date(place.board(), message()) for _ in range(3)] == ["created", "unchanged", "unchanged"]
    assert place.notes() == [("a1", "3 of 4")]
    assert place.writes() == 1


def test_another_text_is_written_into_the_same_note(place):
    bring_up_to_date(place.board(), message())
    assert bring_up_to_date(place.board(), message("4 of 4")) == "edited"
    assert place.notes() == [("a1", "4 of 4")]


def test_each_assignment_has_a_note_of_its_own_and_the_repository_is_read_once(issues):
    board = issues.board()
    for name in ("a1", "a2", "a3"):
        bring_up_to_date(board, message(assignment=name))
    assert [name for name, _ in issues.notes()] == ["a1", "a2", "a3"]
    assert sum(method == "GET" and "issues" in path for method, path in issues.hosts.calls) == 1


def test_after_a_b_a_the_issue_says_a(issues):
    for text, commit in (("3 of 4", A), ("4 of 4", B), ("3 of 4", A)):
        bring_up_to_date(issues.board(), message(text, commit=commit))
    assert issues.notes() == [("a1", "3 of 4")]
    (issue,) = issues.hosts["school/ada"].issues.values()
    assert f"Commit {A}." in issue["body"]


def test_after_a_b_a_the_check_run_of_each_commit_says_its_own():
    place = Place("github checks", Hosts())
    outcomes = [
        bring_up_to_date(place.board(), message(text, commit=commit))
        for text, commit in (("3 of 4", A), ("4 of 4", B), ("3 of 4", A))
    ]
    assert outcomes == ["created", "created", "unchanged"]
    assert {r["head_sha"]: r["output"]["title"] for r in place.hosts["school/ada"].checks.values()} == {
        A: "3 of 4",
        B: "4 of 4",
    }


def test_another_notebook_with_the_same_result_names_the_new_commit(issues):
    bring_up_to_date(issues.board(), message(commit=A))
    assert bring_up_to_date(issues.board(), message(commit=B)) == "edited"
    (issue,) = issues.hosts["school/ada"].issues.values()
    assert f"Commit {B}." in issue["body"]


def test_a_commit_that_leaves_the_notebook_as_it_was_changes_nothing(issues):
    """A push for a2 gives a1 another commit. Three notes a student and push would be for nothing."""
    bring_up_to_date(issues.board(), message(commit=A, work="same"))
    assert bring_up_to_date(issues.board(), message(commit=B, work="same")) == "unchanged"


def test_a_text_that_a_student_changed_is_put_right(issues):
    bring_up_to_date(issues.board(), message())
    (issue,) = issues.hosts["school/ada"].issues.values()
    issue["body"] = issue["body"].replace("3 of 4", "4 of 4")
    assert bring_up_to_date(issues.board(), message()) == "edited"
    assert issues.notes() == [("a1", "3 of 4")]


def test_line_ends_and_spaces_that_a_server_changes_are_no_other_text(issues):
    bring_up_to_date(issues.board(), message("3 of 4\n\n| a |\n"))
    (issue,) = issues.hosts["school/ada"].issues.values()
    issue["body"] = issue["body"].replace("\n", "\r\n").strip()
    assert bring_up_to_date(issues.board(), message("3 of 4\n\n| a |\n")) == "unchanged"


def test_a_marker_that_somebody_else_wrote_is_not_ours(issues):
    """A student copies our issue with its hidden line: it is left alone, and ours is written."""
    bring_up_to_date(issues.board(), message())
    body = issues.hosts["school/ada"].issues[1]["body"].replace("3 of 4", "4 of 4")
    issues.hosts["school/ada"].issues.clear()
    number = issues.hosts.write_issue("school/ada", {"body": body}, login="ada")
    assert bring_up_to_date(issues.board(), message()) == "created"
    assert issues.hosts["school/ada"].issues[number]["body"] == body
    assert issues.notes() == [("a1", "3 of 4")]


def test_a_check_run_of_another_app_is_not_ours():
    """A workflow of the student's can make check runs of any name, as the app github-actions."""
    place = Place("github checks", Hosts())
    place.hosts["school/ada"].checks[7] = {
        **message("4 of 4").check, "id": 7, "app": {"slug": "github-actions"}, "external_id": message().digest,
    }  # fmt: skip
    assert bring_up_to_date(place.board(), message()) == "created"
    assert place.hosts["school/ada"].checks[7]["output"]["title"] == "4 of 4"


def test_our_note_is_found_behind_several_pages_of_others(issues):
    for _ in range(250):
        issues.hosts.write_issue("school/ada", {"body": "a question"}, login="ada")
    bring_up_to_date(issues.board(), message())
    for _ in range(250):
        issues.hosts.write_issue("school/ada", {"body": None}, login="ada")
    assert bring_up_to_date(issues.board(), message()) == "unchanged"


def test_a_repository_full_of_issues_keeps_nobody_else_waiting(issues):
    """2,001 issues are 21 pages; a student could make so many that reading them uses up the limit of reading."""
    for number in range(2100):
        issues.hosts["school/ada"].issues[number] = {"number": number, "body": "", "state": "open", "login": "ada"}
    issues.hosts["school/bob"]
    posted = post(issues.board(), [message(), message(student="bob")])
    assert [each.outcome for each in posted] == ["failed", "created"]
    assert "at most 2000 issues" in posted[0].reason
    assert issues.hosts.counted()["GET"] < 30


def test_a_pull_request_is_no_issue():
    place = Place("github issues", Hosts())
    place.hosts.write_issue("school/ada", {"body": body_of(message()), "pull_request": {"url": "x"}})
    assert bring_up_to_date(place.board(), message()) == "created"


def test_a_second_note_that_an_earlier_run_left_is_withdrawn(place):
    """The answer to a request was lost, and the server did not list the new note yet."""
    board = place.board()
    for _ in range(3):
        board.create(message())
    assert len(place.notes()) == 3
    assert bring_up_to_date(place.board(), message("4 of 4")) == "edited"
    assert place.notes() == [("a1", "4 of 4")]
    assert bring_up_to_date(place.board(), message("4 of 4")) == "unchanged"


def test_a_run_that_ends_between_edit_and_withdrawal_is_completed_by_the_next(place):
    board = place.board()
    board.create(message())
    board.create(message())
    place.hosts.faults += [None] * 3 + [httpx.ReadTimeout("gone")]
    (posted,) = post(place.board(), [message("4 of 4")])
    place.hosts.faults.clear()
    assert posted.outcome == "failed"
    assert bring_up_to_date(place.board(), message("4 of 4")) == "edited"
    assert place.notes() == [("a1", "4 of 4")]


def test_a_doubled_issue_is_closed_and_points_to_the_one_that_stays(issues):
    board = issues.board()
    board.create(message())
    board.create(message())
    bring_up_to_date(issues.board(), message())
    second = issues.hosts["school/ada"].issues[2]
    assert (second["state"], second["body"]) == ("closed", "The feedback is in #1.")


def test_for_an_untouched_starter_nothing_new_is_written(place):
    assert bring_up_to_date(place.board(), message("0 of 4", begun=False)) == "not begun"
    assert place.writes() == 0


def test_a_student_who_goes_back_to_the_starter_reads_it(issues):
    bring_up_to_date(issues.board(), message())
    assert bring_up_to_date(issues.board(), message("0 of 4", begun=False, commit=B)) == "edited"
    assert issues.notes() == [("a1", "0 of 4")]


def test_a_student_without_repository_and_without_work_is_no_failure(issues):
    (posted,) = post(issues.board(), [message(student="nil", begun=False, commit="")])
    assert posted.outcome == "not begun"


def test_a_student_who_cannot_be_reached_is_named_and_costs_nobody_else(issues):
    issues.hosts["school/off"].has_issues = False
    posted = post(issues.board(), [message(student="nil"), message(student="off"), message()])
    assert [each.outcome for each in posted] == ["failed", "failed", "created"]
    assert all("expected issues, got none. Hint: switch issues on" in each.reason for each in posted[:2])


def test_a_result_without_a_check_run_for_the_commit_is_said():
    (posted,) = post(Place("github checks", Hosts()).board(), [message(check=None)])
    assert "expected a check run of ci publish" in posted.reason


def test_a_server_that_answers_nobody_is_asked_for_three_students_and_no_more(issues):
    board = issues.board()
    issues.hosts.faults += [httpx.ConnectError("no route")] * 1000
    posted = post(board, [message(student=f"s{n}") for n in range(300)])
    assert Counter(each.outcome for each in posted) == {"failed": 3, "left": 297}


def test_an_answer_in_another_form_is_one_students_failure(issues):
    board = issues.board()
    issues.hosts["school/bob"]
    issues.hosts.faults.append(httpx.Response(200, json=[{"number": "x", "iid": "x"}]))
    posted = post(board, [message(), message(student="bob")])
    assert [each.outcome for each in posted] == ["failed", "created"]
    assert "another form at" in posted[0].reason


def test_the_students_are_mentioned_so_that_the_server_notifies_them(issues):
    """A login with other signs is no login."""
    bring_up_to_date(issues.board(), message(logins=("ada-l", "x y", "<b>")))
    (issue,) = issues.hosts["school/ada"].issues.values()
    assert re.findall(r"@\S+", issue["body"]) == ["@ada-l"]


class Unlucky(httpx.BaseTransport):
    """Passes everything on; after `number` writes it raises, with the answer lost."""

    def __init__(self, hosts, number, error):
        self.hosts, self.number, self.error, self.clock = hosts, number, error, hosts.clock

    def handle_request(self, request):
        answer = self.hosts.handle_request(request)
        if request.method != "GET" and not request.url.path.endswith("graphql"):
            self.number -= 1
            if self.number == 0:
                raise self.error
        return answer


class KilledError(Exception):
    """The job ends here."""


def test_900_posts_stay_within_the_limits_and_survive_two_interruptions_without_a_duplicate():
    """300 students, 3 assignments. One run dies after 200 writes, one meets the limit of 500 an hour."""
    hosts = Hosts()
    students = [f"s{n:03}" for n in range(300)]
    class_ = [message(student=s, assignment=a) for a in ("a1", "a2", "a3") for s in students]
    for student in students:
        hosts[f"school/{student}"]
    how = {"windows": GITHUB_WRITES, "patience": PATIENCE}

    with pytest.raises(KilledError):
        post(on_github.GitHubIssues(api_of(Unlucky(hosts, 200, KilledError()), **how)), class_)
    second = post(on_github.GitHubIssues(api_of(hosts, **how)), class_)
    assert Counter(each.outcome for each in second) == {"unchanged": 200, "created": 300, "left": 400}
    hosts.clock.sleep(3600)
    third = post(on_github.GitHubIssues(api_of(hosts, **how)), class_)
    assert Counter(each.outcome for each in third) == {"unchanged": 500, "created": 400}

    shown = Counter((path, issue["title"]) for path, r in hosts.repositories.items() for issue in r.issues.values())
    assert (len(shown), set(shown.values())) == (900, {1})
    writes = [call for call in hosts.calls if call[0] != "GET" and call[1] != "/graphql"]
    assert len(writes) <= 900 + 5  # the limit is met a few times, and nothing is written twice
    assert set(Counter(each.outcome for each in post(on_github.GitHubIssues(api_of(hosts)), class_))) == {"unchanged"}


def test_the_pace_never_lets_the_server_refuse_a_class_of_500():
    """80 a minute: 500 posts take 6 minutes, and the stand-in refuses none."""
    hosts = Hosts()
    class_ = [message(student=f"s{n}") for n in range(500)]
    for each in class_:
        hosts[each.repository]
    posted = post(on_github.GitHubIssues(api_of(hosts, windows=GITHUB_WRITES, patience=PATIENCE)), class_)
    assert Counter(each.outcome for each in posted) == {"created": 500}
    assert 360 <= hosts.clock() < 420
    assert len(hosts.created) == 500


def test_a_secondary_limit_stops_the_run_and_says_why():
    hosts = Hosts()
    board = on_github.GitHubIssues(api_of(hosts))
    hosts["school/ada"]
    hosts.faults += [
        None,
        httpx.Response(403, json={"message": "secondary rate limit"}, headers={"retry-after": "900"}),
    ]
    posted = post(board, [message(), message(student="bob")])
    assert [each.outcome for each in posted] == ["left", "left"]
    assert "got 900 s" in posted[0].reason


def test_the_kept_note_is_the_oldest(issues):
    board = issues.board()
    board.create(message())
    board.create(replace(message(), text="later"))
    bring_up_to_date(issues.board(), message("4 of 4"))
    assert issues.hosts["school/ada"].issues[1]["state"] == "open"
