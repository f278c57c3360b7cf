"""Several submissions of one student: all are graded, grades.csv has the newest, marks have them all."""

import pytest

from autograder.grading import grader
from autograder.grading.grade_class import grade
from autograder.grading.plan import GradingPlan
from autograder.intake.submissions import find_submissions
from autograder.marking_rules import MarkingRules
from autograder.marks import marks_of
from autograder.records.history import FOLDER
from autograder.records.store import read_attempts, read_results, result_path


@pytest.fixture
def run(course, hand_in, tmp_path):
    def of(**options):
        submissions = tuple(find_submissions(hand_in.root, ("a9_test",)))
        return grade(GradingPlan(course, ("a9_test",), submissions, tmp_path / "results", **{"tier": "B", **options}))

    return of


@pytest.fixture
def attempts(hand_in, solved, starter):
    """ada: right first, then the untouched starter. bob: one."""
    hand_in("ada", starter).with_name("timestamp.txt").write_text("2026-10-13 12:00:00 UTC")
    hand_in("ada", solved, "a9_test/earlier/1", "n.ipynb").with_name("timestamp.txt").write_text(
        "2026-10-11 12:00:00 UTC"
    )
    hand_in("bob", solved)


def test_earlier_attempts_have_result_files_of_their_own_and_no_row(run, attempts, tmp_path):
    done = run()
    assert [(r.student, r.attempt, r.score) for r in done] == [("ada", 0, 0), ("ada", 1, 10), ("bob", 0, 10)]
    out = tmp_path / "results"
    written = sorted(str(f) for p in out.rglob("*") if p.is_file() and (f := p.relative_to(out)).parts[0] != FOLDER)
    assert written == ["a9_test/ada.json", "a9_test/bob.json", "a9_test/earlier/ada/1.json", "grades.csv"]
    assert (out / "grades.csv").read_text().splitlines()[1:] == ["a9_test,ada,0,10,graded", "a9_test,bob,10,10,graded"]
    assert [(r.student, r.attempt) for r in read_results(out)] == [("ada", 0), ("bob", 0)]
    assert sorted((r.student, r.attempt, r.received) for r in read_attempts(out)) == [
        ("ada", 0, "2026-10-13T12:00:00+00:00"),
        ("ada", 1, "2026-10-11T12:00:00+00:00"),
        ("bob", 0, ""),
    ]
    best = marks_of(read_attempts(out), MarkingRules(attempts="best"))
    assert [(m.result.student, m.attempts, m.score) for m in best] == [("ada", 2, 10), ("bob", 1, 10)]


def test_in_parallel_each_attempt_is_graded_once(run, attempts):
    assert [(r.student, r.attempt, r.score) for r in run(jobs=2)] == [("ada", 0, 0), ("ada", 1, 10), ("bob", 0, 10)]


def test_only_what_changed_is_graded_again_and_a_new_time_is_a_change(run, attempts, hand_in, monkeypatch):
    run()
    graded = []
    real = grader.Grader.grade
    monkeypatch.setattr(grader.Grader, "grade", lambda self, s: graded.append((s.student, s.attempt)) or real(self, s))
    before = run()
    assert graded == []
    stamp = hand_in.root / "ada/a9_test/earlier/1/timestamp.txt"
    stamp.write_text("2026-10-12 12:00:00 UTC")
    assert run()[1] == before[1].model_copy(update={"received": "2026-10-12T12:00:00+00:00"})
    stamp.write_text("yesterday")
    (flag,) = run()[1].flags
    assert str(flag) == (
        "when it came in is not known: timestamp.txt: expected a time such as 2026-10-12 21:59:00 UTC, got other text"
    )
    stamp.unlink()
    assert run()[1] == before[1].model_copy(update={"received": ""})
    run()
    assert graded == [("ada", 1)] * 3


def test_a_result_of_an_earlier_attempt_counts_only_where_it_belongs(run, attempts, tmp_path):
    run()
    out = tmp_path / "results"
    first = result_path(out, "a9_test", "ada", 1)
    for copy in (first.with_name("2.json"), result_path(out, "a9_test", "ada"), result_path(out, "a9_test", "eve", 1)):
        copy.parent.mkdir(exist_ok=True)
        copy.write_bytes(first.read_bytes())
    assert [(r.student, r.attempt) for r in read_attempts(out)] == [("bob", 0), ("ada", 1)]
    first.parent.rename(tmp_path / "moved")
    first.parent.symlink_to(tmp_path / "moved")
    assert [(r.student, r.attempt) for r in read_attempts(out)] == [("bob", 0)]


def test_a_notebook_that_cannot_be_read_keeps_its_time(run, hand_in):
    hand_in("ada", "no JSON").with_name("timestamp.txt").write_text("2026-10-13 12:00:00 UTC")
    (result,) = run()
    assert (result.status, result.received) == ("malformed", "2026-10-13T12:00:00+00:00")
