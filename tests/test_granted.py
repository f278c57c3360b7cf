"""Exceptions that the portal granted: what they change in the rules, and what a broken file says."""

from datetime import UTC, datetime

import pytest

from autograder.course import open_course
from autograder.errors import CourseError
from autograder.granted import GrantedExceptions, read_granted
from autograder.marking_rules import MarkingRules

DUE, LATER, LAST = (datetime(2026, 10, day, 22, 0, 0, 123456, tzinfo=UTC) for day in (12, 19, 26))


@pytest.fixture
def root(tmp_path):
    """A course with one assignment, due on 12 October, and no exceptions yet."""
    (tmp_path / "solutions" / "a1").mkdir(parents=True)
    (tmp_path / "solutions" / "a1" / "assignment.toml").touch()
    (tmp_path / "course.toml").write_text(
        "[marks.due]\na1 = 2026-10-12T22:00:00.123456Z\n[marks.extensions]\nbob = {a1 = 2026-10-26T22:00:00.123456Z}\n"
    )
    (tmp_path / "work" / "portal").mkdir(parents=True)
    return tmp_path


def grant(root, text):
    (root / "work" / "portal" / "exceptions.toml").write_text(text)


def test_every_command_that_opens_the_course_knows_what_was_granted(root):
    grant(root, '[extensions.ada]\na1 = 2026-10-19T22:00:00.123456Z\n[excused]\neve = ["a1"]\n')
    policy = open_course(root).policy
    assert policy.due_of("a1", "ada") == LATER
    assert policy.excused == {"eve": ["a1"]}
    assert open_course(root, with_granted=False).policy.due_of("a1", "ada") == DUE


@pytest.mark.parametrize(
    ("student", "granted", "due"),
    [
        ("bob", "2026-10-19T22:00:00Z", LAST),  # course.toml grants more
        ("ada", "2026-10-05T22:00:00Z", DUE),  # the class has more time since
    ],
)
def test_of_two_due_times_the_later_one_counts(root, student, granted, due):
    grant(root, f"[extensions.{student}]\na1 = {granted}\n")
    assert open_course(root).policy.due_of("a1", student) == due


def test_an_assignment_that_is_gone_or_has_no_due_time_changes_nothing(root):
    grant(root, "[extensions.ada]\ngone = 2026-10-19T22:00:00Z\n")
    assert open_course(root).policy.extensions == {"bob": {"a1": LAST}}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[extensions.ada]\na1 = 2026-10-19T22:00:00\n", "extensions.ada.a1: expected"),
        ("[extensions.ada]\na1 = 1\n", "extensions.ada.a1: expected"),
        ("[excuses]\n", "excuses: expected one of extensions, excused, got 'excuses'. Hint: excused?"),
        ("excused = [", "expected TOML"),
    ],
)
def test_a_broken_file_is_one_line_of_every_command(root, text, line):
    grant(root, text)
    with pytest.raises(CourseError) as refused:
        open_course(root)
    assert line in str(refused.value)
    assert "exceptions.toml" in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("name", ['a "b" \\ c', "ü 漢 😀", "del\x7f", "line\nbreak", "[x]", "a.b"])
def test_what_is_written_is_read_again(tmp_path, name):
    exceptions = GrantedExceptions(extensions={name: {"a1": LATER}}, excused={name: ["a1", name]})
    (tmp_path / "x").write_text(exceptions.to_toml())
    assert read_granted(tmp_path / "x").extensions == exceptions.extensions
    assert set(read_granted(tmp_path / "x").excused[name]) == {"a1", name}


def test_nothing_granted_changes_no_rule():
    assert GrantedExceptions().added_to(MarkingRules()) == MarkingRules()
