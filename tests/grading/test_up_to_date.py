"""Grading again where nothing changed: nothing runs, nothing is written, and no date of a file is believed."""

import contextlib
import json
import os
from dataclasses import replace
from types import SimpleNamespace

import pytest
from result_builders import collected, trust_of
from typer.testing import CliRunner

from autograder.cli.grading_summary import what_was_done
from autograder.cli.main import app
from autograder.grading import grade_class as stage
from autograder.grading.grade_class import grade_class
from autograder.grading.plan import GradingPlan
from autograder.intake.submissions import find_submissions
from autograder.records import store
from autograder.records.grades import key_of
from autograder.sandbox import prestart
from autograder.secret import course_secret


@pytest.fixture
def graded(course, hand_in, tmp_path):
    """Grade the class. Returns the grades."""

    def of(**options):
        submissions = tuple(find_submissions(hand_in.root, ("a9_test",), trust=trust_of(course)))
        plan = GradingPlan(course, ("a9_test",), submissions, tmp_path / "results", **{"tier": "B", **options})
        return grade_class(plan)

    return of


@pytest.fixture
def run(graded, tmp_path):
    """Grade the class. Returns (what the run says it had to do, {path: bytes} of all that is in the folder then)."""

    def of(**options):
        out = tmp_path / "results"
        told = what_was_done(graded(**options))
        return told, {str(p.relative_to(out)): p.read_bytes() for p in sorted(out.rglob("*")) if p.is_file()}

    return of


@pytest.fixture
def everybody(course, hand_in, solved, starter):
    """Somebody of each kind: graded, unsigned, out of git, of another's name, malformed, missing, and an earlier one."""
    for student in ("ada", "bob", "eve"):
        hand_in(student, solved)
    (hand_in("unsigned", starter).parent / "timestamp.txt").write_text("yesterday")
    secret = course_secret(course)
    collected(hand_in("git", solved), secret, commit="c" * 40)
    hand_in("kim", solved, name="ada.ipynb")
    hand_in("text", "no JSON")
    hand_in("two", solved)
    hand_in("two", solved, name="other.ipynb")
    (hand_in.root / "nobody").mkdir()
    collected(hand_in("ada", starter, "a9_test/earlier/1"), secret)
    return 10


def forbidden(*_, **__):
    raise AssertionError("there is nothing to grade")


def test_without_a_change_each_result_is_read_once_no_process_starts_and_no_byte_is_written(
    run, everybody, monkeypatch, tmp_path
):
    told, first = run()
    assert told == f"{everybody} graded now"
    before = {p: p.stat().st_ino for p in (tmp_path / "results").rglob("*")}
    for name in ("load_suites", "graded_here"):
        monkeypatch.setattr(stage, name, forbidden)
    opened, real = [], store.read_bytes
    monkeypatch.setattr(store, "read_bytes", lambda path, kind: opened.append(path.name) or real(path, kind))
    assert run() == (f"{everybody} up to date", first)
    assert len(opened) == everybody  # each result once
    assert {p: p.stat().st_ino for p in (tmp_path / "results").rglob("*")} == before


@pytest.mark.parametrize("shard", [False, True])
def test_the_grade_of_a_result_that_stays_says_what_it_said_when_it_was_made(graded, everybody, shard):
    """The summary of a run is made from grades: who has not begun, who must be looked at, what is carried."""
    first = {key_of(grade): grade for grade in graded(shard=shard)}
    again = {key_of(grade): grade for grade in graded(shard=shard)}
    assert len(again) == everybody
    assert again == {key: replace(grade, up_to_date=True) for key, grade in first.items()}


def test_the_date_and_the_size_of_a_notebook_are_no_evidence(run, hand_in, solved):
    path = hand_in("ada", solved)
    run()
    status = path.stat()
    path.write_text(solved.replace("# a9", "# b9", 1))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (status.st_size, status.st_mtime_ns)
    assert run()[0] == "1 graded now"


def test_only_those_whose_arrival_changed_are_graded_again(run, everybody, hand_in, solved):
    run()
    (hand_in.root / "unsigned" / "a9_test" / "timestamp.txt").unlink()
    hand_in("nobody", "still no JSON")
    hand_in("text", "[]")
    hand_in("zoe", solved, name="bob.ipynb")
    assert run()[0] == f"{everybody - 3} up to date, 4 graded now"
    (hand_in.root / "bob").rename(hand_in.root / "rob")  # zoe's file has nobody else's name any more
    assert run()[0] == f"{everybody - 1} up to date, 2 graded now"


def test_who_asks_for_a_tier_gets_it_and_who_has_none_to_be_graded_in_needs_none(run, hand_in, solved):
    hand_in("ada", solved)
    hand_in("text", "no JSON")
    run(tier="unsafe")
    assert run()[0] == "1 up to date, 1 graded now"
    assert run(tier="B")[0] == "2 up to date"


def test_a_result_that_was_edited_is_graded_again(run, hand_in, solved, tmp_path):
    hand_in("ada", solved)
    _, first = run()
    path = tmp_path / "results" / "a9_test" / "ada.json"
    path.write_text(path.read_text().replace(f'"seed": "{json.loads(path.read_text())["seed"]}"', '"seed": "0"'))
    told, again = run()
    assert told == "1 graded now"
    assert again["a9_test/ada.json"] == first["a9_test/ada.json"]


def test_all_grades_everything(run, hand_in, solved):
    hand_in("ada", solved)
    assert run() == run(everything=True) == ("1 graded now", run()[1])


def test_what_there_is_to_say_is_said_in_one_line():
    old, new = SimpleNamespace(up_to_date=True), SimpleNamespace(up_to_date=False)
    assert what_was_done([*988 * [old], *9 * [new]]) == "988 up to date, 9 graded now"
    assert what_was_done([old, old]) == "2 up to date"
    assert what_was_done([]) == "nothing to grade"


def test_a_sandbox_starts_ahead_of_time_only_where_it_is_certain_that_this_process_grades(
    course, hand_in, solved, tmp_path, monkeypatch
):
    begun = []
    monkeypatch.setattr(prestart, "Prestart", lambda tier, _: begun.append(tier) or contextlib.nullcontext())

    def grade(*more):
        words = ["grade", hand_in.root, "--course", course.root, "--out", tmp_path / "results", "--tier", "B", *more]
        done = CliRunner().invoke(app, [str(word) for word in words])
        assert done.exit_code == 0, done.output
        seen, begun[:] = list(begun), []
        return seen

    assert grade("--jobs", "1") == []  # nobody handed anything in
    (tmp_path / "results" / "grades.csv").unlink()
    path = hand_in("ada", solved)
    assert grade() == ["B"]  # one submission needs one process
    assert grade("--jobs", "1") == []
    assert grade("--jobs", "1", "--all") == ["B"]
    path.write_text(solved.replace("# a9", "# b9", 1))
    assert grade("--jobs", "1") == []  # which shows only when all is imported
    assert grade("--all", "--shard", "1/1") == []
