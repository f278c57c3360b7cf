"""Classroom 50: repositories by their names, results in its form, and what it may publish.

The rules of its collector are written down here by hand, out of its schemas/result-v1.schema.json.
"""

import json
import re
import shutil

import pytest
from commands import process, program
from hosting.stand_in import Hosts, serve

from autograder.ci.classroom50_results import completed, read_draft, repository_of, slug_of
from autograder.errors import AutograderError, HostError, MalformedError
from autograder.hosting.api import Api
from autograder.hosting.server import Server
from autograder.intake.placing import Arrival, place
from autograder.intake.received import Received, Trust
from autograder.roster.read import read_roster

COMMIT = "0123456789abcdef0123456789abcdef01234567"
TAG = "submit/2026-10-02T10-00-00Z-0123456"
ROSTER = "username,first_name,last_name,email,section,github_id,role\nAdaL,Ada,Lovelace,ada@uni.edu,A,1,student\nbob,Bob,,,,2,\n"
TEXT = {"schema", "classroom", "assignment", "assignment_type", "owner", "submission", "commit", "release", "review", "datetime"}  # fmt: skip


def draft(*tests, **fields):
    """What `ci publish` writes."""
    listed = [{"test-name": n, "passed": p, "score": s, "max-score": m} for n, p, s, m in tests]
    body = {"schema": "classroom50/result/v1", "classroom": "c", "assignment": "a1_test", "owner": "ada", "commit": COMMIT,
            "datetime": "2026-10-02T12:00:00+02:00", "score": 1, "max-score": 2, "tests": listed}  # fmt: skip
    return json.dumps({**body, **fields}).encode()


def is_accepted(result):
    """Whether Classroom 50's collector takes it."""
    numbers = [(result["score"], result["max-score"]), *((t["score"], t["max-score"]) for t in result["tests"])]
    return (
        set(result) == TEXT | {"score", "max-score", "tests"}
        and all(isinstance(result[name], str) and result[name] for name in TEXT)
        and result["assignment_type"] == "individual"
        and result["submission"].startswith("submit/")
        and bool(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", result["datetime"]))
        and all(type(score) is int is type(most) and 0 <= score <= most for score, most in numbers)
        and all(isinstance(t["passed"], bool) and t["test-name"] for t in result["tests"])
    )


def test_a_result_has_every_field_in_the_form_that_its_schema_wants():
    whole = completed(
        read_draft(draft(("q1.a: x", True, 3, 3), ("q1.b: y", False, 0, 2))), "https://github.com/o/cs1-a1-test-adal", "cs1", "AdaL", TAG
    )  # fmt: skip
    assert is_accepted(whole)
    assert (whole["assignment"], whole["owner"], whole["datetime"]) == ("a1-test", "AdaL", "2026-10-02T10:00:00Z")
    assert (whole["score"], whole["max-score"]) == (3, 5)
    assert whole["commit"] == f"https://github.com/o/cs1-a1-test-adal/commit/{COMMIT}"
    assert whole["release"].endswith("/releases/tag/submit%2F2026-10-02T10-00-00Z-0123456")


@pytest.mark.parametrize(
    ("tests", "score", "most"),
    [
        ([("a", True, 2.5, 2.5), ("b", False, 0, 2)], 250, 450),
        ([("a", False, 0.333333, 1)], 33, 100),
        ([("a", True, 4.0, 4.0)], 4, 4),
        ([], 0, 0),
    ],
)
def test_points_that_are_not_whole_become_hundredths(tests, score, most):
    whole = completed(read_draft(draft(*tests)), "https://x/o/r", "cs1", "ada", TAG)
    assert (whole["score"], whole["max-score"], is_accepted(whole)) == (score, most, True)


@pytest.mark.parametrize(
    "text", [b"{}", b"[]", b"x", draft(commit="x"), draft(("a", True, -1, 2)), draft(("", True, 1, 2))]
)
def test_a_file_of_another_form_is_refused(text):
    with pytest.raises(MalformedError, match="expected a result of ci publish"):
        read_draft(text)


def test_repositories_are_called_as_classroom_50_calls_them():
    assert repository_of("Org", "cs1", "a1_gradient_ascent", "AdaL") == "org/cs1-a1-gradient-ascent-adal"
    with pytest.raises(AutograderError, match="short name"):
        repository_of("Org", "CS 1", "a1", "ada")
    with pytest.raises(AutograderError, match="2 to 39"):
        slug_of("x" * 50)


def test_a_file_goes_only_to_the_server_or_to_its_place_for_files():
    api = Api(Server("github", "https://github.com", "https://api.github.com", "t"), transport=Hosts())
    with pytest.raises(HostError, match="on the same server"):
        api.upload("https://evil.example/x", b"", "application/json")


# The commands


@pytest.fixture
def course(tmp_path):
    (tmp_path / "course.toml").write_text('title = "T"\n')
    (tmp_path / "solutions/a1_test").mkdir(parents=True)
    (tmp_path / "solutions/a1_test/assignment.toml").touch()
    (tmp_path / "roster.csv").write_text(ROSTER)
    return tmp_path


def command(course, *arguments, address="", token="t", run=program):
    given = {"CLASSROOM50_TOKEN": token, **({"GITHUB_API_URL": address} if address else {})}
    return run(course, "ci", "classroom50", *arguments, **given)


STUDENTS = ("students", "roster.csv", "--owner", "org", "--classroom", "cs1")


def test_its_roster_becomes_our_list_with_a_repository_for_each_assignment(course):
    assert command(course, *STUDENTS)[0] == 0
    ada, bob = read_roster(course / "students.csv", None).students
    assert (ada.id, ada.name, ada.github) == ("AdaL", "Ada Lovelace", "AdaL")
    assert ada.remote_of("a1_test") == "https://github.com/org/cs1-a1-test-adal"
    assert bob.remote_of("a1_test") == "https://github.com/org/cs1-a1-test-bob"
    before = (course / "students.csv").read_bytes()
    assert command(course, *STUDENTS, run=process)[0] == 0
    assert (course / "students.csv").read_bytes() == before


def test_a_list_that_is_there_keeps_its_ids_and_gets_the_repositories(course):
    (course / "students.csv").write_text("id;github;withdrawn\n1001;adal;\n1002;other;\n")
    code, output = command(course, *STUDENTS)
    assert (course / "students.csv").read_text() == (
        "id;github;withdrawn;remote:a1_test\n1001;adal;;https://github.com/org/cs1-a1-test-adal\n1002;other;\n"
    )
    assert (code, "bob: nobody in students.csv has this name" in output) == (0, True)


def test_a_list_without_students_is_written_only_as_ci_init_left_it(course):
    (course / "students.csv").write_text("id,name,github,remote\n")
    assert command(course, *STUDENTS)[0] == 0
    assert len(read_roster(course / "students.csv", None).students) == 2
    own = "id,github,section,extension\n"
    (course / "students.csv").write_text(own)
    command(course, *STUDENTS)
    assert (course / "students.csv").read_text().startswith("id,github,section,extension")


@pytest.fixture
def published(course):
    """Results of ada, who handed in with a tag, and of bob, who did not."""
    command(course, *STUDENTS)
    (course / "feedback/a1_test").mkdir(parents=True)
    (course / "feedback/a1_test/AdaL.result.json").write_bytes(draft(("q1", True, 2, 2), ("q2", False, 0, 1)))
    (course / "feedback/a1_test/bob.result.json").write_bytes(draft(commit="", datetime=""))
    submit(course)
    return course


def submit(course, commit=COMMIT, branch=TAG):
    shutil.rmtree(course / "work/submitted", ignore_errors=True)
    record = Received(
        schema=1, student="AdaL", assignment="a1_test", kind="git", source="x", file="a1_test.ipynb", branch=branch,
        notebook_sha256="44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a", commit=commit,
        received_at="2026-10-02T10:00:00Z", clock="host", collected_at="2026-10-02T10:00:00Z",
    )  # fmt: skip
    place(course / "work/submitted", Arrival(b"{}", record), Trust(b"secret"))


RESULTS = ("results", "feedback", "--classroom", "cs1")


def test_a_result_goes_into_the_release_of_its_tag_and_a_status_on_its_commit_once(published):
    hosts = Hosts(tokens=["t"])
    with serve(hosts) as address:
        assert command(published, *RESULTS, address=address) == (
            0,
            "1 posted, 0 unchanged, 1 not handed in, 0 failed\n",
        )
        code, output = command(published, *RESULTS, address=address)
    assert (code, output) == (0, "0 posted, 1 unchanged, 1 not handed in, 0 failed\n")
    ada = hosts["org/cs1-a1-test-adal"]
    (asset,) = ada.releases[TAG]["assets"]
    result = json.loads(ada.uploads[asset["id"]])
    assert asset["name"] == "result.json"
    assert is_accepted(result)
    ((commit, status),) = ada.statuses
    assert (commit, status["context"], status["state"]) == (COMMIT, "classroom50/autograde", "failure")
    assert status["description"] == "2/3 (1/2 tests passed)"


def test_the_result_of_its_own_runner_is_replaced_and_its_other_files_stay(published):
    hosts = Hosts()
    assets = [{"id": 5, "name": "Result.JSON"}, {"id": 6, "name": "report.pdf"}]
    with serve(hosts) as address:
        url = f"{address}/uploads/repos/org/cs1-a1-test-adal/releases/9/assets{{?name,label}}"
        hosts["org/cs1-a1-test-adal"].releases[TAG] = {"id": 9, "tag_name": TAG, "assets": assets, "upload_url": url}
        assert command(published, *RESULTS, address=address)[0] == 0
    assert [a["name"] for a in hosts["org/cs1-a1-test-adal"].releases[TAG]["assets"]] == ["report.pdf", "result.json"]


@pytest.mark.parametrize("uploader", [{"login": "AdaL"}, None], ids=["the student", "nobody"])
def test_a_result_that_a_student_uploaded_under_our_label_is_replaced(published, uploader):
    hosts = Hosts()
    with serve(hosts) as address:
        command(published, *RESULTS, address=address)
        ada = hosts["org/cs1-a1-test-adal"]
        (ours,) = ada.releases[TAG]["assets"]
        ada.releases[TAG]["assets"] = [{**ours, "id": 7, "uploader": uploader}]
        assert command(published, *RESULTS, address=address)[1].startswith("1 posted")
    (asset,) = ada.releases[TAG]["assets"]
    assert asset["uploader"] == {"login": hosts.login}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda c: submit(c, commit="f" * 40), "expected a submit tag of the graded commit"),
        (lambda c: submit(c, branch="main"), "expected a submit tag of the graded commit"),
        (lambda c: (c / "students.csv").write_text("id\nAdaL\n"), "expected a repository on https://github.com"),
        (
            lambda c: (c / "students.csv").write_text("id,github,remote\nAdaL,AdaL,https://github.com/org/bobs\n"),
            "expected the repository org/cs1-a1-test-adal, got org/bobs",
        ),
        (lambda c: (c / "feedback/a1_test/AdaL.result.json").write_text("x"), "expected a result of ci publish"),
    ],
)
def test_a_result_that_is_not_surely_of_that_commit_and_repository_is_not_sent(published, change, says):
    change(published)
    hosts = Hosts()
    with serve(hosts) as address:
        code, output = command(published, *RESULTS, address=address)
    assert (code, says in output, hosts.calls) == (1, True, [])


def test_without_a_token_it_is_one_line(published):
    code, output = command(published, *RESULTS, token="")
    assert (code, len(output.splitlines())) == (2, 1)
    assert "$CLASSROOM50_TOKEN: expected a token" in output
