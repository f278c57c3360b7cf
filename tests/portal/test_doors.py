"""Coming in and going out: by a link that shows a button, and never by a request of another site."""

from datetime import timedelta

import pytest
from portal.portal_helpers import NOON, send
from portal.portal_web import browser_of, portal_of

from autograder.portal.credentials import give
from autograder.portal.web.application import ROUTES
from autograder.portal.web.guard import POLICY


@pytest.fixture
def url(places):
    """What pages do does not depend on the kind of database."""
    return f"sqlite:///{places.database}"


@pytest.fixture
def portal(course, database, places):
    return portal_of(course, database, places)


@pytest.fixture
def link(portal):
    with portal.database.write() as session:
        return "/join/" + give(session, "ada", "invitation", NOON, by="test")


def test_opening_a_link_signs_nobody_in_and_the_button_does_once(portal, link):
    browser = browser_of(portal)
    for _ in range(2):  # a program of mail may open it first
        assert "Sign in" in browser.get(link).text
    assert browser.get("/").headers["location"] == "/signin"
    assert browser.post(link).status_code == 303
    assert browser.get("/").status_code == 200
    assert browser_of(portal).post(link).status_code == 410


def test_a_page_does_not_wait_while_another_writes(portal, link):
    """SQLite has one writer at a time; the page would wait 30 seconds for it, and then fail."""
    browser = browser_of(portal)
    browser.post(link)
    assert browser.get("/").status_code == 200  # the first visit writes down that the session was used
    with portal.database.write() as session:
        give(session, "bob", "token", NOON, by="test")
        session.flush()
        assert browser.get("/").status_code == 200


def test_the_cookie_is_for_no_script_and_no_other_site(portal, link):
    cookie = browser_of(portal).post(link).headers["set-cookie"]
    assert {"HttpOnly", "Path=/", "SameSite=lax"} <= set(cookie.split("; "))


def test_signing_out_ends_the_session_for_whoever_kept_the_cookie(portal, link):
    browser = browser_of(portal)
    browser.post(link)
    kept = browser.cookies["session"]
    browser.post("/signout")
    browser.cookies.set("session", kept)
    assert browser.get("/").headers["location"] == "/signin"


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "", "Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "", "Origin": "null"},
        {"Sec-Fetch-Site": ""},
    ],
)
def test_a_page_of_another_site_changes_nothing(portal, headers):
    browser = browser_of(portal, "ada")
    assert browser.post("/signout", headers=headers).status_code == 403
    assert browser.get("/").status_code == 200


def test_an_older_browser_is_known_by_its_origin(portal):
    headers = {"Sec-Fetch-Site": "", "Origin": "http://127.0.0.1:8000"}
    assert browser_of(portal, "ada").post("/signout", headers=headers).status_code == 303


@pytest.mark.parametrize("path", ["/", "/signin", "/join/none", "/nowhere", "/static/portal.css", "/static/../app.py"])
def test_every_answer_forbids_what_no_page_needs(portal, path):
    answer = browser_of(portal, "ada").get(path)
    assert answer.headers["content-security-policy"] == POLICY
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_form_that_is_too_long_is_not_read(portal, link):
    answer = browser_of(portal).post(link, data={"a": "x" * 100_000})
    assert answer.status_code == 413


@pytest.mark.parametrize(("method", "path", "code"), [("GET", "/nowhere", 404), ("POST", "/signin", 405)])
def test_an_address_without_a_route_has_a_page_with_a_way_back(portal, method, path, code):
    answer = browser_of(portal).ask(method, path)
    assert answer.status_code == code
    assert "There is no such page" in answer.text
    assert 'href="/"' in answer.text


def test_a_monitor_reads_whether_what_comes_in_is_graded_in_time(portal, monkeypatch):
    """From 120 seconds on, the oldest notebook waits too long."""
    monitor = browser_of(portal)
    assert (monitor.get("/readyz").status_code, monitor.get("/readyz").text) == (200, "ready\n")
    send(portal.database, portal.places, b"1", received=portal.clock() - timedelta(seconds=119))
    assert monitor.get("/readyz").status_code == 200
    send(portal.database, portal.places, b"2", student="bob", received=portal.clock() - timedelta(seconds=121))
    late = monitor.get("/readyz")
    assert (late.status_code, late.text[:31]) == (503, "not ready: a notebook waits sin")
    monkeypatch.setattr("autograder.portal.web.doors.has_room", lambda _: False)
    assert monitor.get("/readyz").text == "not ready: the disk is nearly full\n"


def test_no_route_stands_twice():
    assert len({(r.method, r.path) for r in ROUTES}) == len(ROUTES)
