"""Extensions and excuses: granted with a reason, taken back, and each in the record; and a student's file."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from portal.class_helpers import ENTRY, graded, portal_with, submitted
from portal.portal_helpers import NOON, at, send
from portal.portal_web import browser_of

from autograder.portal.class_state import class_marks
from autograder.portal.schema import EventRow, ExceptionRow, PersonRow

HOSTILE = json.dumps({"cells": [{"cell_type": "code", "source": "</pre><script>alert(1)</script>"}]}).encode()


@pytest.fixture
def portal(database, places):
    with database.write() as session:
        session.add(PersonRow(id="tom", role="grader"))
    return portal_with(database, places, due={"a1": NOON}, late_percent_a_day=10.0)


@pytest.fixture
def dana(portal):
    return browser_of(portal, "dana")


def mark(portal):
    with portal.database.read() as session:
        return class_marks(session, portal, ENTRY, portal.clock()).marks["ada"]


def rows(portal):
    with portal.database.read() as session:
        return session.query(ExceptionRow).all()


def events(portal):
    with portal.database.read() as session:
        return [(e.who, e.what, e.about, e.data) for e in session.query(EventRow).order_by(EventRow.id)]


def grant(browser, student="ada", **form):
    return browser.post(f"/class/s/{student}/grant", data={"a": "a1", "why": "ill", **form})


def test_an_extension_makes_late_work_be_in_time_and_taking_it_back_late_again(portal, dana):
    graded(portal.database, submitted(portal.database, "ada", 3600), 60.0, 40.0)
    assert mark(portal).score == 90.0
    assert grant(dana, due="2026-10-12T14:00").status_code == 303
    assert (mark(portal).score, mark(portal).due) == (100.0, datetime(2026, 10, 12, 14, tzinfo=UTC))
    assert dana.post("/class/s/ada/take-back", data={"a": "a1"}).status_code == 303
    assert mark(portal).score == 90.0


def test_each_change_is_in_the_record_with_before_and_after(portal, dana):
    grant(dana, due="2026-10-12T14:00")
    grant(dana, excused="yes", why="moved away")
    dana.post("/class/s/ada/take-back", data={"a": "a1"})
    first = {"due": "2026-10-12T14:00:00+00:00", "excused": False}
    second = {"due": "", "excused": True}
    assert events(portal) == [
        ("dana", "granted", "ada", {"assignment": "a1", "why": "ill", "before": {}, "after": first}),
        ("dana", "granted", "ada", {"assignment": "a1", "why": "moved away", "before": first, "after": second}),
        ("dana", "taken_back", "ada", {"assignment": "a1", "before": second}),
    ]


@pytest.mark.parametrize(
    ("form", "line"),
    [
        ({}, "due: expected a time, or the student excused, got neither."),
        ({"due": "2026-10-12T11:00"}, "due: expected a time after 2026-10-12T12:00:00+00:00"),
        ({"due": "soon"}, "due: expected a time such as 2026-10-12 23:59, got &#39;soon&#39;."),
        ({"due": "9999-12-31T23:59"}, "due: expected a time such as"),
        ({"due": "2026-10-13T11:00", "why": " "}, "why: expected a text, got none."),
        ({"due": "2026-10-13T11:00", "why": "x" * 1001}, "why: expected at most 1000 characters, got 1001."),
    ],
)
def test_what_cannot_be_granted_is_said_in_one_line(portal, dana, form, line):
    answer = grant(dana, **form)
    assert (answer.status_code, rows(portal)) == (400, [])
    assert line in answer.text


def test_staff_and_people_who_are_not_there_get_no_exception(portal, dana):
    assert grant(dana, student="tom", excused="yes").status_code == 404
    assert grant(dana, student="zoe", excused="yes").status_code == 404
    assert rows(portal) == []


def test_a_grader_reads_a_students_file_and_grants_nothing(portal):
    tom = browser_of(portal, "tom")
    assert tom.get("/class/s/ada").status_code == 200
    assert "Grant" not in tom.get("/class/s/ada").text
    assert grant(tom, excused="yes").status_code == 404


def test_a_students_file_has_the_attempts_and_says_which_counts(portal, dana):
    graded(portal.database, submitted(portal.database, "ada", -20), 10.0, 0.0)
    graded(portal.database, submitted(portal.database, "ada", -10), 60.0, 20.0)
    text = dana.get("/class/s/ada").text
    assert text.count("<b>counts</b>") == 1
    assert "Mark <b>80</b> of 100" in text


def test_a_notebook_is_a_file_to_keep_and_its_source_is_text(portal, dana):
    sent = send(portal.database, portal.places, HOSTILE, received=at(5))
    page = dana.get(f"/class/s/ada/{sent.submission.id}").text
    assert "<script>alert" not in page
    assert "&lt;/pre&gt;&lt;script&gt;alert(1)" in page
    answer = dana.get(f"/class/s/ada/{sent.submission.id}/notebook")
    assert answer.content == HOSTILE
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["content-type"] == "application/octet-stream"


def test_bytes_that_are_no_notebook_are_said_in_one_line(portal, dana):
    sent = send(portal.database, portal.places, b"PK\x03\x04 no notebook", received=at(5))
    page = dana.get(f"/class/s/ada/{sent.submission.id}")
    assert page.status_code == 200
    assert "notebook: expected" in page.text


def test_a_submission_of_somebody_else_is_not_found_under_this_student(portal, dana):
    sent = send(portal.database, portal.places, HOSTILE, student="bob", received=at(5))
    assert dana.get(f"/class/s/ada/{sent.submission.id}").status_code == 404
    assert dana.get(f"/class/s/ada/{sent.submission.id}/notebook").status_code == 404


def test_an_exception_of_another_assignment_changes_nothing_here(portal):
    graded(portal.database, submitted(portal.database, "ada", 3600), 60.0, 40.0)
    with portal.database.write() as session:
        session.add(
            ExceptionRow(assignment="a2", student="ada", due=NOON + timedelta(days=9), by="dana", at=NOON, why="x")
        )
    assert mark(portal).score == 90.0
