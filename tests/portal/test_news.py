"""Whose pages an event changes, and how much news there is for a person."""

from types import SimpleNamespace

import pytest
from portal.portal_helpers import at, send
from portal.student_desk import NAME, Clock, student_portal

from autograder.portal.events import note
from autograder.portal.news import amount_of_news, changes_of

PAGES = [("ada", "student"), ("bob", "student"), ("dana", "instructor")]


def event(what, about, student=None, **data):
    return SimpleNamespace(what=what, about=about, student=student, data=data)


@pytest.mark.parametrize(
    ("one", "ada", "bob"),
    [
        (event("handed_in", "id", "ada"), True, False),
        (event("graded", "id", "ada", counts=True), True, False),
        (event("graded", "id", "ada"), True, False),  # of a portal that was older
        (event("graded", "id", "ada", counts=False), False, False),  # a proposal, which only staff see
        (event("granted", "ada"), True, False),
        (event("answered", "ada"), True, False),
        (event("marked", "ada"), False, False),  # a mark by hand is seen when marks are published
        (event("settled", "ada"), False, False),
        (event("published", NAME), True, True),
        (event("withdrawn", NAME), True, True),
    ],
)
def test_a_student_is_told_of_what_their_pages_show_and_staff_of_all(one, ada, bob):
    changes = changes_of([one])
    assert [changes.concern(*page) for page in PAGES] == [ada, bob, True]


def test_without_an_event_nobody_is_told():
    assert not any(changes_of([]).concern(*page) for page in PAGES)


def test_the_amount_of_news_grows_by_what_a_students_pages_show_and_for_staff_by_all(database, places):
    portal = student_portal(database, places, Clock(at(100)))
    (sent,) = (send(database, places, b"{}", assignment=NAME).submission,)
    amounts = []

    def add(what, about, **data):
        with database.write() as session:
            note(session, at(1), "test", what, about, **data)
        with database.read() as session:
            amounts.append([amount_of_news(session, portal, *page) for page in PAGES])

    add("graded", sent.id, counts=True)
    add("graded", sent.id, counts=False)
    add("marked", "ada")
    add("granted", "ada")
    add("published", NAME)
    add("granted", "bob")
    assert amounts == [[2, 0, 2], [2, 0, 3], [2, 0, 4], [3, 0, 5], [4, 1, 6], [4, 2, 7]]
