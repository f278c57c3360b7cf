"""`autograder diff` and `autograder revert` as an instructor meets them: after a check was repaired."""

import csv
import json
import os
import shutil

import commands
import pytest
from result_builders import grade, of_ten
from typer.testing import CliRunner

from autograder.cli.main import app
from autograder.course import open_course
from autograder.errors import AutograderError
from autograder.records.store import all_results


@pytest.fixture
def call():
    def of(*arguments, code=0):
        return commands.run(*arguments, code=code).output

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


@pytest.fixture
def twice(tmp_path, monkeypatch):
    """Two gradings: ada gains four points by repaired checks, bob stays, =eve loses all of hers."""
    monkeypatch.setattr(os, "fsync", lambda _: None)
    folder = tmp_path / "twice"
    grade(folder, of_ten("ada", 6, message="no"), of_ten("bob", 3), of_ten("=eve", 10))
    grade(folder, *(of_ten(s, p, suite="2" * 64) for s, p in (("ada", 10), ("bob", 3), ("=eve", 0))))
    return folder


def test_csv_and_json_hold_everything_and_no_formula(call, twice, tmp_path):
    call("diff", "--results", twice, "--csv", tmp_path / "d.csv", "--json", tmp_path / "d.json", code=1)
    with (tmp_path / "d.csv").open(newline="") as file:
        rows = [(r["student"], r["change"], r["why"], r["check"], r["message"]) for r in csv.DictReader(file)]
    assert rows == [
        ("'=eve", "-10.0", "checks changed", "q1.value", ""),
        ("ada", "4.0", "checks changed", "q1.value", "no"),
    ]
    document = json.loads((tmp_path / "d.json").read_text())
    assert (document["scores_changed"], document["in_both"], document["mean_change"]) == (2, 3, -2)  # (4 - 10) / 3
    assert [c["student"] for c in document["changes"]] == ["=eve", "ada"]


def test_two_folders_can_be_compared_and_equal_ones_exit_with_0(call, twice, tmp_path):
    shutil.copytree(twice, tmp_path / "copy")
    assert call("diff", twice, tmp_path / "copy") == "0 of 3 scores changed\n"
    call("revert", "--results", tmp_path / "copy")
    assert "2 of 3 scores changed, mean change -2.00" in call("diff", tmp_path / "copy", twice, code=1)


def test_the_list_says_which_gradings_are_the_same(call, twice):
    call("revert", "--results", twice)
    heads, reverted, _, first = call("diff", "--list", "--results", twice).splitlines()
    assert heads.split() == ["grading", "when", "results", "changed", "new", "gone"]
    assert reverted.split()[3:] == ["3", "3", "0", "0", "current", "=", first.split()[0]]
    assert first.split()[3:] == ["3", "0", "3", "0"]


@pytest.mark.parametrize("names", [["nope"], ["./nope"], ["current", "0000"]])
def test_what_is_no_grading_is_misuse_in_one_line(twice, names):
    done = CliRunner().invoke(app, ["diff", *names, "--results", str(twice)])
    assert isinstance(done.exception, AutograderError)  # which main() prints as one line, and exits with 2
    assert "expected" in str(done.exception)
    assert "\n" not in str(done.exception)
