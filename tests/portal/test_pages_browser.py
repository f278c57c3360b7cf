"""Every page of the portal in a real Chromium, with the demo's class: axe-core, a narrow phone, and the console.

Then a student hands in, and a person grades an answer, with the keyboard alone and without a script.
"""

import hashlib
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from browser import IN_CHROMIUM, browser, picture
from portal.demo_site import A1, demo_site

from autograder.course import open_course
from autograder.portal.answers_in_words import newest_of_each
from autograder.portal.schema import HandMarkRow, PersonRow, RequestRow

pytestmark = IN_CHROMIUM
DESK, NARROW = (1200, 900), (320, 700)


@dataclass(frozen=True)
class SeenPage:
    """What a page looked like once. console: errors and warnings, and files that did not come."""

    width: int
    console: tuple
    violations: tuple


@pytest.fixture(scope="module")
def site(patient_course, tmp_path_factory):
    """The server, over a copy of the course: another test may release it."""
    root = tmp_path_factory.mktemp("site") / "course"
    shutil.copytree(patient_course.root, root, ignore=shutil.ignore_patterns("work"))
    with demo_site(open_course(root)) as made:
        yield made


@pytest.fixture(scope="module")
def chromium(site):  # the site first: what makes it cannot run beside Playwright's loop
    with browser() as page:
        yield page.context.browser


@pytest.fixture(scope="module")
def axe():
    found = pytest.importorskip(
        "axe_playwright_python", reason="axe-core is not installed: pip install axe-playwright-python"
    )
    return Path(found.__file__).with_name("axe.min.js").read_text(encoding="utf-8")


@pytest.fixture
def visit(chromium, site):
    """visit(who, size, scheme, script=): a new browser in which this person is signed in."""
    opened = []

    def visit(who, size=DESK, scheme="light", *, script=True):
        context = chromium.new_context(
            viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, java_script_enabled=script
        )
        opened.append(context)
        if who:
            context.add_cookies([{"name": "session", "value": site.cookies[who], "url": site.url}])
        return context.new_page()

    yield visit
    for context in opened:
        context.close()


def look(page, site, path, axe):
    """Open a page, unfold all of it, and look. Where it says 404 by itself, the console repeats that."""
    console = []

    def said(each):
        if each.type in ("error", "warning") and each.location["url"] != site.url + path:
            console.append(each.text)

    def failed(each):
        if urlsplit(each.url).path != "/events":  # it ends with the page that listened
            console.append(f"{each.url}: {each.failure}")

    with listening(page, console=said, requestfailed=failed):
        page.goto(site.url + path)
        page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
        width = page.evaluate("document.documentElement.scrollWidth")
        page.evaluate(axe)
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    bad = tuple((each["id"], each["nodes"][0]["html"][:200]) for each in found)
    return SeenPage(width, tuple(console), bad)


@contextmanager
def listening(page, **listeners):
    for name, listener in listeners.items():
        page.on(name, listener)
    yield
    for name, listener in listeners.items():
        page.remove_listener(name, listener)


def without_refresh(route):
    """A page that waits opens itself again every two seconds, also while axe looks at it."""
    answer = route.fetch()
    text = answer.text() if "text/html" in answer.headers.get("content-type", "") else None
    body = text.replace('http-equiv="refresh"', "") if text else answer.body()
    route.fulfill(response=answer, body=body)


@pytest.mark.parametrize(("size", "scheme"), [(DESK, "light"), (DESK, "dark"), (NARROW, "light"), (NARROW, "dark")])
def test_axe_finds_nothing_nothing_scrolls_sideways_and_the_console_is_empty(visit, site, axe, size, scheme):
    pages = {who: visit(who, size, scheme) for who in (None, *site.cookies)}
    pages["ada"].route(f"**/{site.hand_ins['waiting'].id}", without_refresh)
    seen = {}
    for name, (who, path) in site.pages().items():
        seen[name] = look(pages[who], site, path, axe)
        picture(pages[who], f"{name.replace(' ', '-')}-{size[0]}-{scheme}")
    assert {name: each.violations for name, each in seen.items() if each.violations} == {}
    assert {name: each.console for name, each in seen.items() if each.console} == {}
    assert {name: each.width for name, each in seen.items() if each.width > size[0]} == {}


def focus(page, selector):
    """Press Tab until this element has the focus, as a person without a mouse does."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("found => document.activeElement.matches(found)", selector):
            return
    raise AssertionError(f"no Tab leads to {selector}")


def test_a_student_hands_in_with_the_keyboard_alone_and_without_a_script(visit, site, tmp_path):
    notebook = tmp_path / f"{A1}.ipynb"
    notebook.write_text('{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}')
    page = visit("zeno", NARROW, script=False)
    page.goto(f"{site.url}/a/{A1}")
    focus(page, "input[type=file]")
    page.set_input_files("input[type=file]:focus", notebook)  # what a chooser does: not every Chromium here shows one
    focus(page, "form[enctype] button")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/a/{A1}/*")
    with site.portal.database.read() as session:
        row = newest_of_each(session, A1)["zeno"]
    assert page.url.endswith(row.id)
    assert row.sha256 == hashlib.sha256(notebook.read_bytes()).hexdigest()
    assert page.get_by_text(f"Receipt {row.id[:8]}").is_visible()


@pytest.mark.parametrize(("number", "script"), [(2, False), (3, True)])
def test_a_person_grades_an_answer_with_the_keyboard_alone(visit, site, number, script):
    """Without a script by Tab, Space and Enter; with it by the keys 1 and s."""
    before = marks_of_tom(site)
    page = visit("tom", script=script)
    page.goto(f"{site.url}/class/h/{A1}/explain?n={number}")
    if script:
        page.keyboard.press("1")
        page.keyboard.press("s")
    else:
        focus(page, 'input[data-key="1"]')
        page.keyboard.press("Space")
        focus(page, "#mark button")
        page.keyboard.press("Enter")
    page.wait_for_url(lambda url: not url.endswith(f"?n={number}"))
    assert marks_of_tom(site) == [*before, 1]


def marks_of_tom(site):
    """How many lines of the rubric each of his marks has."""
    with site.portal.database.read() as session:
        return [len(mark.items) for mark in session.query(HandMarkRow).where(HandMarkRow.by == "tom")]


def test_forms_of_the_class_work_without_a_script(visit, site):
    page = visit("dana", script=False)
    page.goto(f"{site.url}/class/requests/{site.request}")
    page.get_by_label("Words for the student").fill("The slope is right. Thank you.")
    page.get_by_role("button", name="Answer").click()
    page.wait_for_url("**/class/requests")
    page.goto(f"{site.url}/class/people")
    page.get_by_text("Add a person").click()
    page.get_by_label("Id", exact=True).fill("grace2")
    page.get_by_role("button", name="Add, and show the link").click()
    page.get_by_role("heading", name="A link for grace2").wait_for()
    with site.portal.database.read() as session:
        assert session.get(PersonRow, "grace2").role == "student"
        assert session.get(RequestRow, site.request).state == "declined"
