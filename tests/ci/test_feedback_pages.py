"""What is to be said to whom: pages, records and the roster decide, and a hostile one sends nothing anywhere."""

import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError

from autograder.ci.feedback_pages import Message, Pages, Unaddressed, find
from autograder.course import open_course
from autograder.hosting.server import Server
from autograder.intake.git_token import git_settings
from autograder.intake.placing import Arrival, place
from autograder.intake.received import Received, Trust
from autograder.intake.wrong_files import REFUSED, RefusedFiles
from autograder.release import build
from autograder.roster.roster import Person, make_roster

COMMIT = "0123456789abcdef0123456789abcdef01234567"
GITHUB = Server("github", "https://github.com", "https://api.github.com", "t")
GITLAB = Server("gitlab", "https://gitlab.com", "https://gitlab.com/api/v4", "t")
NOW = datetime(2026, 10, 12, 12, tzinfo=UTC)


def notebook(*cells, **more):
    fields = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    return json.dumps({"cells": [{**fields, "source": s, **more} for s in cells], "nbformat": 4, "nbformat_minor": 4, "metadata": {}}).encode()  # fmt: skip


class Class:
    """Pages and records of students; `said()` finds what is to be said."""

    def __init__(self, root):
        self.root, self.people = root, []
        self.settings("")
        released = root / "assignments" / "a1" / "a1.ipynb"
        released.parent.mkdir(parents=True)
        released.write_bytes(notebook("x = 1", "YOUR CODE HERE"))

    def settings(self, text):
        (self.root / "course.toml").write_text(f'title = "T"\ntimezone = "Europe/Berlin"\n{text}')

    def student(self, student, remote="", *, page="4 of 4", commit=COMMIT, work=None, check=None, **person):
        self.people.append(Person(student, remote=remote or f"https://github.com/school/{student}", **person))
        file = self.root / "feedback" / "a1" / f"{student}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(page)
        if check is not None:
            file.with_suffix(".check.json").write_text(check)
        work = notebook("x = 2") if work is None else work
        record = Received(
            schema=1, student=student, assignment="a1", kind="git", source="x", file="a1.ipynb",
            notebook_sha256="44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
            received_at=NOW, clock="collecting", collected_at=NOW, commit=commit,
        )  # fmt: skip
        place(self.root / "submitted", Arrival(work, record), Trust(b"secret"))

    def said(self, server=GITHUB, now=NOW):
        roster = make_roster(self.people, "students.csv")
        course = open_course(self.root)
        return list(find(Pages(course, roster, server, self.root / "feedback", self.root / "submitted", now)))


@pytest.fixture
def class_(tmp_path):
    return Class(tmp_path)


def test_a_page_goes_to_the_repository_of_the_roster_with_the_commit_that_was_collected(class_):
    class_.student("ada")
    (message,) = class_.said()
    assert (message.students, message.assignment, message.repository) == (("ada",), "a1", "school/ada")
    assert (message.commit, message.text, message.begun) == (COMMIT, "4 of 4", True)


@pytest.mark.parametrize(
    "remote",
    ["https://github.com/school/ada-a1", "https://github.com/school/ada-a1.git", "git@github.com:school/ada-a1.git",
     "ssh://git@github.com/school/ada-a1.git", "https://user@github.com/school/ada-a1/"],
)  # fmt: skip
def test_every_form_of_a_remote_is_the_same_repository(class_, remote):
    class_.student("ada", remote)
    assert class_.said()[0].repository == "school/ada-a1"


@pytest.mark.parametrize(
    "remote",
    ["/srv/git/ada.git", "https://github.com/ada", "https://github.com/school/../../user", "https://github.com/a/b/c",
     "https://github.com/school/ada?x=1", "https://github.com/school/ada --hostname evil", "git@github.com:-x/ada", "https://gitlab.com/school/ada", "https://github.com.evil.example/school/ada"],
)  # fmt: skip
def test_a_remote_that_is_no_repository_of_the_server_is_said_and_never_asked_for(class_, remote):
    class_.student("ada", remote)
    assert class_.said() == [Unaddressed("ada", "a1", "the roster names no repository on https://github.com")]


def test_a_project_of_gitlab_may_lie_in_subgroups(class_):
    class_.student("ada", "https://gitlab.com/school/autumn/ada.git")
    assert class_.said(GITLAB)[0].repository == "school/autumn/ada"


def test_a_page_of_somebody_who_is_not_on_the_list_is_not_posted(class_):
    class_.student("mallory")
    class_.people.clear()
    assert isinstance(class_.said()[0], Unaddressed)


@pytest.mark.parametrize("commit", ["abc", "0" * 39, "main"])
def test_a_record_of_half_a_commit_is_no_record(class_, commit):
    with pytest.raises(ValidationError):
        class_.student("ada", commit=commit)


@pytest.mark.parametrize(
    ("work", "begun"),
    [
        (notebook("x = 1", "YOUR CODE HERE"), False),
        (notebook("x = 1\n", "YOUR CODE HERE", outputs=[{"output_type": "stream", "name": "stdout", "text": "1"}]), False),
        (notebook("x = 1", "return 3"), True),
        (notebook("x = 1", "YOUR CODE HERE", "y = 2"), True),
        (b"no notebook", True),
    ],
)  # fmt: skip
def test_an_untouched_starter_is_not_begun_also_after_it_was_run_and_saved(class_, work, begun):
    class_.student("ada", work=work)
    assert class_.said()[0].begun is begun


def test_without_a_released_file_the_authors_text_says_what_the_starter_is(course, solved, tmp_path):
    """A grading repository need not hold `assignments/`."""
    class_ = Class(tmp_path)
    shutil.copytree(course.solutions, tmp_path / "solutions")
    build.release(open_course(tmp_path), "a9_test")
    released = (tmp_path / "assignments/a9_test/a9_test.ipynb").read_text()
    shutil.rmtree(tmp_path / "assignments")
    class_.student("ada")
    (tmp_path / "feedback/a1").rename(tmp_path / "feedback/a9_test")
    work = (tmp_path / "submitted/ada/a1").rename(tmp_path / "submitted/ada/a9_test") / "a9_test.ipynb"
    for text, begun in ((released, False), (solved, True)):
        work.write_text(text)
        assert class_.said()[0].begun is begun


def test_without_the_released_notebook_everything_is_begun(class_):
    class_.student("ada", work=notebook("x = 1", "YOUR CODE HERE"))
    (class_.root / "assignments/a1/a1.ipynb").write_text("no JSON")
    assert class_.said()[0].begun


def test_work_without_a_commit_is_work(class_):
    """It came in an archive."""
    class_.student("ada", commit="")
    assert (class_.said()[0].begun, class_.said()[0].commit) == (True, "")


def test_if_nothing_was_handed_in_nothing_is_begun_and_a_missing_repository_is_no_failure(class_):
    class_.student("ada")
    class_.student("bob", "/srv/bob.git")
    for student in ("ada", "bob"):
        shutil.rmtree(class_.root / "submitted" / student)
    (message,) = class_.said()
    assert (message.students, message.begun) == (("ada",), False)


def test_a_file_that_was_refused_is_work_about_which_its_author_is_told(class_):
    class_.student("ada")
    folder = class_.root / "submitted" / "ada" / "a1"
    shutil.rmtree(folder)
    folder.mkdir()
    (folder / REFUSED).write_text(RefusedFiles.of(["a1 (1).ipynb"], commit=COMMIT).text())
    (message,) = class_.said()
    assert (message.begun, message.commit) == (True, COMMIT)


def test_a_page_that_cannot_be_read_costs_nobody_else(class_):
    for student in ("ada", "bob"):
        class_.student(student)
    page = class_.root / "feedback/a1/ada.md"
    page.unlink()
    page.symlink_to("/etc/passwd")
    bad, good = class_.said()
    assert (bad.student, good.students) == ("ada", ("bob",))


def test_an_assignment_that_is_not_open_yet_is_left_out_and_a_closed_one_is_said_once_more(class_):
    class_.student("ada")
    class_.settings("[assignments.a1]\nopens = 2026-10-12\ncloses = 2026-10-19\n")
    opens = datetime(2026, 10, 11, 22, tzinfo=UTC)  # midnight in Berlin, in summer
    assert class_.said(now=opens - timedelta(seconds=1)) == []
    assert len(class_.said(now=opens)) == 1
    assert len(class_.said(now=datetime(2026, 11, 1, tzinfo=UTC))) == 1
    class_.settings('[assignments.a1]\nstate = "draft"\n')
    assert class_.said() == []


@pytest.mark.parametrize(
    ("text", "taken"),
    [(json.dumps({"head_sha": COMMIT}), True), ("{}", True), (json.dumps({"head_sha": COMMIT[::-1]}), False), ("[]", False), ("x", False)],
)  # fmt: skip
def test_a_check_run_about_another_commit_is_not_taken(class_, text, taken):
    """A result without a usable notebook names no commit: the record of the collection does."""
    class_.student("ada", check=text)
    assert class_.said()[0].check == ({"head_sha": COMMIT} if taken else None)


def test_a_check_run_without_any_commit_is_none(class_):
    class_.student("ada", check="{}", commit="")
    assert class_.said()[0].check is None


def test_students_who_share_a_repository_get_one_message(class_):
    for student in ("ada", "bob"):
        class_.student(student, "https://github.com/school/pair", github=f"{student}-hub")
    (message,) = class_.said()
    assert (message.students, message.text, message.logins) == (("ada", "bob"), "4 of 4", ("ada-hub", "bob-hub"))


def test_pages_that_differ_in_a_shared_repository_stand_under_their_names(class_):
    """An extension makes one of the two late. Otherwise each run would overwrite the other's text."""
    class_.student("ada", "https://github.com/school/pair", name="Ada L.")
    class_.student("bob", "https://github.com/school/pair", page="4 of 4, 1 day late", name="[Bob](x)")
    (class_.root / "feedback/a1/ada.check.json").write_text(
        '{"name": "n", "output": {"title": "4", "summary": "4 of 4"}}'
    )
    (message,) = class_.said()
    assert message.check == {"name": "n", "head_sha": COMMIT, "output": {"title": "4", "summary": message.text}}
    assert message.text == "**Ada L**\n\n4 of 4\n\n**Bob x**\n\n4 of 4, 1 day late"


def test_the_digest_changes_with_the_text_and_the_work_and_not_with_the_commit():
    message = Message(("ada",), "a1", "school/ada", COMMIT, "4 of 4", work="1")
    same = replace(message, commit="b" * 40)
    assert same.digest == message.digest
    assert len({replace(message, **c).digest for c in ({}, {"text": "x"}, {"work": "2"}, {"assignment": "a2"})}) == 4


def test_the_token_goes_to_the_providers_server_and_to_no_other():
    given = git_settings({"AUTOGRADER_GIT_TOKEN": "t\n", "GITHUB_SERVER_URL": "https://ghe.example"})
    assert given["GIT_CONFIG_KEY_0"] == "http.https://ghe.example/.extraHeader"
    assert given["GIT_CONFIG_VALUE_0"] == "Authorization: Basic eC1hY2Nlc3MtdG9rZW46dA=="  # base64 of x-access-token:t
    assert git_settings({"AUTOGRADER_GIT_TOKEN": "t", "CI_SERVER_URL": "http://plain.example"}) == {}
    assert git_settings({"GITHUB_SERVER_URL": "https://github.com"}) == {}
