"""Requests out of files beside notebooks and out of a list: who asks is the folder or the roster, never the text."""

import os

import pytest

from autograder.errors import AutograderError
from autograder.intake.regrade_reason import KEPT, MOST, is_reason, keep_reason, reason_among, reason_in
from autograder.regrades.asking import asked_in_files, asked_in_list
from autograder.roster.roster import Person, make_roster

NAMES = ("a1_ascent", "a2_backprop")
ROSTER = make_roster(
    [Person("ada", name="Ada Lovelace", email="ada@x.org", github="ada-l"), Person("bob")], "students.csv"
)


@pytest.mark.parametrize("name", ["regrade.md", "regrade.txt", "Regrade.MD", "regrade (1).md", "regrade-1.txt"])
def test_a_name_that_a_host_changed_is_still_the_students_reason(name):
    assert is_reason(name)


@pytest.mark.parametrize(
    "name", ["regrade.py", "regrade.ipynb", "regrade", "my_regrade.md", "regrades.md", "regrade.md.py"]
)
def test_other_names_are_not(name):
    assert not is_reason(name)


def test_the_first_file_that_can_be_read_is_kept_cut():
    def refuse():
        from autograder.errors import MalformedError

        raise MalformedError("expected a file")

    beside = {"regrade.md": refuse, "regrade.txt": lambda: b"x" * (2 * MOST), "helpers.py": lambda: b""}
    assert reason_among(beside) == b"x" * MOST
    assert reason_among({"regrade.md": refuse}) == b""


def test_nothing_is_written_through_a_link_or_over_a_folder(tmp_path):
    outside = tmp_path / "outside"
    outside.write_text("mine")
    place = tmp_path / "ada"
    place.mkdir()
    (place / KEPT).symlink_to(outside)
    keep_reason(place, b"why")
    assert outside.read_text() == "mine"
    assert reason_in(place) == (KEPT, "why")
    (place / KEPT).unlink()
    (place / KEPT).mkdir()
    keep_reason(place, b"why")
    assert reason_in(place) == ("", "")
    keep_reason(tmp_path / "nobody", b"why")
    assert not (tmp_path / "nobody").exists()


@pytest.mark.parametrize("data", ["grüße".encode(), "\ufeffgrüße".encode(), "grüße".encode("utf-16")])
def test_a_reason_in_any_encoding_of_an_editor_is_read(tmp_path, data):
    (tmp_path / "regrade.txt").write_bytes(data)
    assert reason_in(tmp_path) == ("regrade.txt", "grüße")


def test_the_folder_says_who_asks_and_for_what_and_no_link_is_followed(tmp_path):
    for place in ("ada/a1_ascent", "bob/a2_backprop", "bob/a9_else", ".hidden/a1_ascent"):
        (tmp_path / place).mkdir(parents=True)
        (tmp_path / place / "regrade.md").write_text("student: ada\nassignment: a2_backprop")
    os.symlink(tmp_path / "ada", tmp_path / "eve")
    (tmp_path / "ada/a2_backprop").mkdir()
    (tmp_path / "ada/a2_backprop/regrade.md").symlink_to("/etc/passwd")
    asked = [(a.student, a.assignment, a.origin) for a in asked_in_files(tmp_path, NAMES)]
    assert asked == [("ada", "a1_ascent", "file"), ("bob", "a2_backprop", "file")]
    assert list(asked_in_files(tmp_path / "none", NAMES)) == []


def listed(tmp_path, text, roster=ROSTER, students=()):
    path = tmp_path / "requests.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return [(a.student, a.assignment, a.question, a.reason) for a in asked_in_list(path, NAMES, roster, students)]


@pytest.mark.parametrize(
    "text",
    [
        "student,assignment,reason,question\nada,a1_ascent,why,q2\n",
        "\ufeffStudent;Assignment;Reason;Question\nada@x.org;a1;why;q2\n",
        "Timestamp\tEmail Address\tAssignment\tReason\tQuestion\n1\tADA@X.ORG\tA1-Ascent\twhy\tq2\n".encode("utf-16"),
        "login,assignment,reason,question\nada-l,a1,why,q2\n",
        "student,assignment,reason,question\nAda Lovelace,a1,why,q2\n,,,\n",
    ],
)
def test_a_list_is_read_as_spreadsheets_and_forms_write_it(tmp_path, text):
    assert listed(tmp_path, text) == [("ada", "a1_ascent", "q2", "why")]


def test_a_reason_of_several_lines_stays_whole_and_a_question_may_be_missing(tmp_path):
    assert listed(tmp_path, 'student,assignment,reason\nbob,a2,"one\ntwo, ""three"""\n') == [
        ("bob", "a2_backprop", "", 'one\ntwo, "three"')
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("student,assignment\nada,a1\n", "expected the columns student, assignment, reason and perhaps question, got"),
        (
            "student,assignment,reason\nadda,a1,why\n",
            "line 2: expected a student of the roster, got 'adda'. Hint: ada?",
        ),
        ("student,assignment,reason\nada,a7,why\n", "line 2: expected one of a1_ascent, a2_backprop, got 'a7'"),
        ("student,assignment,reason\nada,a1,\n", "line 2: expected a reason, got none"),
        ("", "got an empty file"),
        (b"PK\3\4", "got a zip or a workbook of Excel"),
    ],
)
def test_a_wrong_line_is_one_line_and_nothing_is_added(tmp_path, text, says):
    with pytest.raises(AutograderError) as said:
        listed(tmp_path, text)
    assert says in str(said.value)
    assert "\n" not in str(said.value)


def test_without_a_roster_only_a_student_who_handed_in_can_ask(tmp_path):
    text = "student,assignment,reason\nada,a1,why\n"
    assert listed(tmp_path, text, None, {"ada"}) == [("ada", "a1_ascent", "", "why")]
    with pytest.raises(AutograderError, match="expected a student who handed in, got 'ada'"):
        listed(tmp_path, text, None, {"bob"})
