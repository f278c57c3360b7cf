"""`autograder hand`: a person reads all answers on a page, fills in a sheet, and the grades come back. No Jupyter."""

import json
import re
import shutil

import pytest
from hand.hand_course import HOSTILE, NAME, RUBRIC, HandCourse, run

from autograder.assignment.settings import read_settings
from autograder.assignment.suite_hash import suite_sha256
from autograder.errors import AutograderError, CourseError
from autograder.hand.hand_grades import read_grades
from autograder.hand.student_numbers import digits_of, numbers, student_of
from autograder.text import spreadsheet_lines, typed_lines


@pytest.fixture
def room(course, tmp_path, monkeypatch):
    made = HandCourse(tmp_path / "class", course)
    made.answer("ada", "A variance.\n\nIt is *not* negative.")
    made.answer("bob", HOSTILE)
    made.answer("cy", "YOUR ANSWER HERE")
    monkeypatch.chdir(made.root)
    return made


def refusal(*arguments):
    with pytest.raises(AutograderError) as caught:
        run(*arguments)
    text = str(caught.value)
    assert "\n" not in text
    return text


def test_the_sheet_has_a_line_for_each_student_who_handed_in_also_where_nothing_is_written(room):
    assert "explain: 3 answers" in run("hand", "sheet", "-a", NAME)
    rows = [(row["student"], row["of"], row["points"]) for row in room.rows()]
    assert rows == [("ada", "5", ""), ("bob", "5", ""), ("cy", "5", "")]
    assert "nothing is written" in room.page


def test_an_empty_answer_can_be_given_no_points_and_waits_again_when_something_is_written(room):
    run("hand", "sheet", "-a", NAME)
    path = room.fill(cy={"points": "0"})
    assert "1 grades read" in run("hand", "read", path)
    room.answer("cy", "A late thought.")
    assert "the student changed it" in refusal("hand", "read", path)


def test_an_answer_is_on_the_sheet_wherever_in_the_notebook_it_stands(room):
    path = room.root / "work" / "submitted" / "ada" / NAME / f"{NAME}.ipynb"
    notebook = json.loads(path.read_text())
    (answer,) = [cell for cell in notebook["cells"] if "A variance." in "".join(cell["source"])]
    answer |= {"cell_type": "code", "id": "other", "source": "# A variance, in a code cell."}
    path.write_text(json.dumps(notebook))
    run("hand", "sheet", "-a", NAME)
    assert "A variance, in a code cell." in room.page
    assert "in other cells than its own" in room.page


def test_answers_on_the_page_are_text_and_never_markup(room):
    run("hand", "sheet", "-a", NAME)
    assert "<script" not in room.page
    assert "<img" not in room.page
    assert "\x1b" not in room.page
    assert "\u202e" not in room.page
    assert "{{7*7}}" in room.page
    assert "A variance.\n\nIt is *not* negative." in room.page
    assert "names &lt;the&gt; variance" in room.page
    assert "default-src 'none'" in room.page


def test_an_anonymous_sheet_names_no_student_and_is_in_the_order_of_its_numbers(room):
    run("hand", "sheet", "-a", NAME, "--anonymous")
    for text in (room.sheet.read_text(), room.page):
        assert "ada" not in text.replace("readable", "").replace("head", "")
        assert "bob" not in text
    shown = [row["number"] for row in room.rows()]
    assert shown == sorted(shown)
    assert re.findall(r"Answer (\d+)", room.page) == shown
    before = room.sheet.read_bytes()
    run("hand", "sheet", "-a", NAME, "--anonymous")
    assert room.sheet.read_bytes() == before


def test_numbers_come_from_the_secret_and_grow_until_each_is_there_once():
    students = [f"s{i}" for i in range(3000)]
    made = numbers(b"secret", "a1", "q", students)
    assert len(set(made.values())) == 3000
    assert not [number for number in made.values() if number.startswith("0")]
    rows = {student: digits_of(b"secret", "a1", "q", student) for student in students}
    assert all(student_of(number, rows) == student for student, number in made.items())
    assert student_of("123", rows) is None  # too short to be anybody's
    assert numbers(b"other", "a1", "q", students) != made
    assert numbers(b"secret", "a1", "q2", students) != made


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_points_items_and_comments_come_back(room, separator):
    run("hand", "sheet", "-a", NAME)
    path = room.fill(
        separator=separator,
        ada={"points": "2,5", "items": "variance", "comment": "Say whose.\nAnd why."},
        bob={"items": "variance, sign;vague"},
    )
    said = run("hand", "read", path)
    assert "2 grades read, 1 answers without points" in said
    grades = read_grades(room.course, NAME)
    assert (grades["ada", "explain"].points, grades["ada", "explain"].comment) == (2.5, "Say whose.\nAnd why.")
    assert (grades["bob", "explain"].points, grades["bob", "explain"].items) == (4, ("variance", "sign", "vague"))


def test_an_anonymous_sheet_comes_back_to_the_right_students(room):
    run("hand", "sheet", "-a", NAME, "--anonymous")
    secret = (room.root / "work" / "secret.key").read_text()
    digits = {s: digits_of(bytes.fromhex(secret), NAME, "explain", s) for s in ("ada", "bob", "cy")}
    by_number = {
        row["number"]: next(s for s, d in digits.items() if d.startswith(row["number"])) for row in room.rows()
    }
    run(
        "hand",
        "read",
        room.fill(**{n: {"points": {"ada": "5", "bob": "1", "cy": ""}[s]} for n, s in by_number.items()}),
    )
    grades = read_grades(room.course, NAME)
    assert {student: grade.points for (student, _), grade in grades.items()} == {"ada": 5, "bob": 1}


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ({"points": "6"}, "expected 0 to 5 points, got 6"),
        ({"points": "-1"}, "expected points such as 2.5, got '-1'"),
        ({"points": "1e3"}, "expected points such as 2.5, got '1e3'"),
        ({"points": "nan"}, "expected points such as 2.5, got 'nan'"),
        ({"points": "=1+1"}, "expected points such as 2.5, got '=1+1'"),
        ({"points": "٣"}, "expected points such as 2.5, got '٣'"),
        ({"items": "vague"}, "expected 0 to 5 points, got -1"),
        ({"items": "varience"}, "expected items out of variance, sign, vague, got 'varience'. Hint: variance?"),
        ({"student": "adda", "points": "1"}, "expected a student who handed in, got 'adda'. Hint: ada?"),
        ({"student": "zoe", "points": "1"}, "expected a student who handed in, got 'zoe'"),
        ({"question": "explian", "points": "1"}, "expected a question out of explain, got 'explian'. Hint: explain?"),
        ({"question": "q1", "points": "1"}, "expected a question out of explain, got 'q1'"),
        ({"assignment": "a9_tset"}, "expected one of a9_test, got 'a9_tset'. Hint: a9_test?"),
        ({"answer": "h0", "points": "1"}, "got another: the student changed it"),
        ({"points": "1", "comment": "x" * 10_001}, "expected a comment of at most 10000 characters, got 10001"),
    ],
)  # fmt: skip
def test_a_wrong_line_is_named_and_nothing_is_read(room, cells, says):
    run("hand", "sheet", "-a", NAME)
    path = room.fill(ada={"points": "1"}, bob={**cells})
    text = refusal("hand", "read", path)
    assert says in text
    assert "explain.csv" in text
    assert not (room.root / "work" / "hand" / f"{NAME}.json").exists()


def test_a_changed_answer_is_not_graded_by_a_sheet_of_the_answer_before(room):
    run("hand", "sheet", "-a", NAME)
    path = room.fill(ada={"points": "1"})
    room.answer("ada", "Another answer.")
    assert "line 2: expected the answer for which the sheet was written, got another" in refusal("hand", "read", path)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("points", "pionts", "got no column points"),
        ("student", "nobody", "expected columns out of"),
        ("comment", "coment", "got no column comment"),
        ("of,", "off,", "expected columns out of assignment, question, number, student, name, points, of"),
    ],
)
def test_a_header_that_is_not_ours_is_refused(room, old, new, says):
    run("hand", "sheet", "-a", NAME)
    head, _, rest = room.sheet.read_text().partition("\n")
    room.sheet.write_text(f"{head.replace(old, new)}\n{rest}")
    assert says in refusal("hand", "read", str(room.sheet))


def test_one_answer_graded_twice_is_refused_in_one_sheet_and_in_two(room):
    run("hand", "sheet", "-a", NAME)
    other = room.fill(room.root / "other.csv", ada={"points": "2"})
    path = room.fill(ada={"points": "1"})
    assert "expected one grade an answer, got two that differ" in refusal("hand", "read", path, other)
    lines = room.sheet.read_text().splitlines()
    room.sheet.write_text("\n".join([*lines, lines[1]]))
    assert "line 5: expected one line an answer, got a second one" in refusal("hand", "read", path)


def test_what_is_blank_keeps_its_grade_and_a_minus_takes_it_back(room):
    run("hand", "sheet", "-a", NAME)
    run("hand", "read", room.fill(ada={"points": "1"}, bob={"points": "2"}))
    assert "1 grades read, 2 answers without points; 2 in" in run(
        "hand", "read", room.fill(ada={"points": "3"}, bob={"points": ""})
    )
    run("hand", "read", room.fill(bob={"points": "-"}))
    assert {place: grade.points for place, grade in read_grades(room.course, NAME).items()} == {("ada", "explain"): 3}


def test_a_sheet_with_grades_that_nobody_read_is_not_overwritten(room):
    run("hand", "sheet", "-a", NAME)
    path = room.fill(ada={"points": "1", "comment": "=1+1"})
    assert "got 1 grades that were not. Hint: autograder hand read" in refusal("hand", "sheet", "-a", NAME)
    run("hand", "read", path)
    run("hand", "sheet", "-a", NAME)
    assert (room.rows()[0]["points"], room.rows()[0]["comment"]) == ("1", "'=1+1")
    run("hand", "read", path)  # as it was written
    assert read_grades(room.course, NAME)["ada", "explain"].comment == "=1+1"
    room.sheet.write_text("no sheet")
    assert "got no column assignment. Hint: the new sheet would replace this file" in refusal(
        "hand", "sheet", "-a", NAME
    )


def test_a_sheet_is_written_anew_when_a_graded_answer_was_changed_or_taken_out(room):
    run("hand", "sheet", "-a", NAME)
    run("hand", "read", room.fill(ada={"points": "1"}))
    room.answer("ada", "Another answer.")
    room.answer("bob", "YOUR ANSWER HERE")
    run("hand", "sheet", "-a", NAME)
    assert [(row["student"], row["points"]) for row in room.rows()] == [("ada", ""), ("bob", ""), ("cy", "")]
    assert read_grades(room.course, NAME)["ada", "explain"].points == 1


def test_students_who_left_or_are_excused_are_not_graded(room):
    (room.root / "students.csv").write_text(
        "id,name,withdrawn,excused\nada,Ada L.,yes,\nbob,Bob <b>,,a9_test\ncy,Cy,,\ndan,=Dan,,\n"
    )
    room.answer("dan", "An answer.")
    run("hand", "sheet", "-a", NAME)
    assert [(row["student"], row["name"]) for row in room.rows()] == [("dan", "'=Dan"), ("cy", "Cy")]


@pytest.mark.parametrize(
    ("identity", "typed"), [("0012", "12"), ("1001", "1001.0"), ("1001", "1001,00"), ("ada@uni.edu", "ada@uni.edu")]
)
def test_an_id_is_known_again_after_a_spreadsheet_changed_it(room, identity, typed):
    room.answer(identity, "An answer.")
    run("hand", "sheet", "-a", NAME)
    run("hand", "read", room.fill(separator=";", **{identity: {"student": typed, "points": "2"}}))
    assert read_grades(room.course, NAME)[identity, "explain"].points == 2


def test_a_notebook_that_cannot_be_read_stops_nobody_and_waits_too(room):
    folder = room.root / "work" / "submitted" / "zoe" / NAME
    folder.mkdir(parents=True)
    (folder / f"{NAME}.ipynb").write_bytes(b"\xff{")
    assert "explain: 4 answers" in run("hand", "sheet", "-a", NAME)
    assert "the notebook cannot be read" in room.page


def test_an_assignment_without_such_a_question_is_one_line(room):
    notebook = room.root / "solutions" / NAME / "notebook.py"
    notebook.write_text(notebook.read_text().split('# %% [markdown] q="explain"')[0])
    toml = room.root / "solutions" / NAME / "assignment.toml"
    toml.write_text(toml.read_text().removesuffix(RUBRIC))
    assert "expected a question graded by hand, got none" in refusal("hand", "sheet", "-a", NAME)
    assert "expected one of a9_test, got 'a8'" in refusal("hand", "sheet", "-a", "a8")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('question = "explain"', 'question = "explian"', "expected a question graded by hand (explain). Hint: explain?"),
        ("points = 3", "points = 6", "variance: expected at most 5 points, got 6"),
        ("points = 3", 'points = "3"', "rubrics.1 (explain).items.1 (variance).points: expected a"),
        ("points = 3", "points = nan", "rubrics.1 (explain).items.1 (variance).points: expected a"),
        ("points = 3", "point = 3", "rubrics.1 (explain).items.1 (variance).point: expected one of id, points, text, comment, got 'point'. Hint: points?"),
        ("[[rubrics]]", "[[rubric]]", "rubric: expected one of title, reference, packages, handout, handout_mb, limits, stateless_solution, hints_in_notebook, questions, rubrics, got 'rubric'. Hint: rubrics?"),
        ('id = "sign"', 'id = "variance"', "rubrics.1 (explain).items: expected each id once, got variance 2 times"),
        ('id = "sign"', 'id = "a b"', "rubrics.1 (explain).items.2 (a b).id: expected small letters"),
    ],
)  # fmt: skip
def test_a_rubric_that_does_not_fit_is_one_line(room, old, new, says):
    toml = room.root / "solutions" / NAME / "assignment.toml"
    toml.write_text(toml.read_text().replace(old, new))
    with pytest.raises(CourseError) as caught:
        run("hand", "sheet", "-a", NAME)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_change_of_a_rubric_grades_nobody_again(room, course):
    folder = room.root / "solutions" / NAME
    toml = folder / "assignment.toml"
    before = suite_sha256(folder, read_settings(toml))
    toml.write_text(toml.read_text().replace("points = 3", "points = 1"))
    assert suite_sha256(folder, read_settings(toml)) == before
    toml.write_text(toml.read_text().replace('title = "mean_square"', 'title = "other"'))
    assert suite_sha256(folder, read_settings(toml)) != before


@pytest.mark.parametrize("text", ["=1", "'=1", "''x", "@x", "plain", "-3 for it", "two\nlines", "'quoted'", ""])
def test_a_comment_is_the_same_after_a_spreadsheet(text):
    assert typed_lines(spreadsheet_lines(text)) == text
    assert spreadsheet_lines(text)[:1] not in {"=", "@", "-", "+"}


def test_another_file_in_the_place_of_the_grades_is_one_line(room):
    run("hand", "sheet", "-a", NAME)
    path = room.root / "work" / "hand" / f"{NAME}.json"
    grade = {"student": "ada", "question": "explain", "points": -1, "answer": "h"}
    for text in ("{", json.dumps({"schema": 1, "assignment": NAME, "grades": [grade]}), '{"schema": 2}'):
        path.write_text(text)
        assert "expected grades by hand, got a wrong" in refusal("hand", "sheet", "-a", NAME)
    shutil.rmtree(room.root / "work" / "submitted")
    path.unlink()
    assert "expected a folder STUDENT/ASSIGNMENT" in refusal("hand", "sheet", "-a", NAME)
