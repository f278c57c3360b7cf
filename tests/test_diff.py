"""`autograder diff` and `autograder revert` as an instructor meets them: after a check was repaired."""

import shutil

import pytest
from typer.testing import CliRunner

from autograder.cli.main import app
from autograder.course import open_course
from autograder.grading.results import all_results


@pytest.fixture
def call():
    def of(*arguments, code=0):
        done = CliRunner().invoke(app, [str(a) for a in arguments])
        assert done.exit_code == code, done.output + repr(done.exception)
        return done.output

    return of


@pytest.fixture
def mine(course, tmp_path, hand_in):
    """A copy of the small course, whose hidden check may be broken."""
    root = tmp_path / "course"
    shutil.copytree(course.root, root)
    return open_course(root)


def test_repair_a_check_grade_see_who_and_why_and_take_it_back(call, mine, hand_in, solved, starter):
    checks = mine.solutions / "a9_test" / "hidden_checks.py"
    right = checks.read_text()
    broken = right.replace("reference.mean_square(x)", "reference.mean_square(x) + 1", 1)
    assert broken != right
    hand_in("ada", solved)
    hand_in("bob", starter)
    grade = ("grade", hand_in.root, "--course", mine.root, "--tier", "B", "--jobs", 1)

    checks.write_text(broken)
    assert "changed" not in call(*grade)
    checks.write_text(right)
    assert "1 score changed: autograder diff" in call(*grade)
    said = call("diff", "--course", mine.root, code=1)
    assert "1 of 2 scores changed, mean change +" in said
    assert "why: checks changed (1)" in said
    row = next(line for line in said.splitlines() if "fail → pass" in line)
    assert row.split()[0] == "q1.value"
    assert "bob" not in said

    results = mine.work / "results"
    repaired = {r.student: r.score for r in all_results(results)}
    assert "1 of 2 scores changed" in call("revert", "--course", mine.root)
    back = {r.student: r.score for r in all_results(results)}
    assert (back["bob"], repaired["bob"]) == (0, 0)
    assert back["ada"] < repaired["ada"] == 10
    assert len([x for x in call("diff", "--list", "--course", mine.root).splitlines() if "20" in x]) == 3

    assert "1 score changed: autograder diff" in call(*grade)  # the repaired checks are still there
    assert {r.student: r.score for r in all_results(results)} == repaired
