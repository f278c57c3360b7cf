"""The site in a real Chromium: what its search finds first, how it fits a phone, and what keeps people out."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser import IN_CHROMIUM, browser, picture
from documentation import DOCS, build_site

pytestmark = IN_CHROMIUM
LOOKED_AT = ("index", "faq", "late-work", "mathematics", "start/instructor")
FIRST = "#search-results li > a"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    out = tmp_path_factory.mktemp("site")
    assert build_site(DOCS, out).returncode == 0
    return out / "site"


def address(site, page, query=""):
    return (site / f"{page}.html").as_uri() + query


@pytest.mark.parametrize(
    ("words", "answers"),
    [
        ("allow pandas", {"faq", "packages-and-data"}),
        ("extension", {"faq", "late-work"}),
        ("not graded", {"faq", "unplaced"}),
        ("slurm", {"faq", "scale"}),
        ("any order", {"faq", "values"}),
        ("penalty", {"faq", "late-work"}),
        ("plagiarism", {"faq", "grading"}),
        ("privacy", {"faq", "security"}),
        ("resubmit", {"faq", "late-work"}),
        ("fix a typo", {"faq", "authoring"}),
        ("partners", {"faq", "roster"}),
        ("notebook too slow", {"faq", "grading"}),
        ("change points after grading", {"faq", "regrading"}),
        ("what do students see", {"faq", "feedback-page"}),
        ("nobody cheated", {"faq", "by-hand"}),
        ("marks to canvas", {"faq", "exports", "hosts/canvas"}),
    ],
)
def test_the_first_result_of_the_search_answers_what_newcomers_ask(site, words, answers):
    with browser() as page:
        page.goto(address(site, "search", f"?q={words.replace(' ', '+')}"))
        page.wait_for_selector("#search-results p.search-summary")
        first = page.wait_for_selector(FIRST).get_attribute("href")
    assert first.partition(".html")[0] in answers


WIDER_THAN_ITS_BOX = """[...document.querySelectorAll("article pre, article .table-wrapper")]
    .filter((box) => box.scrollWidth > box.clientWidth + 1).map((box) => box.textContent.trim().slice(0, 60))"""


@pytest.mark.parametrize("width", [1000, 390])
def test_no_table_and_no_block_of_code_needs_to_be_moved_sideways(site, width):
    with browser(width=width, height=800) as page:
        wide = {}
        for path in (each.relative_to(DOCS).with_suffix("") for each in DOCS.rglob("*.md")):
            page.goto(address(site, path))
            wide[str(path)] = page.evaluate(WIDER_THAN_ITS_BOX)
    assert len(wide) > 60
    assert {path: boxes for path, boxes in wide.items() if boxes} == {}


@pytest.mark.parametrize("name", LOOKED_AT)
def test_a_page_fits_a_phone_and_keeps_nobody_out(site, name):
    with browser(width=390, height=800) as page:
        page.goto(address(site, name))
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        worst = [found["id"] for found in Axe().run(page).response["violations"] if found["impact"] == "critical"]
        picture(page, f"site-{name.replace('/', '-')}")
    assert worst == []
