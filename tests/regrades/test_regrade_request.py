"""A request: what makes it the same one, what opens it anew, and what of its text is kept."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from autograder.course import open_course
from autograder.errors import AutograderError
from autograder.regrades.regrade_file import FILE, change_regrades, read_regrades
from autograder.regrades.regrade_request import LONGEST_REASON, Asking, RegradeRequest, with_askings

THEN, NOW = datetime(2026, 10, 12, 9, tzinfo=UTC), datetime(2026, 11, 1, 9, tzinfo=UTC)
FILE_OF_ADA = Asking("ada", "a1", "", "q2 is right: x is allowed to be empty.", "file", "regrade.md")
GRADING = "ab" * 32


def add(requests, *askings, now=THEN, grading=GRADING):
    return with_askings(requests, askings, now, grading)


def test_a_request_is_open_and_knows_the_grading_of_its_day():
    (request,) = add((), FILE_OF_ADA)
    assert (request.state, request.grading, request.asked_at) == ("open", GRADING, THEN)
    assert request.reason == FILE_OF_ADA.reason


def test_the_same_reason_is_the_same_request_and_changes_nothing():
    once = add((), FILE_OF_ADA)
    assert add(once, FILE_OF_ADA, now=NOW, grading="") == once


def test_a_settled_request_whose_reason_changed_is_open_anew_and_one_that_did_not_stays_settled():
    (request,) = add((), FILE_OF_ADA)
    settled = (request.settled("Right, 4 points more.", NOW, (40.0, 44.0)),)
    assert add(settled, FILE_OF_ADA, now=NOW) == settled
    (anew,) = add(settled, replace(FILE_OF_ADA, reason="And q3, too."), now=NOW, grading="cd" * 32)
    assert (anew.id, anew.state, anew.note, anew.before, anew.after) == (request.id, "open", "", None, None)
    assert (anew.grading, anew.asked_at) == ("cd" * 32, NOW)


def test_each_issue_and_each_question_of_a_list_is_a_request_of_its_own_and_the_list_is_sorted():
    issue = replace(FILE_OF_ADA, origin="issue", source="school/ada#1")
    listed = replace(FILE_OF_ADA, origin="list", question="q1")
    askings = [issue, replace(issue, source="school/ada#2"), listed, replace(listed, question="q2"), FILE_OF_ADA]
    bob = replace(FILE_OF_ADA, student="bob")
    requests = add((), bob, *askings)
    assert len({r.id for r in requests}) == 6
    assert requests == add((), *reversed(askings), bob)
    assert [r.student for r in requests] == ["ada"] * 5 + ["bob"]


def test_an_issue_whose_title_names_another_assignment_is_the_same_request_open_anew():
    issue = replace(FILE_OF_ADA, origin="issue", source="school/ada#1")
    (request,) = add((), issue)
    (moved,) = add((request.settled("no", NOW, (1.0, 1.0)),), replace(issue, assignment="a2"))
    assert (moved.id, moved.assignment, moved.state) == (request.id, "a2", "open")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("  two\r\nlines \n", "two\nlines"),
        ("\x1b[31mred\x1b[0m\u202eback", "�[31mred�[0m�back"),
        ("\ud800", "�"),
        ("<script>::error::=1+1", "<script>::error::=1+1"),
        ("é" * 20_000, "é" * LONGEST_REASON),
    ],
)
def test_a_reason_is_bounded_text_without_control_signs(text, kept):
    (request,) = add((), replace(FILE_OF_ADA, reason=text))
    assert request.reason == kept


def test_no_reason_is_no_request():
    assert add((), replace(FILE_OF_ADA, reason=" \n\t ")) == ()


@pytest.fixture
def course(tmp_path):
    (tmp_path / "course.toml").write_text('title = "T"\n')
    return open_course(tmp_path)


def test_the_file_gives_back_what_was_written_and_is_not_written_for_nothing(course):
    assert read_regrades(course) == ()
    before, after = change_regrades(course, lambda requests: add(requests, FILE_OF_ADA))
    assert (before, len(after)) == ((), 1)
    path = course.work / FILE
    assert read_regrades(course) == after
    stamp = path.stat().st_mtime_ns
    change_regrades(course, lambda requests: add(requests, FILE_OF_ADA))
    assert path.stat().st_mtime_ns == stamp
    assert [p.name for p in course.work.iterdir()] == [FILE]


@pytest.mark.parametrize("text", ["", "[]", '{"schema": 2, "requests": []}', '{"schema": 1, "requests": [{"id": 3}]}', '{"schema": 1, "x": 0}'])  # fmt: skip
def test_a_damaged_file_is_one_line_and_is_not_overwritten(course, text):
    course.work.mkdir()
    (course.work / FILE).write_text(text)
    with pytest.raises(AutograderError, match=r"regrades\.json: expected regrade requests, got something else") as said:
        change_regrades(course, lambda requests: add(requests, FILE_OF_ADA))
    assert "\n" not in str(said.value)
    assert (course.work / FILE).read_text() == text


@pytest.mark.parametrize(
    "field", [{"before": float("nan")}, {"state": "won"}, {"grading": "../x"}, {"reason": "x" * 5001}]
)
def test_a_field_out_of_its_bounds_is_refused(field):
    (request,) = add((), FILE_OF_ADA)
    with pytest.raises(ValidationError):
        RegradeRequest.model_validate(request.model_dump() | field)
