"""Every student of the list and every assignment leaves a trace: a notebook, or the reason why there is none."""

import json
import shutil
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from intake.counter import NOON, SECRET, Counter, notebook
from intake.test_collect_git import Host

from autograder.intake import git_command, repositories
from autograder.intake.collect import Absent
from autograder.intake.received import Trust
from autograder.intake.student_repositories import listed_students
from autograder.intake.submissions import find_submissions

pytestmark = pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")


@pytest.fixture
def host(tmp_path):
    return Host(tmp_path / "host")


@pytest.fixture
def counter(tmp_path):
    return Counter(tmp_path)


def rows(counter):
    """{student: (assignment's problem, whether it is malformed, why nobody knows)} of a1."""
    found = find_submissions(counter.out, ["a1"], trust=Trust(SECRET))
    return {s.student: (s.problem, s.malformed, s.unreadable) for s in found}


def refused(counter, student, assignment="a1"):
    return json.loads((counter.out / student / assignment / "refused.json").read_text())


def test_who_has_nothing_yet_has_a_row_and_makes_no_noise(host, counter):
    host.make("ada")
    commit = host.push("ada", {"README.md": b"later", "a2/a2.ipynb": notebook()})
    done = list(counter.run(host.list("ada"), names=()))
    assert [each for each in done if isinstance(each, Absent)] == [Absent("ada", "a1")]
    problem, malformed, unknown = rows(counter)["ada"]
    assert problem == (
        "nothing was handed in: expected a1.ipynb in the repository or in a folder of its name, got none."
    )
    assert (malformed, unknown, refused(counter, "ada")["commit"]) == (False, "", commit)


def test_a_notebook_in_another_folder_is_named(host, counter):
    host.make("ada")
    commit = host.push("ada", {"week 3/old/a1.ipynb": notebook(), "week 3/.ipynb_checkpoints/a1.ipynb": notebook()})
    _, problems = counter.collect(host.list("ada"))
    hint = "Hint: move it to a1/a1.ipynb, commit, and push"
    assert problems == [("ada", f"expected a1/a1.ipynb, got 'week 3/old/a1.ipynb'. {hint}")]
    assert rows(counter)["ada"][0] == f"You handed in 'week 3/old/a1.ipynb'; expected a1/a1.ipynb. {hint}."
    assert refused(counter, "ada")["commit"] == commit


def test_work_on_another_branch_only_is_named_with_the_branch(host, counter):
    host.make("ada")
    host.push("ada", {"README.md": b""})
    host.push("ada", {"a1/a1.ipynb": notebook()}, branch="my-work")
    _, problems = counter.collect(host.list("ada"))
    assert problems == [
        ("ada", "expected a1.ipynb on the branch that is graded, got it on the branch 'my-work' alone. Hint: merge it")
    ]
    assert "'my-work'" in rows(counter)["ada"][0]


def test_a_notebook_under_a_strange_name_is_named(host, counter):
    host.make("ada")
    host.push("ada", {"Final version.ipynb": notebook()})
    _, problems = counter.collect(host.list("ada"))
    reason = "expected a1.ipynb in the repository or in a folder of its name, got 'Final version.ipynb'"
    assert problems == [("ada", reason)]
    assert rows(counter)["ada"][0] == f"nothing was handed in: {reason}."


def test_an_empty_repository_is_nothing_handed_in(host, counter):
    host.make("ada")
    counter.collect(host.list("ada"))
    assert rows(counter)["ada"] == (
        "nothing was handed in: expected a repository with a commit, got none. Hint: commit, and push.", False, ""
    )  # fmt: skip


def test_what_could_not_be_fetched_is_ours_for_every_assignment_and_one_line(host, counter):
    source = host.list("ada", ada=host.folder / "gone")
    _, problems = counter.collect(source, names=())
    assert len(set(problems)) == 1
    for assignment in ("a1", "a2"):
        assert refused(counter, "ada", assignment)["why"] == "unfetched"
    problem, malformed, unknown = rows(counter)["ada"]
    assert (problem, malformed) == ("", False)
    assert unknown.startswith("git: ")


def test_a_student_without_a_remote_is_ours_too(host, counter):
    host.make("ada")
    host.push("ada", {"a1/a1.ipynb": notebook()})
    source = host.folder / "students.csv"
    source.write_text(f"id,remote,status\nada,{host.folder / 'ada'},\nbob,,\nleft,,withdrawn\n")
    _, problems = counter.collect(source)
    assert problems == [("bob", "no repository in the list of students")]
    assert rows(counter)["bob"] == ("", False, "no repository in the list of students")
    assert "left" not in rows(counter)


def test_a_failed_fetch_is_tried_again_after_each_pause(host, counter, monkeypatch):
    host.make("ada")
    host.push("ada", {"a1/a1.ipynb": notebook()})
    run, slept, fetches = git_command.run_git, [], []

    def unsteady(repository, *arguments, **more):
        if arguments[0] == "fetch":
            fetches.append(arguments)
            if len(fetches) < 3:
                raise git_command._failure(128, "fatal: unable to access 'https://x/': Could not resolve host: x\n")
        return run(repository, *arguments, **more)

    monkeypatch.setattr(repositories, "run_git", unsteady)
    monkeypatch.setattr(repositories, "sleep", slept.append)
    taken, problems = counter.collect(host.list("ada"), pauses=(2.0, 8.0))
    assert (taken, problems, slept) == ([("ada", "a1", "new")], [], [2.0, 8.0])


def test_a_repository_that_is_gone_is_asked_for_once(host, counter, monkeypatch):
    monkeypatch.setattr(repositories, "sleep", lambda seconds: pytest.fail("it slept"))
    counter.collect(host.list("ada", ada=host.folder / "gone"), pauses=(2.0, 8.0))
    assert refused(counter, "ada")["why"] == "unfetched"


def test_work_that_came_before_stays_when_the_repository_cannot_be_fetched(host, counter):
    host.make("ada")
    host.push("ada", {"a1/a1.ipynb": notebook()})
    counter.collect(host.list("ada"))
    (host.folder / "ada").rename(host.folder / "moved")
    _, problems = counter.collect(host.list("ada"))
    assert len(problems) == 1
    assert rows(counter)["ada"] == ("", False, "")
    counter.now = NOON
    (host.folder / "moved").rename(host.folder / "ada")
    assert counter.collect(host.list("ada"))[0] == [("ada", "a1", "unchanged")]


def test_an_extension_in_the_list_is_a_time_of_the_courses_zone(host, counter):
    """23:59 in Berlin is 22:59 UTC in winter."""
    host.make("ada")
    host.push("ada", {"a1/a1.ipynb": notebook()})
    source = host.folder / "students.csv"
    source.write_text(f"id,remote,extension\nada,{host.folder / 'ada'},2026-11-30 23:59\n")
    assert counter.collect(source, zone=ZoneInfo("Europe/Berlin"))[0] == [("ada", "a1", "new")]
    (ada,) = listed_students(source, ZoneInfo("Europe/Berlin"))
    assert ada.extension == datetime(2026, 11, 30, 22, 59, tzinfo=UTC)
