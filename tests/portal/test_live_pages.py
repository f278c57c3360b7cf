"""Pages change by themselves in a real browser, over a real server; and without script they are loaded again."""

from datetime import UTC, datetime

import pytest
from browser import IN_CHROMIUM, SECONDS, browser
from playwright.sync_api import expect
from portal.served_student import served_class

from autograder.portal.credentials import give, revoke_all
from autograder.portal.events import note
from autograder.portal.schema import PersonRow, PublicationRow

pytestmark = IN_CHROMIUM
STUDENTS = ("ada", "bob", "cyd")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with served_class(tmp_path_factory.mktemp("served"), STUDENTS, PersonRow(id="dana", role="instructor")) as running:
        yield running


@pytest.fixture(scope="module")
def chromium():
    with browser() as page:
        expect.set_options(timeout=SECONDS)
        yield page.context.browser


@pytest.fixture
def desk(server, chromium):
    """Opens a page of a person, with script or without."""
    contexts = []

    def open_page(person, path, *, script=True):
        with server.database() as database, database.write() as session:
            text = give(session, person, "session", datetime.now(UTC), by="test")
        context = chromium.new_context(java_script_enabled=script)
        contexts.append(context)
        context.add_cookies([{"name": "session", "value": text, "url": server.url}])
        page = context.new_page()
        page.set_default_timeout(SECONDS)
        page.goto(server.url + path)
        return page

    yield open_page
    for context in contexts:
        context.close()


def hand_in(server, solved, student, seconds=0):
    return server.hand_in(solved.encode() + b" " * seconds, student, datetime.now(UTC))


@pytest.mark.parametrize(("student", "script"), [("ada", True), ("bob", False)])
def test_a_student_hands_in_and_their_page_shows_the_feedback_by_itself(desk, solved, tmp_path, student, script):
    (tmp_path / "a9_test.ipynb").write_text(solved)
    page = desk(student, "/a/a9_test", script=script)
    page.get_by_label("Your notebook").set_input_files(tmp_path / "a9_test.ipynb")
    page.get_by_role("button", name="Hand in").click()
    expect(page.locator("#live[data-live=tell]")).to_contain_text("Question")
    expect(page.get_by_text("waits to be graded")).to_have_count(0)


def test_the_list_of_hand_ins_and_the_class_page_change_and_what_is_typed_stays(server, desk, solved):
    student, staff, typing = desk("cyd", "/a/a9_test"), desk("dana", "/class"), desk("dana", "/class")
    handed_in = staff.locator(".figures li").first
    before = int(handed_in.locator("b").inner_text())
    expect(student.locator("#hand-ins")).to_contain_text("You have handed in nothing yet")
    typing.get_by_label("Find").fill("cy")
    server.wait_until_graded([hand_in(server, solved, "cyd")])
    expect(student.locator("#hand-ins tbody tr")).to_have_count(1)
    expect(student.locator("#hand-ins")).to_contain_text("graded")
    expect(handed_in.locator("b")).to_have_text(str(before + 1))
    expect(typing.get_by_label("Find")).to_have_value("cy")
    expect(typing.locator(".figures li").first.locator("b")).to_have_text(str(before))
    typing.get_by_label("Find").fill("")
    typing.get_by_label("Find").blur()
    expect(typing.locator(".figures li").first.locator("b")).to_have_text(str(before + 1))


def test_a_page_that_somebody_reads_says_that_there_is_something_new(server, desk, solved):
    id_ = hand_in(server, solved, "cyd", 1)
    server.wait_until_graded([id_])
    page = desk("cyd", f"/a/a9_test/{id_}")
    expect(page.get_by_text("provisional")).to_be_visible()
    expect(page.locator("#news")).to_be_empty()
    with server.database() as database, database.write() as session:
        now = datetime.now(UTC)
        session.add(PublicationRow(assignment="a9_test", at=now, by="dana", shown={}))
        note(session, now, "dana", "published", "a9_test")
    expect(page.get_by_role("status").filter(has_text="something new")).to_be_visible()
    expect(page.get_by_text("provisional")).to_be_visible()
    page.get_by_role("link", name="Show it").click()
    expect(page.get_by_text("provisional")).to_have_count(0)


def test_the_page_of_a_session_that_ended_is_told_nothing_more(server, desk):
    """Its stream ends, and where it asks for a new one it is sent to the page for signing in."""
    page = desk("ada", "/a/a9_test")
    asked = page.expect_response(lambda answer: answer.url.endswith("/signin"))
    with asked, server.database() as database, database.write() as session:
        revoke_all(session, "ada", datetime.now(UTC), by="dana")
    assert page.url.endswith("/a/a9_test")
