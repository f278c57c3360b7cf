"""Several submissions of one student: all are graded, grades.csv has the newest, marks have them all."""

import pytest
from result_builders import collected, trust_of

from autograder.grading import grader
from autograder.grading.grade_class import grade
from autograder.grading.plan import GradingPlan
from autograder.intake.received import Trust
from autograder.intake.submissions import find_submissions
from autograder.marking_rules import MarkingRules
from autograder.marks import marks_of
from autograder.records.history import FOLDER
from autograder.records.store import read_attempts, read_results, result_path
from autograder.secret import course_secret


@pytest.fixture
def run(course, hand_in, tmp_path):
    def of(**options):
        submissions = tuple(find_submissions(hand_in.root, ("a9_test",), trust=trust_of(course)))
        return grade(GradingPlan(course, ("a9_test",), submissions, tmp_path / "results", **{"tier": "B", **options}))

    return of


@pytest.fixture
def secret(course):
    return course_secret(course)


@pytest.fixture
def attempts(hand_in, solved, starter, secret):
    """ada: right first, then the untouched starter. bob: one."""
    collected(hand_in("ada", starter), secret, "2026-10-13T12:00:00Z")
    collected(hand_in("ada", solved, "a9_test/earlier/1", "n.ipynb"), secret, "2026-10-11T12:00:00Z")
    hand_in("bob", solved)


def test_earlier_attempts_have_result_files_of_their_own_and_no_row(run, attempts, tmp_path):
    done = run()
    assert [(r.student, r.attempt, r.score) for r in done] == [("ada", 0, 0), ("ada", 1, 10), ("bob", 0, 10)]
    out = tmp_path / "results"
    written = sorted(str(f) for p in out.rglob("*") if p.is_file() and (f := p.relative_to(out)).parts[0] != FOLDER)
    assert written == ["a9_test/ada.json", "a9_test/bob.json", "a9_test/earlier/ada/1.json", "grades.csv"]
    assert (out / "grades.csv").read_text().splitlines()[1:] == [
        "a9_test,ada,0,10,graded,0",
        "a9_test,bob,10,10,graded,0",
    ]
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


def test_only_what_changed_is_graded_again_and_a_new_time_is_a_change(run, attempts, hand_in, secret, monkeypatch):
    run()
    graded = []
    real = grader.Grader.grade
    monkeypatch.setattr(grader.Grader, "grade", lambda self, s: graded.append((s.student, s.attempt)) or real(self, s))
    before = run()
    assert graded == []
    first = hand_in.root / "ada/a9_test/earlier/1/n.ipynb"
    collected(first, secret, "2026-10-12T12:00:00Z")
    assert run()[1] == before[1].model_copy(update={"received": "2026-10-12T12:00:00+00:00"})
    first.with_name("timestamp.txt").write_text("2026-10-01 12:00:00 UTC")
    (flag,) = run()[1].flags
    assert (flag.kind, flag.data) == ("missigned", ("timestamp.txt",))
    collected(first, secret, "2026-10-12T12:00:00Z", kind="folder", clock="collecting")
    first.with_name("timestamp.txt").unlink()
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


def test_a_notebook_that_cannot_be_read_keeps_its_time(run, hand_in, secret):
    collected(hand_in("ada", "no JSON"), secret, "2026-10-13T12:00:00Z")
    (result,) = run()
    assert (result.status, result.received) == ("malformed", "2026-10-13T12:00:00+00:00")


def test_k15_what_a_student_brought_along_does_not_count_and_is_flagged(run, hand_in, solved, starter, secret):
    """A folder that a student zipped and a teacher copied: a time of their own, and an attempt that was never made."""
    hand_in("ada", starter).with_name("timestamp.txt").write_text("2026-09-01 12:00:00 UTC")
    hand_in("ada", solved, "a9_test/earlier/1").with_name("timestamp.txt").write_text("2026-09-01 12:00:00 UTC")
    collected(hand_in("bob", starter), b"of another course", "2026-09-01T12:00:00Z", commit="c" * 40)
    collected(hand_in("bob", solved, "a9_test/earlier/2"), b"of another course", "2026-09-01T12:00:00Z")
    ada, bob = run()
    assert [(r.attempt, r.score, r.received, r.provenance.commit) for r in (ada, bob)] == [(0, 0, "", "")] * 2
    assert [(f.kind, f.data) for f in ada.flags] == [("unsigned", ("timestamp.txt", "earlier/"))]
    assert [(f.kind, f.data) for f in bob.flags] == [("missigned", ("received.json", "earlier/"))]


def test_k15_a_record_counts_in_its_own_place_and_for_its_own_notebook_alone(run, hand_in, solved, starter, secret):
    """Everything that a student could do with signed records that came back to them."""
    mine = collected(hand_in("ada", starter), secret, "2026-09-01T12:00:00Z").with_name("received.json").read_text()
    hand_in("ada", solved)  # an early time for a later notebook
    hand_in("eve", starter).with_name("received.json").write_text(mine)  # another student's
    for number in (1, 2, 3):  # the newest as an attempt, many times
        hand_in("ada", starter, f"a9_test/earlier/{number}").with_name("received.json").write_text(mine)
    edited = mine.replace("2026-09-01", "2026-08-01")
    hand_in("fay", starter).with_name("received.json").write_text(edited)
    results = run()
    assert [(r.student, r.attempt, r.received) for r in results] == [("ada", 0, ""), ("eve", 0, ""), ("fay", 0, "")]
    assert {f.kind for r in results for f in r.flags} == {"missigned"}


def test_another_secret_makes_nobody_late_or_early_without_a_flag(run, attempts, course, monkeypatch):
    before = run()
    assert [r.received[:10] for r in before] == ["2026-10-13", "2026-10-11", ""]
    monkeypatch.setenv("AUTOGRADER_SECRET", "another one")
    ada, bob = run()
    assert (ada.received, [(f.kind, f.data) for f in ada.flags]) == ("", [("missigned", ("received.json", "earlier/"))])
    assert bob.flags == ()


def test_nbgraders_timestamp_counts_where_the_course_says_so_and_earlier_attempts_do_not(
    hand_in, starter, solved, secret
):
    hand_in("ada", starter).with_name("timestamp.txt").write_text("2026-10-13 12:00:00 UTC")
    hand_in("ada", solved, "a9_test/earlier/1").with_name("timestamp.txt").write_text("2026-09-01 12:00:00 UTC")
    (only,) = find_submissions(hand_in.root, ["a9_test"], trust=Trust(secret, timestamps=True))
    assert (only.received, only.unsigned) == ("2026-10-13T12:00:00+00:00", ("earlier/",))
