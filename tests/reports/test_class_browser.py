"""The class report in a real Chromium: it sorts, it searches, and nothing that a student wrote comes alive in it."""

import json
from datetime import datetime

import pytest
from browser import IN_CHROMIUM, browser
from result_builders import check, nothing, question, record

from autograder.course import Course
from autograder.marking_rules import MarkingRules
from autograder.reports.pages import write_reports

pytestmark = IN_CHROMIUM
MARKUP = "<img src=x onerror=\"document.title='owned'\">\"><script>document.title='owned'</script>"
LINK = "javascript:document.title='owned'"
DUE = datetime.fromisoformat("2026-10-12T23:59:00+02:00")


def wrong(student, message="no", points=4.0, **fields):
    checks = (
        check("q1.right", points, points),
        check("q1.value", 0.0, 10.0 - points, message=message, diagnosis="sign", title=message),
    )
    cells = ({"cell": 1, "error": message},)
    return record(
        student,
        max_score=10.0,
        questions=(question("q1", *checks, title=message),),
        cell_errors=cells,
        sandbox={"tier": "A"},
        **fields,
    )


def hostile(student, score):
    return wrong(
        student,
        f"{MARKUP} [x]({LINK}) {{{{7*7}}}} </style></script><!--",
        score,
        flags=({"kind": "note", "data": (MARKUP,)}, {"kind": "note", "data": (LINK,)}),
    )


def notebook(student):
    """The same code in all of them, and an answer in words full of markup."""
    code = "\n".join(f"{student[:1]!r}; a{i} = np.exp(b[{i}] + {i}) @ '{MARKUP}'" for i in range(12))
    cells = [("code", "a", code), ("markdown", "explain", f"{MARKUP}\n\n[x]({LINK}) ![x](http://203.0.113.1/x.png)")]
    made = [{"cell_type": kind, "id": i, "source": source, "metadata": {}} for kind, i, source in cells]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": made})


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    """A report of seven students, two of them hostile, and of one who handed in nothing."""
    root = tmp_path_factory.mktemp("report")
    policy = MarkingRules(due={"a1": DUE}, late_percent_a_day=10.0, extensions={"bob": {"a1": DUE}})
    results = [
        wrong("ada", points=9.0, received="2026-10-12T20:00:00+02:00"),
        wrong("bob", points=10.0, received="2026-10-14T20:00:00+02:00"),
        wrong("Čeněk O'Hara", points=2.0),
        hostile(MARKUP, 7.5),
        hostile(LINK, 3.0),
        wrong("eve", points=0.0),
        nothing("zoe", max_score=10.0),
    ]
    for student in ("ada", "bob"):
        folder = root / "submitted" / student / "a1"
        folder.mkdir(parents=True)
        (folder / "a1.ipynb").write_text(notebook(student))
    results += [wrong(f"other{i}", points=5.0) for i in range(3)]
    released = root / "assignments" / "a1" / "a1.ipynb"
    released.parent.mkdir(parents=True)
    by_hand = {"nbgrader": {"grade": True, "grade_id": "explain"}}
    cells = [{"cell_type": "markdown", "source": "YOUR ANSWER", "metadata": by_hand}]
    released.write_text(json.dumps({"cells": cells}))
    return write_reports(
        Course(root, f"Course {MARKUP}", policy=policy), results, root / "out", submitted=root / "submitted"
    )


@pytest.fixture(scope="module")
def chromium():
    with browser(width=1280, height=900) as page:
        yield page


@pytest.fixture
def page(chromium, index):
    """The overview; afterwards nothing has left the page, nothing was wrong in it, and nothing has come alive."""
    left, told = [], []
    listeners = {
        "request": lambda r: left.append(r.url) if not r.url.startswith("file:") else None,
        "console": lambda m: told.append(m.text),
        "pageerror": lambda e: told.append(str(e)),
        "dialog": lambda d: (told.append(d.message), d.dismiss()),
    }
    for event, listener in listeners.items():
        chromium.on(event, listener)
    chromium.set_viewport_size({"width": 1280, "height": 900})
    chromium.goto(index.as_uri())
    yield chromium
    for event, listener in listeners.items():
        chromium.remove_listener(event, listener)
    assert (left, told) == ([], [])
    assert chromium.title() != "owned"


def names(page):
    return page.locator("#roster tbody tr:visible td:first-child").all_inner_texts()


def test_a_click_on_a_heading_sorts_and_a_second_turns_it_round(page):
    heading = page.locator("#roster th", has_text="a1")
    assert heading.get_attribute("aria-sort") is None
    heading.get_by_role("button").click()
    assert heading.get_attribute("aria-sort") == "ascending"
    first = names(page)
    assert first[:2] == ["eve", "zoe"]  # no points
    assert first[-3:] == [MARKUP, "bob", "ada"]  # 7.5; 10 less two days; 9
    heading.get_by_role("button").click()
    assert heading.get_attribute("aria-sort") == "descending"
    assert names(page)[:3] == ["ada", "bob", MARKUP]
    page.locator("#roster th", has_text="Student").get_by_role("button").click()
    assert heading.get_attribute("aria-sort") is None
    assert names(page)[-1] == "zoe"
    assert names(page).index("Čeněk O'Hara") < names(page).index("eve")  # as people sort, not as bytes do


def test_the_keyboard_alone_sorts_and_filters(page):
    page.get_by_label("Search").focus()
    page.keyboard.type("O'H")
    assert names(page) == ["Čeněk O'Hara"]
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    for _ in range(2):  # past the choice of what to show
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.locator("#roster th").first.get_attribute("aria-sort") == "ascending"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"  # one sees where one is


def test_the_search_says_how_many_are_shown_and_takes_a_name_as_it_is(page):
    status = page.locator("output")
    assert status.inner_text() == "10 of 10 shown"
    page.get_by_label("Search").fill("OTHER")
    assert (names(page), status.inner_text()) == (["other0", "other1", "other2"], "3 of 10 shown")
    page.get_by_label("Search").fill("<img src=x")
    assert names(page) == [MARKUP]
    page.get_by_label("Search").fill("(nobody")
    assert (names(page), status.inner_text()) == ([], "0 of 10 shown")


def test_the_filter_offers_what_there_is(page):
    choice = page.get_by_label("Show")
    assert choice.locator("option").all_inner_texts() == [
        "everyone",
        "needs a person (2)",
        "an answer waits to be graded (9)",
        "late (1)",
        "graded (9)",
        "missing (1)",
    ]
    choice.select_option("look")
    assert set(names(page)) == {MARKUP, LINK}
    choice.select_option("missing")
    assert names(page) == ["zoe"]


def test_a_link_leads_to_a_students_page_and_back_again(page):
    page.locator("#roster tr", has_text="Čeněk").get_by_role("link").click()
    assert "Čeněk O'Hara" in page.locator("h1, .who").all_inner_texts()[-1]
    assert page.locator("script").count() == 0
    page.go_back()
    assert page.locator("#roster").is_visible()


@pytest.mark.parametrize("student", [MARKUP, LINK])
def test_what_a_hostile_student_wrote_is_text_on_the_own_page(page, student):
    link = page.locator("#roster tr").filter(has=page.get_by_text(student, exact=True)).get_by_role("link")
    link.click()
    assert student in page.locator("body").inner_text()
    assert MARKUP in page.locator("body").inner_text()
    assert_inert(page)


def test_what_a_hostile_student_wrote_is_text_on_the_pages_of_the_class(page):
    assert_inert(page)
    page.get_by_label("Pages").get_by_role("link", name="a1").click()
    for details in page.locator("details:not([open]) > summary").all():
        if details.is_visible():
            details.click()
    text = page.locator("body").inner_text()
    assert MARKUP in text  # a name, and a flag
    assert "ada and bob" in text  # their code is shown
    assert_inert(page)


def assert_inert(page):
    assert (
        page.locator("img, iframe, object, embed, [onerror], [onclick], a[href^=javascript], a[href^=http]").count()
        == 0
    )
    assert page.locator("script").count() <= 1
    assert "49" not in page.locator("h1").first.inner_text()


def test_a_script_that_is_not_ours_does_not_run(chromium, index):
    """If markup ever came through, the policy would stop it: the hash names our script alone. The browser says so."""
    chromium.goto(index.as_uri())
    said = chromium.evaluate(
        """() => new Promise((done) => {
          addEventListener("securitypolicyviolation", (event) => done(event.effectiveDirective));
          const script = document.createElement("script");
          script.textContent = "document.title = 'owned'";
          document.body.append(script);
        })"""
    )
    assert said == "script-src-elem"
    assert chromium.title() != "owned"


def test_lateness_and_the_extension_stand_beside_the_score(page):
    page.get_by_label("Pages").get_by_role("link", name="a1").click()
    row = page.locator("#roster tr", has_text="bob").inner_text()
    assert "8 / 10" in row  # ten less two days
    assert "2 days" in row
    assert "extension to 2026-10-12 23:59" in row
    assert "in time" in page.locator("#roster tr", has_text="ada").inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_no_page_scrolls_sideways_and_all_text_can_be_read(page, scheme, width):
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 844})
    for link in ("Overview", "a1"):
        page.get_by_label("Pages").get_by_role("link", name=link).click()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(FAINT) == []


# Text whose contrast with what is behind it is below 4.5, WCAG 2.2's AA, by its formula.
FAINT = """() => {
  const numbers = (c) => c.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255).map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (e) => { for (; e; e = e.parentElement) { const c = numbers(getComputedStyle(e).backgroundColor); if (c.length < 4 || c[3] > 0) return c; } return [255, 255, 255]; };
  const faint = [];
  for (const e of document.querySelectorAll("body *")) {
    const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    if (!own || !e.checkVisibility() || ["SCRIPT", "STYLE", "OPTION"].includes(e.tagName)) continue;
    const style = getComputedStyle(e);
    const [a, b] = [light(numbers(e instanceof SVGElement ? style.fill : style.color)), light(behind(e))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) faint.push(`${e.tagName} ${e.className?.baseVal ?? e.className} ${ratio.toFixed(2)}`);
  }
  return faint;
}"""
