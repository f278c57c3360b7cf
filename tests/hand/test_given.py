"""One page for a student: points and comments by hand, from sheets and from formgrader, and what waits."""

import csv
import re

import pytest
from hand.hand_course import HOSTILE, NAME, HandCourse, run
from result_builders import check, question, record
from result_builders import grade as graded

from autograder.cli import by_hand
from autograder.errors import AutograderError
from autograder.hand.given import Given, HandWork, joined, waiting

PLACE = (NAME, "ada")


@pytest.fixture
def room(course, tmp_path, monkeypatch):
    made = HandCourse(tmp_path / "class", course)
    made.answer("ada", "A variance.")
    made.answer("bob", "Squares.")
    made.graded("ada", "bob")
    monkeypatch.chdir(made.root)
    return made


def class_page(room):
    return (room.root / "work" / "reports" / f"assignment-{NAME}.html").read_text()


def waiting_on(room):
    """The students whose answers wait, as the class page lists them."""
    listed = class_page(room).partition('<ul class="words">')[2].partition("</ul>")[0]
    return re.findall(r"<li><details><summary>(\w+)", listed)


def grade(room, **cells):
    run("hand", "sheet", "-a", NAME)
    run("hand", "read", room.fill(**cells))


def test_the_page_says_what_was_given_and_its_total_has_it(room):
    grade(room, ada={"items": "variance", "comment": f"Why?\n{HOSTILE}"})
    run("report")
    page = room.page_of("ada")
    assert "11 <small>of 15 points</small>" in page  # 8 of 10, and 3 of 5
    assert "A person gave 3 of these points." in page
    assert "graded by a person</span> <b>3</b> of 5 points" in page
    assert "Right: a variance.\nWhy?\n" in page
    assert "<script" not in page
    assert "<img" not in page
    assert "waits for a person" not in page
    assert "8 <small>of 10 points</small>" in room.page_of("bob")
    assert "waits for a person</span> up to 5 points" in room.page_of("bob")


def test_an_answer_that_was_changed_keeps_its_points_and_waits(room):
    grade(room, ada={"points": "5"})
    room.answer("ada", "Another answer.")
    run("report")
    assert "Your answer changed since, and waits for another look." in room.page_of("ada")
    assert "13 <small>of 15 points</small>" in room.page_of("ada")
    assert "2 grades are still for a person to give" in run("export", "csv", "--with-manual")


def test_exports_have_the_points_and_results_stay_raw(room):
    grade(room, ada={"points": "2,5"})
    run("export", "csv", "--with-manual")
    rows = {r["student"]: r for r in csv.DictReader((room.root / "work/exports/grades.csv").read_text().splitlines())}
    assert (rows["ada"]["raw"], rows["ada"]["score"], rows["bob"]["score"]) == ("8", "10.5", "8")


def test_the_class_page_lists_who_has_no_points_and_who_changed_the_answer_since(room):
    grade(room, ada={"points": "1"})
    run("report")
    assert waiting_on(room) == ["bob"]
    grade(room, bob={"points": "0"})
    run("report")
    assert waiting_on(room) == []
    room.answer("bob", "Another answer.")
    run("report")
    assert waiting_on(room) == ["bob"]
    assert "it was changed after a person graded it" in class_page(room)
    assert "Another answer." in class_page(room)


def test_a_student_who_is_excused_waits_for_nobody(room):
    (room.root / "students.csv").write_text(f"id,excused\nada,{NAME}\nbob,\n")
    run("report")
    assert waiting_on(room) == ["bob"]


def test_formgrader_and_sheets_are_joined():
    forms = {PLACE: {"explain": Given(None, "Read it.", waits=True), "q1": Given(-1.0)}}
    sheets = {PLACE: {"explain": Given(3.0, "Good.")}, (NAME, "bob"): {"explain": Given(1.0, waits=True)}}
    work = joined(HandWork(forms), HandWork(sheets))
    assert work.of(PLACE) == {"explain": Given(3.0, "Read it.\nGood."), "q1": Given(-1.0)}
    assert work.points == {PLACE: 2.0, (NAME, "bob"): 1.0}
    assert [waiting(work.of((NAME, student)), ["explain"]) for student in ("ada", "bob", "cy")] == [
        (),
        ("explain",),
        ("explain",),
    ]


def test_an_answer_waits_until_it_has_points_and_a_correction_only_if_its_check_changed():
    assert waiting({"explain": Given(None, "Read it."), "q1": Given(1.0)}, ["explain"]) == ("explain",)
    assert waiting({"explain": Given(0.0), "q1": Given(1.0, waits=True)}, ["explain"]) == ("q1",)


def test_the_same_points_in_both_are_one_grade():
    forms, sheets = ({PLACE: {"explain": Given(3.0, "Good.", waits=waits)}} for waits in (True, False))
    assert joined(HandWork(forms), HandWork(sheets)) == HandWork(sheets)


def test_other_points_in_both_are_one_line():
    with pytest.raises(
        AutograderError, match=r"^a9_test, ada, explain: expected the same points .*, got 4 and 3\. Hint"
    ):
        joined(HandWork({PLACE: {"explain": Given(4.0)}}), HandWork({PLACE: {"explain": Given(3.0)}}))


def test_what_was_given_in_formgrader_is_on_the_page(room, monkeypatch):
    given = {PLACE: {"explain": Given(4.0, "From formgrader."), "q1": Given(1.5, "Nearly right.")}}
    monkeypatch.setattr(by_hand, "has_gradebook", lambda _: True)
    monkeypatch.setattr(by_hand, "_formgrader", lambda *_: HandWork(given))
    run("report")
    page = room.page_of("ada")
    assert "13.5 <small>of 15 points</small>" in page
    assert "A person added 1.5 points." in page
    assert "From formgrader." in page
    assert "Nearly right." in page
    grade(room, ada={"points": "1"})
    with pytest.raises(AutograderError, match="expected the same points in formgrader and in the sheets, got 4 and 1"):
        run("export", "csv", "--with-manual")


def test_a_gradebook_that_cannot_be_read_costs_nobody_a_page(room, monkeypatch):
    (room.root / "work" / "gradebook.db").write_text("no database")
    grade(room, ada={"points": "1"})
    assert "The pages are without what was given in formgrader." in run("report")
    assert "9 <small>of 15 points</small>" in room.page_of("ada")
    with pytest.raises(AutograderError, match="gradebook: expected to write to"):
        run("export", "csv", "--with-manual")


def test_an_earlier_attempt_that_counts_has_no_points_by_hand_as_its_mark_has_none(room):
    (room.root / "course.toml").write_text('title = "Test course"\n[marks]\nattempts = "best"\n')
    grade(room, ada={"points": "1"})
    questions = (question("q1", check("q1.value", 10.0, 10.0)),)
    best = record("ada", NAME, questions=questions, max_score=10.0, attempt=1)
    newest = record("ada", NAME, questions=(), max_score=10.0)
    graded(room.root / "work" / "results", newest, best)
    run("report")
    assert "10 <small>of 10 points</small>" in room.page_of("ada")
    run("export", "csv", "--with-manual")
    assert ",10," in (room.root / "work/exports/grades.csv").read_text().splitlines()[1]
