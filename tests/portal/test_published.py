"""Publishing keeps what was shown; a regrade is a proposal that a person applies, discards or reverts."""

import csv
import io

import pytest
from portal.class_helpers import ENTRY, graded, portal_with, submitted
from portal.portal_helpers import NOON, SUITE
from portal.portal_web import browser_of

from autograder.portal.class_state import class_marks
from autograder.portal.proposals import proposal_of
from autograder.portal.published import MarkChange, changed_since, latest
from autograder.portal.schema import EventRow, ExceptionRow, GradingRow, JobRow, PublicationRow

OLD = "4" * 64  # an earlier suite


@pytest.fixture
def portal(database, places):
    return portal_with(database, places)


@pytest.fixture
def dana(portal):
    return browser_of(portal, "dana")


def shown(portal):
    with portal.database.read() as session:
        row = latest(session, "a1")
        return row and row.shown


def changed(portal):
    with portal.database.read() as session:
        row = latest(session, "a1")
        return changed_since(row.shown, class_marks(session, portal, ENTRY, portal.clock()))


def scores(portal):
    with portal.database.read() as session:
        marks = class_marks(session, portal, ENTRY, portal.clock()).marks
    return {student: mark.score for student, mark in marks.items()}


def proposal(portal, entry=ENTRY):
    with portal.database.read() as session:
        return proposal_of(session, portal, entry, portal.clock())


def decide(browser, what):
    assert browser.post("/class/regrade", data={"a": "a1", "what": what}).status_code == 303


def whats(portal):
    with portal.database.read() as session:
        return [(e.who, e.what, e.about) for e in session.query(EventRow).order_by(EventRow.id)]


# --- Publishing ---


def test_a_publication_holds_what_each_student_was_shown(portal, dana):
    id_ = graded(portal.database, submitted(portal.database, "ada", 1), 60.0, 20.0, result="c" * 64)
    with portal.database.write() as session:
        session.add(ExceptionRow(assignment="a1", student="eve", excused=True, by="dana", at=NOON))
    assert shown(portal) is None
    assert dana.post("/class/publish", data={"a": "a1"}).status_code == 303
    assert shown(portal) == {
        "ada": {"submission": id_, "result": "c" * 64, "score": 80.0, "by_hand": 0.0},
        "bob": {"submission": "", "result": "", "score": 0.0, "by_hand": 0.0},
    }
    assert whats(portal) == [("dana", "published", "a1")]


def test_what_changes_afterwards_shows_to_staff_and_not_in_the_publication(portal, dana):
    graded(portal.database, submitted(portal.database, "ada", 1), 60.0, 20.0)
    dana.post("/class/publish", data={"a": "a1"})
    assert changed(portal) == []
    graded(portal.database, submitted(portal.database, "ada", 2), 60.0, 40.0)
    assert changed(portal) == [MarkChange("ada", 80.0, 100.0)]
    assert shown(portal)["ada"]["score"] == 80.0
    assert "1 mark changed since" in dana.get("/class/publish").text
    dana.post("/class/publish", data={"a": "a1"})
    assert (changed(portal), shown(portal)["ada"]["score"]) == ([], 100.0)


def test_hiding_shows_no_earlier_publication_either_and_all_stay_in_the_database(portal, dana):
    for _ in range(2):
        dana.post("/class/publish", data={"a": "a1"})
    dana.post("/class/withdraw", data={"a": "a1"})
    assert shown(portal) is None
    with portal.database.read() as session:
        assert session.query(PublicationRow).count() == 2
    assert whats(portal)[-1] == ("dana", "withdrawn", "a1")


def test_hiding_what_is_hidden_is_no_event(portal, dana):
    dana.post("/class/withdraw", data={"a": "a1"})
    assert whats(portal) == []


# --- Regrading ---


@pytest.fixture
def regraded(portal):
    """Graded by an earlier suite, and again by today's: ada up by 20, bob down by 5, eve the same."""
    for student, old, new in (("ada", 40.0, 60.0), ("bob", 30.0, 25.0), ("eve", 10.0, 10.0)):
        id_ = graded(portal.database, submitted(portal.database, student, 1), old, suite=OLD)
        graded(portal.database, id_, new, counts=False)


def test_the_proposal_says_who_goes_up_and_who_down_and_changes_nothing(portal, regraded, dana):
    found = proposal(portal)
    assert str(found) == "2 marks change: 1 up, 1 down"
    assert found.changes == (MarkChange("ada", 40.0, 60.0), MarkChange("bob", 30.0, 25.0))
    assert "2 marks change: 1 up, 1 down" in dana.get("/class/regrade").text
    assert scores(portal) == {"ada": 40.0, "bob": 30.0, "eve": 10.0}


def test_a_proposal_says_how_many_are_still_to_be_graded(portal, regraded):
    id_ = graded(portal.database, submitted(portal.database, "ada", 2), 1.0, suite=OLD)
    with portal.database.write() as session:
        session.add(JobRow(submission_id=id_, suite=SUITE, rank=2, queued=NOON))
    assert (proposal(portal).gradings, proposal(portal).waiting) == (3, 1)


def test_applying_lets_todays_gradings_count_one_for_each_submission(portal, regraded, dana):
    decide(dana, "apply")
    assert scores(portal) == {"ada": 60.0, "bob": 25.0, "eve": 10.0}
    assert proposal(portal) is None
    with portal.database.read() as session:
        assert [g.suite for g in session.query(GradingRow).filter_by(counts=True)] == [SUITE] * 3


def test_reverting_gives_back_what_counted_and_the_proposal(portal, regraded, dana):
    decide(dana, "apply")
    decide(dana, "revert")
    assert scores(portal) == {"ada": 40.0, "bob": 30.0, "eve": 10.0}
    assert str(proposal(portal)) == "2 marks change: 1 up, 1 down"
    decide(dana, "revert")  # nothing is left to revert
    assert scores(portal) == {"ada": 40.0, "bob": 30.0, "eve": 10.0}


def test_reverting_leaves_alone_what_came_in_after_the_regrade(portal, regraded, dana):
    decide(dana, "apply")
    graded(portal.database, submitted(portal.database, "bob", 2), 50.0)
    decide(dana, "revert")
    assert scores(portal)["bob"] == 50.0


def test_what_was_discarded_does_not_come_back_until_the_checks_change_again(portal, regraded, dana):
    decide(dana, "discard")
    assert proposal(portal) is None
    assert scores(portal) == {"ada": 40.0, "bob": 30.0, "eve": 10.0}
    with portal.database.write() as session:
        for id_ in [g.submission_id for g in session.query(GradingRow).filter_by(counts=True)]:
            session.add(grading_of_third_suite(id_))
    assert str(proposal(portal, ENTRY.model_copy(update={"suite": "8" * 64}))) == "3 marks change: 2 up, 1 down"


def grading_of_third_suite(id_):
    sums = {"score": 35.0, "max_score": 100.0, "carried": 0.0, "status": "graded", "flags": [], "graded": NOON}
    return GradingRow(submission_id=id_, suite="8" * 64, result="b" * 64, counts=False, questions=[], **sums)


def test_each_decision_is_in_the_record(portal, regraded, dana):
    for what in ("apply", "revert", "discard"):
        decide(dana, what)
    assert [each[1] for each in whats(portal)] == ["regrade_applied", "regrade_reverted", "regrade_discarded"]


def test_another_decision_is_refused_in_one_line(portal, regraded, dana):
    answer = dana.post("/class/regrade", data={"a": "a1", "what": "delete"})
    assert answer.status_code == 400
    assert "what: expected one of apply, discard, revert, got &#39;delete&#39;." in answer.text


# --- Exports ---


def test_the_csv_has_the_marks_and_the_record_says_who_took_it(portal, dana):
    graded(portal.database, submitted(portal.database, "ada", 1), 60.0, 20.0, carried=5.0)
    answer = dana.get("/class/export?a=a1&format=csv")
    assert answer.headers["content-disposition"].startswith("attachment;")
    first, *_ = csv.DictReader(io.StringIO(answer.text))
    assert (first["student"], first["raw"], first["carried"], first["score"]) == ("ada", "80", "5", "85")
    assert whats(portal) == [("dana", "exported", "a1")]


def test_canvas_gets_a_column_with_the_assignments_title(portal, dana):
    graded(portal.database, submitted(portal.database, "ada", 1), 60.0, 20.0)
    first, *_ = csv.reader(io.StringIO(dana.get("/class/export?a=a1&format=canvas").text))
    assert first[-1] == "Climber"


def test_an_unknown_format_is_refused_in_one_line(dana):
    answer = dana.get("/class/export?a=a1&format=xls")
    assert answer.status_code == 400
    assert "format: expected one of csv, canvas, got" in answer.text
