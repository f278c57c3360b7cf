"""What a student may not see yet is in no byte of any page and no answer: three levels, five moments."""

import asyncio
from datetime import timedelta

import pytest
from portal.open_pages import opened
from portal.portal_helpers import at, send
from portal.portal_web import browser_of
from portal.student_desk import ENTRY, NAME, Clock, graded, result, student_portal
from sqlalchemy import delete

from autograder.portal.credentials import give
from autograder.portal.events import note
from autograder.portal.schema import ExceptionRow, GradingRow, PublicationRow
from autograder.portal.web import event_stream
from autograder.portal.web.application import create_app

DUE = at(3600)
DETAILS = ("HIDDEN-TITLE", "HIDDEN-MESSAGE", "q1.secret", "q1.other")
CONCEPT = ("CONCEPT-TITLE", "CONCEPT-MESSAGE", "c1.letter")
ALWAYS = ("a" * 64, "b" * 64, "b" * 12)
LEVELS = ("public", "counts", "full")
MOMENTS = ("token", "no token", "a friend may still", "after due", "published")


@pytest.fixture
def url(places):
    """What pages do does not depend on the kind of database."""
    return f"sqlite:///{places.database}"


def portal_at(moment, database, places, before, after, entry=ENTRY, given=None, notebook=b"{}"):
    """A portal in which ada handed in, at a moment of the assignment. Returns the portal and her hand-in."""
    clock, given, name = Clock(at(100)), given or result(), entry.name
    portal = student_portal(
        database, places, clock, due=DUE, entry=entry, before_due=before, after_due=after, tokens=1, token_minutes=30.0
    )
    if moment == "no token":
        first = send(database, places, b"first", assignment=name, received=at(0)).submission
        graded(portal, first, given)
    row = send(database, places, notebook, assignment=name, received=at(50)).submission
    graded(portal, row, given)
    if moment == "a friend may still":
        _extend(database, name)
        portal.clock.now = DUE + timedelta(hours=1)
    if moment in {"after due", "published"}:
        portal.clock.now = DUE + timedelta(hours=1)
    if moment == "published":
        with database.write() as session:
            session.add(PublicationRow(assignment=name, at=clock.now, by="dana", shown={}))
    return portal, row


def _extend(database, name):
    with database.write() as session:
        later = DUE + timedelta(days=1)
        session.add(ExceptionRow(assignment=name, student="bob", due=later, why="ill", by="dana", at=at(0)))


def all_bytes(portal, row, monkeypatch):
    """Everything that ada can ask for about her hand-in."""
    browser = browser_of(portal, "ada")
    with portal.database.write() as session:
        token = give(session, "ada", "token", portal.clock(), by="test")
    place = f"/a/{row.assignment}/{row.id}"
    pages = ["/", "/marks", "/me", f"/a/{row.assignment}", place, f"{place}/drawings.css", f"{place}/receipt"]
    answers = [browser.get(path) for path in pages]
    answers.append(browser.get(f"/api/v1/hand-ins/{row.id}", headers={"Authorization": f"Bearer {token}"}))
    assert {answer.status_code for answer in answers} == {200}
    return "".join(answer.text for answer in answers) + stream_of(portal, row, monkeypatch)


def stream_of(portal, row, monkeypatch):
    """The bytes of the stream of ada's page while her hand-in is graded."""
    monkeypatch.setattr(event_stream, "LOOK_SECONDS", 0.01)
    with portal.database.write() as session:
        cookie = give(session, "ada", "session", portal.clock(), by="test")

    async def listened():
        async with opened(create_app(portal), cookie) as page:
            with portal.database.write() as session:
                note(session, at(60), "HIDDEN-MESSAGE", "graded", row.id, counts=True, c1="CONCEPT-MESSAGE")
            await page.told(2)
            return page.text

    return asyncio.run(listened())


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("level", LEVELS)
def test_no_byte_says_more_than_the_level_of_the_moment(level, moment, database, places, monkeypatch):
    over = moment in {"after due", "published"}
    portal, row = portal_at(moment, database, places, *(("public", level) if over else (level, "full")))
    text = all_bytes(portal, row, monkeypatch)
    now = "public" if moment == "no token" else level
    assert "PUBLIC-TITLE" in text
    assert [word for word in DETAILS if (word in text) != (now == "full")] == []
    assert ("1 of 2 hidden checks pass" in text) == (now == "counts")
    assert [word for word in ALWAYS if word in text] == []
    if moment != "published":
        assert [word for word in CONCEPT if word in text] == []
    assert (CONCEPT[0] in text) == (moment == "published" and now == "full")


@pytest.mark.parametrize("level", LEVELS)
def test_before_publication_no_byte_depends_on_a_concept(level, database, places):
    portal, row = portal_at("token", database, places, level, "full")
    browser = browser_of(portal, "ada")
    place = f"/a/{NAME}/{row.id}"
    before = browser.get(place).text
    right = result(concept=6.0)
    with database.write() as session:
        session.execute(delete(GradingRow).where(GradingRow.submission_id == row.id))
    graded(portal, row, right)
    assert browser.get(place).text == before
