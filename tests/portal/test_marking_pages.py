"""Grading by hand: without names, by a rubric whose points can change, and told of each other when two save at once."""

import json
import re

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from portal.portal_helpers import at, send
from portal.portal_web import browser_of

from autograder.course import bundled_course
from autograder.portal.catalogue import Catalogue, CatalogueEntry, CatalogueQuestion, RubricLine
from autograder.portal.hand_marks import given_by_hand, in_hidden_order
from autograder.portal.portal import Portal
from autograder.portal.schema import EventRow, HandMarkRow, PersonRow, RubricItemRow

NAME = "a1_gradient_ascent"
DESK = f"/class/h/{NAME}/explain"
RELEASED = json.loads((bundled_course().assignments / NAME / f"{NAME}.ipynb").read_text())
RUBRIC = (RubricLine(text="names the chain rule", points=4), RubricLine(text="wrong direction", points=-2))


def notebook(answer):
    """The released notebook with this answer in the cell that a person reads."""
    cells = [
        {**cell, "source": answer} if cell["metadata"].get("nbgrader", {}).get("grade_id") == "explain" else cell
        for cell in RELEASED["cells"]
    ]
    return json.dumps({**RELEASED, "cells": cells}).encode()


@pytest.fixture
def portal(database, places):
    explain = CatalogueQuestion(id="explain", title="in words", points=10, by_hand=True, rubric=RUBRIC)
    first = CatalogueQuestion(id="q1", title="slope", points=5)
    entry = CatalogueEntry(name=NAME, title="Climber", suite="5" * 64, submission_seconds=9, questions=(first, explain))
    key = Ed25519PrivateKey.from_private_bytes(bytes(32))
    catalogue = Catalogue(entries=(entry,))
    return Portal(bundled_course(), catalogue, database, places, key, lambda: at(1000))


@pytest.fixture
def answers(portal):
    """ada, bob and eve handed in an answer each."""
    for second, student in enumerate(("ada", "bob", "eve")):
        text = f"Error flows back, says number {second}."
        send(portal.database, portal.places, notebook(text), student=student, assignment=NAME, received=at(second))


@pytest.fixture
def dana(portal, answers):
    return browser_of(portal, "dana")


def rows(portal, table):
    with portal.database.read() as session:
        return session.query(table).all()


def item(portal, text):
    return next(row.id for row in rows(portal, RubricItemRow) if row.text == text)


def mark(browser, number, version=0, **form):
    return browser.post(DESK, data={"n": number, "version": version, "free": "0", "comment": "", **form})


def test_the_list_of_questions_says_how_many_answers_wait(dana):
    page = dana.get("/class/h").text
    assert "in words" in page
    assert "slope" not in page  # checks decide about it
    assert '<td data-l="Answers" class="n">3</td><td data-l="Wait" class="n">3</td>' in page


def test_an_answer_is_shown_without_a_name_until_all_are_graded(portal, dana):
    page = dana.get(f"{DESK}?n=1").text
    assert "Error flows back, says number" in page
    for number in (1, 2, 3):
        for address in (f"{DESK}?n={number}", f"{DESK}?n=all"):
            assert not {"ada", "bob", "eve"} & set(re.findall(r"\w+", dana.get(address).text))
        mark(dana, number, free="3")
    assert all(name in dana.get(f"{DESK}?n=all").text for name in ("ada", "bob", "eve"))


def test_the_points_are_those_of_the_lines_and_the_free_ones_within_the_question(portal, dana):
    dana.get(f"{DESK}?n=1")
    chain, wrong = item(portal, "names the chain rule"), item(portal, "wrong direction")
    mark(dana, 1, **{f"item-{chain}": "1", "free": "1.5"})  # 4 + 1.5
    mark(dana, 2, **{f"item-{wrong}": "1"})  # -2, and no less than 0
    mark(dana, 3, **{f"item-{chain}": "1", "free": "99"})  # no more than 10
    with portal.database.read() as session:
        given = given_by_hand(session, portal.catalogue.entries[0])
    assert sorted(each["explain"].points for each in given.values()) == [0.0, 5.5, 10.0]


def test_saving_leads_to_the_next_answer_that_waits_and_then_to_the_list(dana):
    assert mark(dana, 2).headers["location"] == f"{DESK}?n=3"
    assert mark(dana, 3).headers["location"] == f"{DESK}?n=1"
    assert mark(dana, 1).headers["location"] == f"{DESK}?n=all"


def test_of_two_people_who_save_at_once_the_second_is_shown_both(portal, dana):
    with portal.database.write() as session:
        session.add(PersonRow(id="tom", role="grader"))
    tom = browser_of(portal, "tom")
    mark(dana, 1, free="3")
    answer = mark(tom, 1, free="7", comment="mine")
    assert answer.status_code == 409
    assert "dana saved a mark" in answer.text
    assert "free points 7; comment: mine" in answer.text
    assert [row.free for row in rows(portal, HandMarkRow)] == [3.0]
    mark(tom, 1, version=1, free="7")
    assert [(row.free, row.by, row.version) for row in rows(portal, HandMarkRow)] == [(7.0, "tom", 2)]


def test_a_line_that_changes_its_points_changes_every_mark_that_has_it_after_a_question(portal, dana):
    dana.get(f"{DESK}?n=1")
    chain = item(portal, "names the chain rule")
    for number in (1, 2):
        mark(dana, number, **{f"item-{chain}": "1"})
    change = {"item": chain, "text": "names the chain rule", "points": "6"}
    assert "changes the points of 2 marks" in dana.post(f"{DESK}/rubric", data=change).text
    assert next(row.points for row in rows(portal, RubricItemRow) if row.id == chain) == 4
    assert dana.post(f"{DESK}/rubric", data={**change, "sure": "1"}).status_code == 303
    with portal.database.read() as session:
        given = given_by_hand(session, portal.catalogue.entries[0])
    assert [each["explain"].points for each in given.values()] == [6.0, 6.0]


def test_a_line_of_ones_own_is_added_to_the_rubric_with_the_next_key(portal, dana):
    dana.get(f"{DESK}?n=1")
    dana.post(f"{DESK}/rubric", data={"text": "an example", "points": "1,5"})
    assert [(r.text, r.points, r.key) for r in rows(portal, RubricItemRow)][2] == ("an example", 1.5, 3)


def test_an_answer_that_was_changed_since_waits_again(portal, dana):
    for number in (1, 2, 3):
        mark(dana, number, free="3")
    send(portal.database, portal.places, notebook("Another."), student="ada", assignment=NAME, received=at(50))
    page = dana.get(f"{DESK}?n=all").text
    assert "1 of 3 answers wait" in page
    assert "changed since" in page
    send(portal.database, portal.places, notebook("Another. "), student="bob", assignment=NAME, received=at(60))
    assert "2 of 3 answers wait" in dana.get(f"{DESK}?n=all").text


def test_the_same_answer_in_a_newer_notebook_need_not_be_read_again(portal, dana):
    for number in (1, 2, 3):
        mark(dana, number, free="3")
    again = notebook("Error flows back, says number 0.") + b"\n"
    send(portal.database, portal.places, again, student="ada", assignment=NAME, received=at(50))
    assert "All 3 answers are graded." in dana.get(f"{DESK}?n=all").text


def test_a_comment_is_kept_for_other_answers_once(dana):
    for number in (1, 2):
        mark(dana, number, comment="Which layer?", keep="1")
    assert dana.get(f"{DESK}?n=3").text.count("Which layer?") == 1


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"free": "many"}, "free: expected a number from -1000 to 1000, got &#39;many&#39;."),
        ({"free": "nan"}, "free: expected a number"),
        ({"free": "1e9"}, "free: expected a number"),
        ({"comment": "x" * 4001}, "comment: expected at most 4000 characters, got 4001."),
        ({"version": "first"}, "version: expected a number"),
    ],
)
def test_a_form_that_is_wrong_changes_nothing_and_says_what_is_wrong(portal, dana, form, said):
    answer = mark(dana, 1, **form)
    assert answer.status_code == 400
    assert said in answer.text
    assert rows(portal, HandMarkRow) == []


def test_markup_in_an_answer_is_text(portal, dana):
    hostile = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    send(portal.database, portal.places, notebook(hostile), student="ada", assignment=NAME, received=at(70))
    pages = [dana.get(f"{DESK}?n={number}").text for number in (1, 2, 3)]
    assert any("&lt;script&gt;alert(1)" in page for page in pages)
    assert not any("<img" in page or "<script>" in page for page in pages)


def test_a_mark_is_an_event_with_what_was_before(portal, dana):
    mark(dana, 1, free="3")
    mark(dana, 1, version=1, free="4")
    events = [row for row in rows(portal, EventRow) if row.what == "marked"]
    assert [(e.who, e.data["before"].get("free"), e.data["after"]["free"]) for e in events] == [
        ("dana", None, 3.0),
        ("dana", 3.0, 4.0),
    ]


@pytest.mark.parametrize("path", [f"/class/h/{NAME}/q1", "/class/h/none/explain", f"{DESK}?n=4", f"{DESK}?n=-1"])
def test_there_is_no_page_for_what_nobody_grades_by_hand(dana, path):
    assert dana.get(path).status_code == 404


def test_the_order_of_answers_is_another_for_another_question_and_stays():
    students = [f"s{i}" for i in range(20)]
    first = in_hidden_order(b"k", "explain", students)
    assert first == in_hidden_order(b"k", "explain", reversed(students))
    assert first != students
    assert first != in_hidden_order(b"k", "other", students)
