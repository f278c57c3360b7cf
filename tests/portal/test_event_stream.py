"""Open pages are told that something changed: each person of what their pages show, and nothing of what it was."""

import asyncio
import os
import re
import threading
from urllib.parse import quote

import pytest
import sqlalchemy
from portal.open_pages import OpenPage, opened
from portal.portal_helpers import at, send
from portal.portal_web import browser_of
from portal.student_desk import NAME, Clock, graded, result, student_portal

from autograder.portal.bells import made_bell, ring
from autograder.portal.credentials import give, revoke_all
from autograder.portal.events import note
from autograder.portal.schema import EventRow, PersonRow
from autograder.portal.web import event_stream
from autograder.portal.web.application import create_app
from autograder.portal.web.event_stream import EventStreams


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """It looks often, and tells all at once."""
    monkeypatch.setattr(event_stream, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(event_stream, "STEP_SECONDS", 0.0)


@pytest.fixture
def url(places):
    """Streams do not depend on the kind of database; what does is a number that comes late, and a test does it."""
    return f"sqlite:///{places.database}"


@pytest.fixture
def portal(database, places):
    return student_portal(database, places, Clock(at(100)))


def cookie_of(portal, person):
    with portal.database.write() as session:
        return give(session, person, "session", portal.clock(), by="test")


def add(portal, what, about, number=None, **data):
    with portal.database.write() as session:
        if number is None:
            note(session, at(100), "test", what, about, **data)
        else:
            session.add(EventRow(id=number, at=at(100), who="test", what=what, about=about, data=data))


def test_the_stream_says_that_something_changed_and_nothing_else(portal):
    async def story():
        app = create_app(portal)
        async with (
            opened(app, cookie_of(portal, "ada")) as ada,
            opened(app, cookie_of(portal, "bob")) as bob,
            opened(app, cookie_of(portal, "dana")) as dana,
        ):
            sent = await asyncio.to_thread(send, portal.database, portal.places, b"{}", assignment=NAME)
            await ada.told(2)
            await dana.told(2)
            graded(portal, sent.submission, result())
            add(portal, "graded", sent.submission.id, counts=True, score=6.0)
            await ada.told(3)
            await dana.told(3)
            add(portal, "published", NAME)
            await bob.told(2)
            return ada, bob

    ada, bob = asyncio.run(story())
    assert (ada.status, ada.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
    assert (ada.headers["cache-control"], ada.headers["x-accel-buffering"]) == ("no-store", "no")
    beginning, *rest = bob.text.split("\n\n")
    assert beginning.startswith("retry: ")
    assert 2000 <= int(beginning.removeprefix("retry: ")) < 8000
    assert rest == ["data: changed", "data: changed", ""]  # when it was new, and when marks were published


def news_on(portal, person, path=f"/a/{NAME}"):
    """How much news a page shows, as the page says it."""
    return re.search(r'<main [^>]*data-since="(\d+)"', browser_of(portal, person).get(path).text)[1]


@pytest.mark.parametrize(("person", "path"), [("ada", f"/a/{NAME}"), ("dana", "/class")])
def test_a_page_that_shows_all_is_told_only_of_what_comes_after_it(portal, person, path):
    """Without this, each page would be asked for twice: the news at its beginning would be what it shows."""

    async def story():
        streams, cookie = EventStreams(portal), cookie_of(portal, person)
        early = await asyncio.to_thread(news_on, portal, person, path)
        await asyncio.to_thread(send, portal.database, portal.places, b"{}", assignment=NAME)
        late = await asyncio.to_thread(news_on, portal, person, path)
        app = create_app(portal, streams=streams)
        behind, whole = OpenPage(app, cookie, early), OpenPage(app, cookie, late)
        await behind.told(1)
        await whole.until(lambda: "retry" in whole.text)
        for _ in range(3):
            await streams.tell()
        told_early = whole.text.count("data:")
        add(portal, "published", NAME)
        await whole.told(1)
        await behind.told(2)
        await asyncio.gather(whole.close(), behind.close())
        return told_early

    assert asyncio.run(story()) == 0


def test_a_new_page_is_not_told_of_what_came_between_two_looks_if_it_shows_it(portal, monkeypatch):
    async def never(_):
        await asyncio.sleep(0)

    async def story():
        monkeypatch.setattr(EventStreams, "_look", never)  # the test itself says when it looks
        streams, cookie = EventStreams(portal), cookie_of(portal, "ada")
        await streams.tell()
        await asyncio.to_thread(send, portal.database, portal.places, b"{}", assignment=NAME)
        since = await asyncio.to_thread(news_on, portal, "ada")
        page = OpenPage(create_app(portal, streams=streams), cookie, since)
        await page.until(lambda: "retry" in page.text)
        await streams.tell()
        add(portal, "published", NAME)
        await streams.tell()
        await page.told(1)
        await page.close()
        return page.text.count("data:")

    assert asyncio.run(story()) == 1


@pytest.mark.parametrize("since", ["", "-1", "1e3", "²", "9" * 400, "undefined"])
def test_a_page_that_does_not_say_what_it_shows_is_told_at_once(portal, since):
    async def story():
        page = OpenPage(create_app(portal), cookie_of(portal, "ada"), quote(since))
        await page.told(1)
        await page.close()

    asyncio.run(story())


def test_the_streams_look_when_a_bell_rings(portal, monkeypatch):
    monkeypatch.setattr(event_stream, "LOOK_SECONDS", 3600.0)
    monkeypatch.setattr(event_stream, "REST", 0)
    heard, ringing = made_bell()
    portal.database.wrote = lambda: ring([ringing])

    async def story():
        app = create_app(portal, streams=EventStreams(portal, heard))
        async with opened(app, cookie_of(portal, "ada")) as page:
            for number in (2, 3):
                add(portal, "published", NAME)
                await page.told(number)

    asyncio.run(story())
    os.close(heard)
    os.close(ringing)


def test_an_event_whose_number_comes_into_view_late_is_told_too_and_each_only_once(portal):
    """In PostgreSQL the transaction of number 9 may end after the one of number 10."""

    async def story():
        async with opened(create_app(portal), cookie_of(portal, "dana")) as page:
            add(portal, "joined", "bob", number=10_000)
            await page.told(2)
            add(portal, "joined", "eve", number=9_999)
            await page.told(3)
            add(portal, "joined", "ada", number=10_001)
            await page.told(4)
            return page.text.count("data:")

    assert asyncio.run(story()) == 4


def end_sessions(session):
    revoke_all(session, "ada", at(100), by="dana")


def make_inactive(session):
    session.get(PersonRow, "ada").active = False


def make_grader(session):
    session.get(PersonRow, "ada").role = "grader"


@pytest.mark.parametrize("change", [end_sessions, make_inactive, make_grader])
def test_a_stream_ends_when_its_session_or_its_persons_right_does(portal, change):
    async def story():
        async with opened(create_app(portal), cookie_of(portal, "ada")) as page:
            with portal.database.write() as session:
                change(session)
            async with asyncio.timeout(60):
                await page.ended
            return page.text

    assert asyncio.run(story()).count("data:") == 1


def test_a_stream_that_has_nothing_to_say_says_so(portal, monkeypatch):
    monkeypatch.setattr(event_stream, "HEARTBEAT_SECONDS", 0.01)

    async def story():
        async with opened(create_app(portal), cookie_of(portal, "ada")) as page:
            await page.until(lambda: page.text.endswith(":\n\n"))

    asyncio.run(story())


def test_a_browser_and_the_whole_portal_have_a_number_of_streams(portal, monkeypatch):
    monkeypatch.setattr(event_stream, "MOST_OF_SESSION", 2)
    monkeypatch.setattr(event_stream, "MOST", 3)

    async def story():
        app, ada, bob, eve = create_app(portal), *(cookie_of(portal, name) for name in ("ada", "bob", "eve"))

        async def refused(cookie):
            page = OpenPage(app, cookie)
            await page.ended
            return page.status, page.headers["retry-after"]

        async with opened(app, ada), opened(app, ada):
            assert await refused(ada) == (429, "60")
            async with opened(app, bob):
                assert await refused(eve) == (429, "60")
            async with opened(app, eve):
                pass

    asyncio.run(story())


def test_a_page_that_is_closed_leaves_nothing_behind(portal):
    async def story():
        async with opened(create_app(portal), cookie_of(portal, "ada")):
            started = asyncio.all_tasks() - {asyncio.current_task()}
            assert started
        async with asyncio.timeout(60):
            await asyncio.wait(started)

    asyncio.run(story())


def test_many_pages_ask_the_database_no_more_often_than_one_and_have_no_threads(portal, monkeypatch):
    """All are told by one look of two queries."""
    queries = []

    async def never(_):
        await asyncio.sleep(0)

    async def story():
        streams = EventStreams(portal)
        app = create_app(portal, streams=streams)
        cookie = [cookie_of(portal, "ada") for _ in range(50)]
        monkeypatch.setattr(EventStreams, "_look", never)  # the test itself says when it looks
        pages = []
        for text in cookie:
            pages.append(OpenPage(app, text))
            await pages[-1].until(lambda: "retry" in pages[-1].text)
        threads = threading.active_count()
        sqlalchemy.event.listen(
            portal.database.engine, "before_cursor_execute", lambda *given: queries.append(given[2])
        )
        await streams.tell()
        for page in pages:
            await page.told(1)
        assert threading.active_count() <= threads
        streams.end()
        await asyncio.gather(*(page.ended for page in pages))

    asyncio.run(story())
    assert [query.split()[0] for query in queries] == ["BEGIN", "SELECT", "SELECT"]


def test_when_the_server_ends_so_do_the_streams(portal):
    async def story():
        streams = EventStreams(portal)
        async with opened(create_app(portal, streams=streams), cookie_of(portal, "ada")) as page:
            streams.end()
            async with asyncio.timeout(60):
                await page.ended

    asyncio.run(story())


def test_when_the_database_fails_the_streams_end_and_a_new_one_works_again(portal, monkeypatch):
    async def story():
        app, cookie = create_app(portal), cookie_of(portal, "ada")
        async with opened(app, cookie) as page:
            with monkeypatch.context() as patch:
                patch.setattr(event_stream, "changes_of", None)
                async with asyncio.timeout(60):
                    await page.ended
        async with opened(app, cookie):
            pass

    asyncio.run(story())
