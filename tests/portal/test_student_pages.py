"""What a student sees: own things only, what arrived, a receipt that can be checked, and no file shown as a page."""

import io
import json
import re
import zipfile

import pytest
from portal.portal_helpers import at, send
from portal.portal_web import browser_of
from portal.student_desk import NAME, Clock, graded, result, student_portal

from autograder.course import bundled_course
from autograder.marking_rules import AssignmentRules, MarkingRules
from autograder.portal.arrived import arrived
from autograder.portal.catalogue import CatalogueEntry, CatalogueQuestion
from autograder.portal.schema import ExceptionRow
from autograder.portal.shown_feedback import end_of
from autograder.portal.signed_receipts import checked
from autograder.portal.web.drawing_files import with_styles_apart

RELEASED = bundled_course().assignments / NAME / f"{NAME}.ipynb"


@pytest.fixture
def url(places):
    """What pages do does not depend on the kind of database."""
    return f"sqlite:///{places.database}"


@pytest.fixture
def portal(database, places):
    return student_portal(database, places, Clock(at(100)), due=at(3600), tokens=2)


@pytest.fixture
def row(portal):
    return send(portal.database, portal.places, b"{}", assignment=NAME).submission


def test_a_hand_in_waits_and_its_page_looks_again_without_a_script(portal, row):
    text = browser_of(portal, "ada").get(f"/a/{NAME}/{row.id}").text
    assert '<meta http-equiv="refresh" content="2">' in text
    graded(portal, row, result())
    text = browser_of(portal, "ada").get(f"/a/{NAME}/{row.id}").text
    assert "http-equiv" not in text
    assert re.search(r'class="score">6 <small>of 10 points', text)


@pytest.mark.parametrize("end", ["", "/receipt", "/notebook", "/drawings.css"])
def test_another_students_hand_in_is_not_there(portal, row, end):
    path = f"/a/{NAME}/{row.id}{end}"
    assert browser_of(portal, "ada").get(path).status_code == 200
    assert browser_of(portal, "bob").get(path).status_code == 404
    assert browser_of(portal, "dana").get(path).status_code == 404  # staff have pages of their own


def test_the_receipt_is_signed_and_is_of_the_bytes(portal, row):
    browser = browser_of(portal, "ada")
    text = browser.get(f"/a/{NAME}/{row.id}/receipt").content
    kept = browser.get(f"/a/{NAME}/{row.id}/notebook")
    assert checked(text, portal.key.public_key()).is_of(kept.content)
    assert kept.content == b"{}"
    assert kept.headers["content-disposition"].startswith("attachment")


def test_the_zip_holds_what_was_released(portal):
    answer = browser_of(portal, "ada").get(f"/a/{NAME}/download/zip")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.read(f"{NAME}/{NAME}.ipynb") == RELEASED.read_bytes()
        assert f"{NAME}/climbing.py" in archive.namelist()


def test_a_draft_is_not_there(portal):
    portal.course.policy.assignments[NAME] = AssignmentRules(state="draft")
    browser = browser_of(portal, "ada")
    assert browser.get(f"/a/{NAME}").status_code == 404
    assert NAME not in browser.get("/").text


def test_an_extension_is_the_due_time_of_its_student_only(portal):
    with portal.database.write() as session:
        session.add(ExceptionRow(assignment=NAME, student="ada", due=at(90_000), why="", by="dana", at=at(0)))
    assert "13 Oct 2026 13:00" in browser_of(portal, "ada").get("/").text
    assert "12 Oct 2026 13:00" in browser_of(portal, "bob").get("/").text


def test_the_page_says_how_many_tokens_are_left(portal, row):
    assert "1 of 2 left" in browser_of(portal, "ada").get(f"/a/{NAME}").text
    assert "2 of 2 left" in browser_of(portal, "bob").get(f"/a/{NAME}").text


# --- What arrived ---


def entry(*questions):
    asked = tuple(CatalogueQuestion(id=q, title=q, points=1) for q in questions)
    return CatalogueEntry(name=NAME, title="A1", suite="5" * 64, submission_seconds=9, questions=asked)


def filled(path, answers, *, ids=True):
    """The released notebook with these cells written. ids: whether the file keeps them."""
    document = json.loads(RELEASED.read_text())
    for cell in document["cells"]:
        cell["source"] = answers.get(cell.get("id"), cell["source"])
        if not ids:
            cell.pop("id", None)
            cell["metadata"] = {}
    path.write_text(json.dumps(document))
    return path


@pytest.mark.parametrize("ids", [True, False])
def test_a_question_is_answered_if_its_cell_was_written(tmp_path, ids):
    answers = {
        "q1-solution": "def numerical_gradient(f, x, h=1e-5):\n    return 1",
        "explain": "The slope is steepest.",
    }
    came = arrived(filled(tmp_path / "n.ipynb", answers, ids=ids), RELEASED, entry("q1", "q2", "explain"))
    assert (came.answered, came.empty) == (("q1", "explain"), ("q2",))


def test_the_notebook_as_handed_out_answers_nothing(tmp_path):
    assert arrived(filled(tmp_path / "n.ipynb", {}), RELEASED, entry("q1", "q2")).answered == ()


def test_what_is_no_notebook_is_said_in_one_line(tmp_path):
    (tmp_path / "n.ipynb").write_bytes(b"%PDF-1.7")
    came = arrived(tmp_path / "n.ipynb", RELEASED, entry("q1"))
    assert came.problem.startswith("notebook: expected a notebook, got a document")


# --- When the class is done ---


def ends(**fields):
    rules = {"due": at(0), **fields.pop("rules", {})}
    return end_of(MarkingRules(assignments={NAME: AssignmentRules(**rules)}, **fields), NAME)


def test_the_class_is_done_when_no_late_work_counts():
    assert ends(late_days=0) == at(0)
    assert ends(late_days=2, late_grace_minutes=10) == at(2 * 86_400 + 600)
    assert ends(late_percent_a_day=30) == at(3 * 86_400)  # the fourth day takes 120 %
    assert ends(late_days=0, extensions={"bob": {NAME: at(99)}}) == at(99)
    assert ends(rules={"closes": at(50)}) == at(50)


def test_without_a_last_time_only_publication_opens_what_comes_after():
    assert ends() is None
    assert ends(rules={"due": None}, late_days=0) is None


# --- Styles ---


def test_a_style_in_an_element_becomes_a_line_of_the_style_sheet():
    apart = with_styles_apart('<i style="--a:1px"></i><b style="--a:1px"></b><u style="x:url(y)&quot;"></u>')
    assert apart.html == '<i data-style="0"></i><b data-style="0"></b><u></u>'
    assert apart.css == '[data-style="0"]{--a:1px}\n'
