"""What `autograder grade` says of files that collect did not sign, and what an instructor can do about it."""

import json

import pytest
from result_builders import collected
from typer.testing import CliRunner

from autograder.cli.main import app
from autograder.course import open_course
from autograder.errors import CourseError


@pytest.fixture
def say(course, hand_in, tmp_path):
    """Run a command on what was handed in, and give its lines as one."""

    def of(command, *more):
        words = [command, hand_in.root, "--course", course.root, *more]
        done = CliRunner().invoke(app, [str(word) for word in words])
        assert done.exit_code == 0, done.output
        return " ".join(done.output.split())

    return of


def test_one_line_says_how_many_records_do_not_count_and_adopt_signs_them(say, hand_in, starter, tmp_path):
    for student in ("ada", "bob"):
        collected(hand_in(student, starter), b"of another course", commit="c" * 40)
    hand_in("cyd", starter).with_name("timestamp.txt").write_text("2026-10-13 12:00:00 UTC")
    grade = ("grade", "--out", tmp_path / "results", "--tier", "B")
    output = say(*grade)
    assert "2 students: times or earlier attempts that another secret signed" in output
    assert "Hint: restore work/secret.key or AUTOGRADER_SECRET; or autograder adopt." in output
    assert "1 student: times or earlier attempts that collect did not sign do not count." in output
    assert "2 records signed" in say("adopt")
    assert "another secret" not in say(*grade)
    ada = json.loads((tmp_path / "results/a9_test/ada.json").read_text())
    assert (ada["provenance"]["commit"], ada["received"], ada["flags"]) == ("c" * 40, "2026-11-30T12:00:00+00:00", [])
    assert "0 records signed" in say("adopt")


@pytest.mark.parametrize("text, trusted", [("", False), ("trust_timestamps = true", True)])
def test_a_course_can_trust_timestamps(tmp_path, text, trusted):
    (tmp_path / "course.toml").write_text(text)
    assert open_course(tmp_path).trust_timestamps is trusted


@pytest.mark.parametrize("value", ['"yes"', "1", "[]"])
def test_a_setting_that_is_neither_true_nor_false_is_refused(tmp_path, value):
    (tmp_path / "course.toml").write_text(f"trust_timestamps = {value}")
    with pytest.raises(CourseError, match="trust_timestamps: expected true or false, got "):
        open_course(tmp_path)
