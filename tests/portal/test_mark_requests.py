"""Requests: after publication and within days, one open a question, answered in words, and no result is edited."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from portal.portal_helpers import at, send
from portal.portal_web import browser_of
from portal.student_desk import graded, result
from sqlalchemy import delete

from autograder.course import bundled_course
from autograder.portal.catalogue import Catalogue, CatalogueEntry, CatalogueQuestion
from autograder.portal.hand_marks import given_by_hand
from autograder.portal.opening import bring_jobs_up_to_date
from autograder.portal.portal import Portal
from autograder.portal.queue_grader import QueueGrader
from autograder.portal.schema import EventRow, GradingRow, JobRow, PublicationRow, RequestRow

NAME = "a1_gradient_ascent"
WORDS = "My threshold is right, see code cell 14."


class Clock:
    """The portal's time: a number of seconds after noon, which a test may move."""

    seconds = 1000

    def __call__(self):
        return at(self.seconds)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def portal(database, places, clock):
    questions = (
        CatalogueQuestion(id="q1", title="slope", points=5),
        CatalogueQuestion(id="q2", title="step", points=5),
    )
    entry = CatalogueEntry(name=NAME, title="Climber", suite="5" * 64, submission_seconds=9, questions=questions)
    key = Ed25519PrivateKey.from_private_bytes(bytes(32))
    return Portal(bundled_course(), Catalogue(entries=(entry,)), database, places, key, clock)


@pytest.fixture
def sent(portal):
    """A hand-in of ada's."""
    return send(portal.database, portal.places, b"{}", student="ada", assignment=NAME, received=at(0)).submission


@pytest.fixture
def published(portal):
    with portal.database.write() as session:
        session.add(PublicationRow(assignment=NAME, at=at(500), by="dana", shown={}))


def ask(portal, sent, person="ada", text=WORDS, question="q1"):
    form = {"question": question, "text": text}
    return browser_of(portal, person).post(f"/a/{NAME}/{sent.id}/request", data=form)


def rows(portal):
    with portal.database.read() as session:
        return session.query(RequestRow).all()


def test_a_request_waits_for_staff_with_its_words(portal, sent, published):
    assert ask(portal, sent).status_code == 303
    page = browser_of(portal, "dana").get("/class/requests").text
    assert WORDS in page
    assert "ada" in page


def test_nobody_asks_before_publication(portal, sent):
    answer = ask(portal, sent)
    assert "expected published marks" in answer.text
    assert rows(portal) == []


def test_nobody_asks_when_the_days_are_over(portal, sent, published, clock):
    clock.seconds = 500 + timedelta(days=7).total_seconds()
    assert ask(portal, sent).status_code == 303
    clock.seconds += 1
    assert ask(portal, sent, question="q2").status_code == 400
    assert len(rows(portal)) == 1


def test_of_one_question_one_request_is_open(portal, sent, published):
    assert ask(portal, sent).status_code == 303
    assert "one open request a question" in ask(portal, sent).text
    assert ask(portal, sent, question="q2").status_code == 303


@pytest.mark.parametrize("text", ["x" * 19, "x" * 1001, " " * 40])
def test_a_request_has_twenty_to_a_thousand_characters(portal, sent, published, text):
    assert "expected 20 to 1000 characters" in ask(portal, sent, text=text).text


def test_nobody_asks_about_the_work_of_another(portal, sent, published):
    assert ask(portal, sent, person="bob").status_code == 404
    assert ask(portal, sent, question="q9").status_code == 404
    assert rows(portal) == []


def test_points_are_added_with_a_reason_and_belong_to_the_question(portal, sent, published):
    ask(portal, sent)
    dana, place = browser_of(portal, "dana"), f"/class/requests/{rows(portal)[0].id}"
    assert WORDS in dana.get(place).text
    assert "expected words for the student" in dana.post(place, data={"added": "2", "text": " "}).text
    assert dana.post(place, data={"added": "2", "text": "You are right."}).status_code == 303
    with portal.database.read() as session:
        assert given_by_hand(session, portal.catalogue.entries[0])["ada"]["q1"].points == 2.0
    assert "Points were added" in dana.get(place).text


def test_a_request_that_was_declined_adds_nothing_and_is_answered_once(portal, sent, published):
    ask(portal, sent)
    dana, place = browser_of(portal, "dana"), f"/class/requests/{rows(portal)[0].id}"
    dana.post(place, data={"added": "", "text": "Its sign is wrong for h < 0."})
    assert "expected an open one" in dana.post(place, data={"added": "3", "text": "Yes."}).text
    with portal.database.read() as session:
        assert given_by_hand(session, portal.catalogue.entries[0]) == {}
    assert [(row.state, row.by) for row in rows(portal)] == [("declined", "dana")]


def test_there_is_no_page_of_a_request_that_nobody_made(portal):
    assert browser_of(portal, "dana").get("/class/requests/none").status_code == 404


@dataclass
class FakeGrader:
    """It gives a prepared result."""

    result: object

    def grade(self, _):
        return self.result


def graded_again(portal, result):
    """dana's page after she let a request's hand-in be graded again, with this result."""
    dana, place = browser_of(portal, "dana"), f"/class/requests/{rows(portal)[0].id}"
    assert dana.post(f"{place}/again").status_code == 303
    assert "It is graded again now" in dana.get(place).text
    queue = QueueGrader(
        portal.database, portal.places, FakeGrader(result), "g", timedelta(60), slow=True, clock=portal.clock
    )
    with portal.database.write() as session:
        session.execute(delete(JobRow).where(JobRow.suite == "5" * 64))  # this one is graded, by `graded`
        bring_jobs_up_to_date(session, portal.catalogue.suites)  # as a server that starts meanwhile
    assert queue.grade_next()
    return dana.get(place).text


def test_grading_again_says_that_it_is_identical_and_changes_no_mark(portal, sent, published):
    ask(portal, sent)
    graded(portal, sent, result())
    page = graded_again(portal, result())
    assert "score 6 → 6: <b>identical</b>" in page
    with portal.database.read() as session:
        assert {row.suite: row.counts for row in session.query(GradingRow)} == {"5" * 64: True, "replay": False}
        assert [(e.who, e.about) for e in session.query(EventRow) if e.what == "graded_again"] == [("dana", sent.id)]
    assert "replay" not in browser_of(portal, "ada").get(f"/a/{NAME}/{sent.id}").text


def test_grading_again_says_what_is_different_check_by_check(portal, sent, published):
    ask(portal, sent)
    graded(portal, sent, result())
    page = graded_again(portal, result(concept=6.0).model_copy(update={"seed": "c" * 64}))
    assert "score 6 → 12: <b>different</b>" in page
    assert "<li>other hidden inputs: the secret of the course was changed since</li>" in page
    assert "<li>c1.letter: outcome recorded &#39;fail&#39;, replayed &#39;pass&#39;" in page


def test_what_is_not_graded_yet_is_not_graded_again(portal, sent, published):
    ask(portal, sent)
    dana, place = browser_of(portal, "dana"), f"/class/requests/{rows(portal)[0].id}"
    assert "Grade it again" not in dana.get(place).text
    assert "expected a graded hand-in, got one that waits" in dana.post(f"{place}/again").text
