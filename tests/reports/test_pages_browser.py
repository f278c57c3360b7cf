"""Every page in a real Chromium, on a phone and on a desk, in light and in dark: its size, its text, and axe-core.

The class is of A2. Two students made three real mistakes each, and were graded in a sandbox; the others' results are
made up. The notebooks are those of the two.
"""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from browser import IN_CHROMIUM, browser, picture
from result_builders import nothing, record

from autograder.assignment.assignment import load_assignment
from autograder.assignment.samples import load_samples, notebook_text, solved_cells, with_cell
from autograder.authoring.seeds import seeds_from
from autograder.hand.given import Given, HandWork
from autograder.hand.sheets import hand_sheets, today_of
from autograder.intake.submissions import find_submissions
from autograder.judging.submission import grade_submission
from autograder.marking_rules import AssignmentRules, MarkingRules
from autograder.records.result import CellError
from autograder.reports.pages import write_reports
from autograder.roster.roster import Person, make_roster

pytestmark = IN_CHROMIUM
NAME, TITLE = "a2_mlp_backprop", "Forward picture, backward pass"
PHONE, DESK = (390, 844), (1280, 900)
SCREENS = 6.5  # with five bonus questions, of which each takes two lines and a folded heading
DUE = datetime.fromisoformat("2026-10-12T23:59:00+02:00")
MISTAKES = {
    "ada": ("derivatives_are_added", "log_of_softmax", "bias_not_summed"),
    "bob": ("losses_without_the_last_bias", "outermost_first", "weight_decay_in_backward"),
}
LATE, CLOSED = "2026-10-14T10:00:00+02:00", "2026-11-14T10:00:00+01:00"


@pytest.fixture(scope="module")
def graded(patient_course, sandboxes, tmp_path_factory):
    """The folder of the notebooks, and the results of the two who made three mistakes each."""
    folder = tmp_path_factory.mktemp("submitted")
    suite = load_assignment(patient_course.solutions / NAME)
    samples = {sample.name: sample for sample in load_samples(suite)}
    bonus = frozenset(q.id for q in suite.settings.questions if q.bonus)
    for student, names in MISTAKES.items():
        cells = solved_cells(suite, *(samples[name] for name in names), unanswered=bonus)
        place = folder / student / NAME / f"{NAME}.ipynb"
        place.parent.mkdir(parents=True)
        place.write_text(notebook_text(with_cell(cells, "explain", f"{student}: the error comes back.")))
    zygote = sandboxes.open({suite.name: suite.handouts})
    seeds = seeds_from(b"pages")
    return folder, [grade_submission(each, suite, zygote, seeds) for each in find_submissions(folder, [NAME])]


@pytest.fixture(scope="module")
def pages(patient_course, graded, tmp_path_factory):
    """{name of a page: its file}: every kind of page that students and teachers see."""
    submitted, results = graded
    others = {
        "fay": {"received": LATE},
        "gus": {"received": CLOSED},
        "hal": {"status": "error", "reason": "no sandbox"},
    }
    stopped = tuple(CellError(cell=i, error=f"NameError: {'x' * 80}{i}") for i in range(5))
    results = [
        *results,
        *(results[0].model_copy(update={"student": s, "cell_errors": stopped, **more}) for s, more in others.items()),
        nothing("cy", NAME),
        nothing(
            "dee", NAME, "malformed", reason=f"You handed in '{'long' * 20}.pdf'; expected {NAME}.ipynb. Hint: export."
        ),
        nothing("eve", NAME),
        record("left", NAME),
        nothing("cy", "a3_forward_vs_reverse"),
    ]
    rules = AssignmentRules(due=DUE, closes=datetime.fromisoformat("2026-10-20T23:59:00+02:00"))
    draft = AssignmentRules(opens=datetime.fromisoformat("2098-10-20T23:59:00+02:00"))
    policy = MarkingRules(
        late_percent_a_day=10.0,
        excused={"eve": [NAME]},
        assignments={NAME: rules, "a3_forward_vs_reverse": draft},
    )
    people = [
        Person(r.student, f"{r.student.title()} von Musterhausen-Öztürk", withdrawn=r.student == "left")
        for r in results
    ]
    roster = make_roster(dict.fromkeys(people), "students.csv")
    hand = HandWork({(NAME, "ada"): {"explain": Given(7.0, "Good.\nSay where the relu is zero.")}})
    out = tmp_path_factory.mktemp("pages")
    course = replace(patient_course, policy=policy)
    index = write_reports(course, results, out, submitted=submitted, hand=hand, roster=roster)
    suite = load_assignment(patient_course.solutions / NAME)
    (sheet,) = hand_sheets(suite, today_of(suite, submitted, b"s"), b"s", {}, roster=roster)
    (out / "sheet.html").write_text(sheet.page)
    students = {r.student: out / NAME / f"{r.student}.html" for r in results if r.assignment == NAME}
    unopened = out / "a3_forward_vs_reverse" / "cy.html"
    return {
        "index": index,
        "class": out / f"assignment-{NAME}.html",
        "sheet": out / "sheet.html",
        "draft": unopened,
    } | students


@pytest.fixture(scope="module")
def chromium():
    with browser() as page:
        yield page


@pytest.fixture(params=[PHONE, DESK], ids=["phone", "desk"])
def size(request):
    return request.param


def open_page(page, path, size, scheme="light", unfolded=True):
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme=scheme, media="screen")
    page.goto(path.as_uri())
    if unfolded:
        page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")


@pytest.mark.parametrize("student", MISTAKES)
def test_three_mistakes_in_a2_fill_less_than_six_and_a_half_screens_of_a_phone(chromium, pages, graded, student):
    result = next(r for r in graded[1] if r.student == student)
    wrong = [q.id for q in result.questions if not q.bonus and any(c.outcome == "fail" for c in q.checks)]
    assert len(wrong) >= 3  # each mistake is seen, and not only by the question that it blocks
    open_page(chromium, pages[student], PHONE, unfolded=False)
    picture(chromium, f"student-{student}")
    assert chromium.evaluate("document.documentElement.scrollHeight") < SCREENS * PHONE[1]
    for question in wrong:  # what must be read is not folded
        assert chromium.locator(f"details:has(> summary > #{question})").get_attribute("open") is not None
    passed = next(q.id for q in result.questions if all(c.outcome == "pass" for c in q.checks))
    assert chromium.locator(f"details:has(> summary > #{passed})").get_attribute("open") is None


def test_a_folded_question_opens_by_the_keyboard_without_a_script(chromium, pages):
    context = chromium.context.browser.new_context(java_script_enabled=False)
    try:
        page = context.new_page()
        open_page(page, pages["ada"], DESK, unfolded=False)
        folded = page.locator("details.question:not([open]) > summary").first
        question = folded.locator("h2").get_attribute("id")
        folded.focus()
        page.keyboard.press("Enter")
        assert page.locator(f"details:has(> summary > #{question})").get_attribute("open") is not None
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    finally:
        context.close()


def test_no_page_scrolls_sideways_and_no_text_is_smaller_than_twelve_pixels(chromium, pages, size):
    for name, path in pages.items():
        open_page(chromium, path, size)
        assert chromium.evaluate("document.documentElement.scrollWidth") <= size[0], name
        assert chromium.evaluate(SMALL) == [], name


@pytest.mark.parametrize(("size", "scheme"), [(PHONE, "light"), (DESK, "light"), (DESK, "dark")])
def test_axe_finds_nothing_in_any_page(chromium, pages, size, scheme):
    """Folded parts are open, so axe sees all of them. In the dark only colours differ, on a phone as on a desk."""
    axe = pytest.importorskip(
        "axe_playwright_python", reason="axe-core is not installed: pip install axe-playwright-python"
    )
    script = Path(axe.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
    for name, path in pages.items():
        open_page(chromium, path, size, scheme)
        picture(chromium, f"{name}-{size[0]}-{scheme}")
        chromium.evaluate(script)
        rules = ", runOnly: ['color-contrast']" if scheme == "dark" else ""
        found = chromium.evaluate(f"axe.run(document, {{resultTypes: ['violations']{rules}}})")["violations"]
        assert [(v["id"], v["impact"], v["nodes"][0]["html"][:200]) for v in found] == [], name


def test_paper_shows_what_a_screen_folds(chromium, pages):
    open_page(chromium, pages["ada"], DESK, unfolded=False)
    hidden = chromium.locator("details.question:not([open]) .names").first
    assert not hidden.is_visible()
    chromium.emulate_media(media="print")
    assert hidden.is_visible()


def test_wide_pages_of_the_class_use_both_halves_and_a_phone_has_one_column(chromium, pages):
    for name in ("index", "class"):
        for size, columns in ((DESK, 2), (PHONE, 1)):
            open_page(chromium, pages[name], size, unfolded=False)
            lefts = chromium.evaluate(
                "[...document.querySelectorAll('.part')].map((e) => e.getBoundingClientRect().left)"
            )
            assert len(set(lefts)) == columns, (name, size)


def test_titles_stand_where_people_read_and_names_are_small_or_a_tooltip(chromium, pages):
    for name in ("class", "ada", "cy", "eve", "left"):
        open_page(chromium, pages[name], DESK, unfolded=False)
        assert chromium.locator("h1").inner_text() == TITLE
        assert chromium.title().startswith(TITLE) or chromium.title().endswith(TITLE)
    open_page(chromium, pages["index"], DESK, unfolded=False)
    link = chromium.get_by_label("Pages").get_by_role("link", name=TITLE)
    assert link.get_attribute("title") == NAME
    assert chromium.locator("#roster th", has_text=TITLE).get_attribute("title") == NAME
    open_page(chromium, pages["sheet"], DESK, unfolded=False)
    assert TITLE in chromium.title()


def test_the_class_is_shown_without_points_by_hand_and_with_them_and_says_what_waits(chromium, pages):
    open_page(chromium, pages["class"], DESK, unfolded=False)
    cards = chromium.locator(".cards").inner_text()
    assert "Mean" in cards
    assert "With points by hand" in cards
    words = chromium.locator(".part", has_text="Answers in words").inner_text()
    assert f"autograder hand sheet -a {NAME}" in words
    assert "waits in explain" in words or "wait in explain" in words
    row = chromium.locator("#roster tr", has_text="Ada von").locator("[data-l='With points by hand']")
    counts = chromium.locator("#roster tr", has_text="Ada von").locator("[data-l='Counts'], [data-l='Score']")
    assert float(row.inner_text()) == float(counts.get_attribute("data-v")) + 7.0


# Text that a person sees in less than 12 pixels; that of a drawing as large as it is drawn.
SMALL = """() => {
  const small = [];
  for (const e of document.querySelectorAll("body *")) {
    const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    if (!own || !e.checkVisibility() || ["SCRIPT", "STYLE", "TITLE", "DESC", "title", "desc"].includes(e.tagName)) continue;
    let size = parseFloat(getComputedStyle(e).fontSize);
    if (e instanceof SVGGraphicsElement) { const m = e.getScreenCTM(); size *= Math.hypot(m.a, m.b); }
    if (size < 11.9) small.push(`${e.tagName} ${e.className?.baseVal ?? e.className} ${size.toFixed(1)} ${e.textContent.slice(0, 20)}`);
  }
  return small;
}"""
