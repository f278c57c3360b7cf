"""A worksheet that Moodle gave: only its grades change."""

import pytest
from result_builders import nothing, record

from autograder.errors import AutograderError
from autograder.exports.moodle import fill
from autograder.exports.sheet import parse_sheet
from autograder.marking_rules import MarkingRules
from autograder.marks import marks_of

HEADER = 'Identifier,"Full name","Email address",Status,Grade,"Maximum Grade","Grade can be changed","Last modified (submission)","Last modified (grade)","Feedback comments"'
WORKSHEET = (
    f"\ufeff{HEADER}\r\n"
    '"Participant 101","Ada, Lovelace",ada@uni.example,"Submitted for grading",,100.00,Yes,"Monday, 12 October 2026, 10:00 PM",-,"<p>a ""quote"",\nand a line</p>"\r\n'
    '"Participant 102","=cmd()",bob@uni.example,"No submission",55.00,100.00,Yes,-,-,\r\n'
    '"Participant 1101",Žofie,z@uni.example,Draft,,100.00,No,-,-,caf\udce9\r\n'
).encode("utf-8", "surrogateescape")  # fmt: skip


def marks(*results):
    return marks_of(results, MarkingRules())


def sheet(data=WORKSHEET):
    return parse_sheet(data, "w.csv")


def test_grades_are_filled_in_and_every_other_byte_stays():
    filled = fill(sheet(), marks(record("101", score=80.5), record("Participant 1101", score=0.0)))
    expected = WORKSHEET.replace(b'grading",,100', b'grading",80.5,100').replace(b"Draft,,100", b"Draft,0,100")
    assert filled.data == expected
    assert (filled.written, filled.unmatched, filled.notes) == (2, (), ())


def test_students_may_be_known_by_another_column():
    filled = fill(sheet(), marks(record("ADA@uni.example", score=1.0), record("101")), id_column="Email address")
    assert filled.data == WORKSHEET.replace(b'grading",,100', b'grading",1,100')
    assert filled.unmatched == ("101",)


def test_nobody_is_found_by_a_part_of_a_number():
    filled = fill(sheet(), marks(record("01"), record("1"), record("participant"), record("Ada, Lovelace")))
    assert (filled.data, filled.written, len(filled.unmatched)) == (WORKSHEET, 0, 4)


def test_missing_work_leaves_the_cell_alone_or_counts_zero():
    assert fill(sheet(), marks(nothing("102"))).data == WORKSHEET
    zero = WORKSHEET.replace(b",55.00,", b",0,")
    assert fill(sheet(), marks(nothing("102")), missing_as_zero=True).data == zero
    assert fill(sheet(), marks(nothing("102", status="malformed"))).data == zero


@pytest.mark.parametrize("separator", [";", "\t"])
def test_another_separator_and_another_language(separator):
    data = (
        separator.join(["ID", "Bewertung", "Bestwertung"])
        + "\n"
        + separator.join(["Teilnehmer/in 7", "", "10,00"])
        + "\n"
    )
    made = marks(record("7", score=2.5, max_score=10.0))
    with pytest.raises(AutograderError, match=r"expected a column Identifier, got ID, Bewertung.* Hint: --id-column"):
        fill(sheet(data.encode()), made)
    with pytest.raises(AutograderError, match=r"expected a column Grade, got ID, Bewertung.* Hint: --grade-column"):
        fill(sheet(data.encode()), marks(record("Teilnehmer/in 7")), id_column="ID")
    done = fill(
        sheet(data.encode()), marks(record("Teilnehmer/in 7", score=2.5)), id_column="ID", grade_column="Bewertung"
    )
    assert done.data.decode() == data.replace(f"7{separator}{separator}", f"7{separator}2.5{separator}")


def test_another_maximum_and_scores_above_it_are_said():
    ten = WORKSHEET.replace(b"100.00", b"10.00")
    assert fill(sheet(ten), marks(record("101"))).notes == (
        "expected a maximum grade of 100 in Moodle, got 10",
        "expected scores of at most 10, which is all that Moodle takes, got more for 101",
    )
    assert fill(sheet(), marks(record("101", score=110.0))).notes == (
        "expected scores of at most 100, which is all that Moodle takes, got more for 101",
    )


def test_a_worksheet_is_of_one_assignment():
    with pytest.raises(AutograderError, match=r"moodle: expected one assignment, got a1, a2. Hint: -a NAME"):
        fill(sheet(), marks(record("101"), record("101", "a2")))
