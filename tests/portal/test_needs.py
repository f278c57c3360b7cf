"""What needs a person: each reason until somebody settled it, and again if it changes."""

import hashlib

import pytest
from portal.class_helpers import ENTRY, graded, portal_with, submitted
from portal.portal_helpers import NOON, SUITE
from portal.portal_web import browser_of
from result_builders import nothing, record

from autograder.portal.needs import needs_of
from autograder.portal.schema import EventRow, GradingRow, JobRow
from autograder.records.flags import Flag

CHANGED = Flag(kind="checks_changed", data=("q1.example",))


@pytest.fixture
def portal(database, places):
    return portal_with(database, places)


@pytest.fixture
def dana(portal):
    return browser_of(portal, "dana")


def given(portal, student, result, seconds=1, **fields):
    """A submission with this result, in a file and in a row."""
    data = result.to_json().encode()
    sha256 = hashlib.sha256(data).hexdigest()
    portal.places.result_of(sha256).write_bytes(data)
    flags = sorted({flag.kind for flag in result.flags if flag.advice})
    row = {"status": result.status, "flags": flags, "score": result.score, "result": sha256, **fields}
    return graded(portal.database, submitted(portal.database, student, seconds), **row)


def needs(portal, *, everything=False):
    with portal.database.read() as session:
        found = needs_of(session, portal.places, ENTRY)
    return [(n.attempt.student, n.kind, n.detail) for n in found if everything or n.is_open]


def settle(portal, browser, note="looked", **changed):
    with portal.database.read() as session:
        need = next(n for n in needs_of(session, portal.places, ENTRY) if n.is_open)
    form = {"a": "a1", "submission": need.attempt.id, "kind": need.kind, "detail": need.detail_sha256, "note": note}
    return browser.post("/class/needs", data=form | changed)


def test_each_reason_is_there_with_its_words_and_the_rest_of_the_class_is_not(portal):
    given(portal, "ada", nothing("ada", status="error", reason="the disk was full"))
    given(portal, "bob", nothing("bob", status="malformed", reason="no notebook"))
    given(portal, "eve", record("eve", flags=(CHANGED, Flag(kind="libraries", data=("torch",)))))
    assert needs(portal) == [
        ("ada", "error", "the disk was full"),
        ("bob", "malformed", "no notebook"),
        ("eve", "flag:checks_changed", "public checks changed or removed: q1.example"),
    ]


def test_what_a_newer_submission_replaced_needs_nobody(portal):
    given(portal, "ada", nothing("ada", status="malformed"), seconds=1)
    given(portal, "ada", record("ada"), seconds=2)
    assert needs(portal) == []


def test_what_was_adopted_and_what_no_grader_could_finish_need_a_person(portal):
    submitted(portal.database, "ada", 1, adopted=True)
    stuck = submitted(portal.database, "bob", 2)
    with portal.database.write() as session:
        session.add(JobRow(submission_id=stuck, suite=SUITE, rank=0, queued=NOON, tries=3))
    assert [each[:2] for each in needs(portal)] == [("bob", "given up"), ("ada", "adopted")]


def test_a_flag_that_most_of_a_class_has_is_of_the_release(portal):
    for student in ("ada", "bob", "eve"):
        given(portal, student, record(student, flags=(CHANGED,)))
    assert needs(portal) == []


def test_a_reason_is_settled_with_a_note_and_the_record_has_it(portal, dana):
    given(portal, "ada", nothing("ada", status="malformed", reason="no notebook"))
    assert "no notebook" in dana.get("/class/needs").text
    assert settle(portal, dana, note="sent her a mail").status_code == 303
    assert needs(portal) == []
    assert "sent her a mail" in dana.get("/class/needs").text
    with portal.database.read() as session:
        event = session.query(EventRow).filter_by(what="settled").one()
    assert (event.who, event.about, event.data["note"]) == ("dana", "ada", "sent her a mail")


def test_without_a_note_nothing_is_settled(portal, dana):
    given(portal, "ada", nothing("ada", status="malformed"))
    answer = settle(portal, dana, note="  ")
    assert answer.status_code == 400
    assert "Hint: say in a few words what you found" in answer.text
    assert len(needs(portal)) == 1


def test_a_settled_reason_comes_back_when_it_changes(portal, dana):
    """The same submission, graded again: another reason in words is another reason."""
    id_ = given(portal, "ada", nothing("ada", status="error", reason="the disk was full"))
    settle(portal, dana)
    assert needs(portal) == []
    regraded(portal, id_, nothing("ada", status="error", reason="the sandbox did not start"))
    assert needs(portal) == [("ada", "error", "the sandbox did not start")]
    regraded(portal, id_, nothing("ada", status="error", reason="the disk was full"))
    assert needs(portal) == []


def regraded(portal, id_, result):
    data = result.to_json().encode()
    sha256 = hashlib.sha256(data).hexdigest()
    portal.places.result_of(sha256).write_bytes(data)
    with portal.database.write() as session:
        session.get(GradingRow, (id_, SUITE)).result = sha256


def test_a_reason_that_is_not_there_any_more_cannot_be_settled(portal, dana):
    given(portal, "ada", nothing("ada", status="malformed"))
    assert settle(portal, dana, detail="0" * 64).status_code == 404
    assert settle(portal, dana, kind="flag:none").status_code == 404
    assert len(needs(portal)) == 1


def test_a_result_whose_file_is_lost_still_needs_a_person(portal, dana):
    graded(portal.database, submitted(portal.database, "ada", 1), status="error")
    assert needs(portal) == [("ada", "error", "")]
    assert dana.get("/class/needs").status_code == 200
