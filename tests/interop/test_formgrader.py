"""`nbgrader formgrader` in a real Jupyter server and a real browser: a class is graded by hand, and it lasts."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from browser import account, browser, jupyter, needs_chromium, picture
from interop.classroom import CHANGES_ITS_INPUT, NAME, Classroom

from autograder.interop.formgrader import command, is_asked_for

pytestmark = pytest.mark.real_tools

ROOT = Path(__file__).resolve().parents[2]
HOSTILE = (
    "Their difference is a variance, and $a<b$.\n\n<script>document.title = 'owned'</script> "
    "<img src=x onerror=\"document.title = 'owned'\"> [click me](javascript:alert(1)) ![b](http://203.0.113.1/x.png)"
)


def nbgrader(room, *arguments):
    return run(room, "nbgrader", *arguments)


def autograder(room, *arguments):
    return run(room, "autograder", *arguments)


def run(room, program, *arguments):
    return subprocess.run(
        [sys.executable, "-m", program, *arguments],
        cwd=room.root,
        env=account(room.root.parent / "home"),
        capture_output=True,
        text=True,
        check=True,
    )


@pytest.fixture(scope="module")
def room(tmp_path_factory, skeleton, sandboxes):
    sandbox = sandboxes.open({skeleton.name: skeleton.handouts})
    room = Classroom(tmp_path_factory.mktemp("formgrader") / "course", sandbox)
    shutil.copyfile(ROOT / "nbgrader_config.py", room.root / "nbgrader_config.py")
    room.hand_in('O\'Hara, "Jr."', CHANGES_ITS_INPUT, HOSTILE)
    room.hand_in("名前")
    room.hand_in("dan", data="no notebook")
    room.export()
    return room


@needs_chromium
def test_a_grade_typed_in_formgrader_survives_the_next_grading(room):
    student = 'O\'Hara, "Jr."'
    with room.gradebook() as book:
        number = book.find_submission_notebook(NAME, NAME, student).id
    home = room.root.parent / "home"
    with jupyter(room.root, home, "nbgrader", "formgrader") as url, browser() as page:
        page.goto(f"{url}formgrader?token=t0ken")
        page.get_by_role("link", name=NAME, exact=True).wait_for()
        picture(page, "1-assignments")
        page.goto(f"{url}formgrader/manage_submissions/{NAME}")
        page.get_by_text("名前").wait_for()
        picture(page, "2-class")
        shown = page.locator("tbody tr").all_inner_texts()
        assert len(shown) == 3
        page.goto(f"{url}formgrader/gradebook/{NAME}/{NAME}")
        page.get_by_text("Submission #1").wait_for()
        picture(page, "3-submissions")
        page.goto(f"{url}formgrader/submissions/{number}")
        page.wait_for_function(
            "document.querySelector('#q1-after-you-hand-in').placeholder === '7'"
        )  # an automatic score
        picture(page, "4-submission")
        read_submission(page)
        grade_by_hand(page, "3.5", "Whose variance?")
        autograder(room, "grade", "--all")
        autograder(room, "export", "nbgrader")
        page.reload()
        page.wait_for_function("document.querySelector('#explain').value !== ''")
        picture(page, "5-after-a-regrade")
        assert page.locator("#explain").input_value() == "3.5"
        assert page.locator("#explain-comment").input_value() == "Whose variance?"
        assert page.title() != "owned"
        assert room.scores(student)["explain"] == (None, 3.5, None, False)
        assert room.comment(student) == "Whose variance?"
        nbgrader(room, "generate_feedback", NAME)
        page.goto((room.course.work / "feedback" / student / NAME / f"{NAME}.html").as_uri())
        picture(page, "6-feedback")
        text = page.locator("body").inner_text()
        assert "Whose variance?" in text
        assert "Score: 12.5 / 10.0" in text


def read_submission(page):
    text = page.locator("body").inner_text()
    assert "Leaves its input as it was (q1.pure): hidden, 0 of 1 points" in text
    assert "q1.pure fail: " in text
    assert page.locator("#notebook a[href^=javascript], #notebook img, #notebook script").count() == 0


def grade_by_hand(page, score, comment):
    """Type both and leave the field: formgrader saves by itself."""
    with page.expect_response(lambda r: "/api/grade/" in r.url and r.request.method == "PUT"):
        page.locator("#explain").fill(score)
        page.locator("#explain").press("Tab")
    with page.expect_response(lambda r: "/api/comment/" in r.url and r.request.method == "PUT"):
        page.locator("#explain-comment").fill(comment)
        page.locator("#explain-comment").press("Tab")


def test_options_of_the_server_are_handed_on_once(tmp_path):
    assert is_asked_for(["/x/bin/nbgrader", "formgrader"])
    assert is_asked_for(["/x/nbgrader/__main__.py", "formgrader", "--ServerApp.port=0"])
    assert not is_asked_for(["/x/bin/nbgrader", "list"])
    assert not is_asked_for(["/x/bin/pytest", "formgrader"])
    line = command(tmp_path, ["--ServerApp.open_browser=False"])
    assert [o for o in line if "open_browser" in o] == ["--ServerApp.open_browser=False"]
    assert f"--ServerApp.root_dir={tmp_path}" in line
