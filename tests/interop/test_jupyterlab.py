"""A released notebook in JupyterLab, in a real browser, as a student meets it."""

import json
import shutil
import time
from contextlib import suppress

import pytest
from browser import TOKEN, browser, jupyter, needs_chromium, picture
from bundled import bundled_suite

from autograder.assignment.samples import solved_cells
from autograder.course import bundled_course

pytestmark = pytest.mark.real_tools

COURSE = bundled_course()
NAME = "a2_mlp_backprop"


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """What a student downloads, beside a copy in which every answer is written."""
    desk = tmp_path_factory.mktemp("lab") / "course"
    shutil.copytree(COURSE.assignments / NAME, desk)
    answers = {name: source for _, name, source in solved_cells(bundled_suite(NAME))}
    notebook = json.loads((desk / f"{NAME}.ipynb").read_text())
    for cell in notebook["cells"]:
        cell["source"] = answers.get(cell["id"], cell["source"])
    (desk / "solved").mkdir()
    shutil.copytree(COURSE.assignments / NAME, desk / "solved", dirs_exist_ok=True)
    (desk / "solved" / f"{NAME}.ipynb").write_text(json.dumps(notebook))
    return desk


@needs_chromium
def test_a_released_notebook_opens_and_a_solved_one_turns_every_check_green(desk):
    with jupyter(desk, desk.parent / "home", "jupyterlab") as url, browser(1400, 1000) as page:
        open_notebook(page, url, f"{NAME}.ipynb")
        page.get_by_role("heading", name="Forward picture, backward pass").wait_for()
        picture(page, "lab-1-released")
        open_notebook(page, url, f"solved/{NAME}.ipynb")
        choose(page, "Run", "Run All Cells")
        kernel_is(page, "Busy")
        kernel_is(page, "Idle")
        cells = saved(page, desk / "solved" / f"{NAME}.ipynb")
        page.get_by_text("b3 passed!").scroll_into_view_if_needed()
        picture(page, "lab-2-solved")
        hints_open_one_after_the_other(page)
    said = {c["id"]: text_of(c) for c in cells if c["id"].endswith("-otter")}
    questions = [q.id for q in bundled_suite(NAME).settings.questions]
    assert list(said) == [f"{q}-otter" for q in questions]
    assert {q: said[f"{q}-otter"] for q in questions if "All test cases passed!" not in said[f"{q}-otter"]} == {}
    figures = [o for c in cells for o in c.get("outputs", ()) if "image/png" in o.get("data", ())]
    assert len(figures) >= 5
    pages = ["".join(o["data"].get("text/html", "")) for o in figures]
    assert [page[:100] for page in pages if 'alt="' not in page or "The figure in words" not in page] == []
    assert [o["ename"] for c in cells for o in c.get("outputs", ()) if o["output_type"] == "error"] == []


def hints_open_one_after_the_other(page):
    """The last question's hints: each is in the one before, and all are folded at first."""
    hints = page.locator(".jp-MarkdownCell details").filter(has=page.get_by_text("Stuck? Hint 1 of 3")).last
    second, third = hints.get_by_text("Still stuck? Hint 2 of 3"), hints.get_by_text("Still stuck? Hint 3 of 3")
    assert not second.is_visible()
    hints.get_by_text("Stuck? Hint 1 of 3").click()
    second.click()
    assert third.is_visible()
    assert not hints.locator("p").last.is_visible()
    picture(page, "lab-3-hints")


def open_notebook(page, url, path):
    page.goto(f"{url}lab/tree/{path}?token={TOKEN}&reset")
    page.locator(".jp-NotebookPanel:visible .jp-Cell").first.wait_for()
    kernel_is(page, "Idle")


def kernel_is(page, state):
    page.get_by_text(f"Python 3 (ipykernel) | {state}").wait_for()


def choose(page, menu, item):
    page.get_by_role("menuitem", name=menu, exact=True).click()
    page.get_by_role("menuitem", name=item, exact=True).click()


def saved(page, file):
    """The notebook's cells on disk, once its last check has an output there. Between two cells a kernel is idle, too."""
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        page.keyboard.press("Control+s")
        with suppress(ValueError):  # half written
            cells = json.loads(file.read_text())["cells"]
            if [c for c in cells if c["id"].endswith("-otter")][-1]["outputs"]:
                return cells
        page.wait_for_timeout(500)
    raise AssertionError(f"{file}: expected its last check to have an output, got none in 180 s")


def text_of(cell):
    return "".join("".join(o.get("data", {}).get("text/plain", ())) for o in cell["outputs"])
