"""Brightspace's export of grades: who somebody is, our items, and the sign at the end; nothing else goes back."""

import pytest
from result_builders import record

from autograder.errors import AutograderError
from autograder.exports.brightspace import fill
from autograder.exports.filling import Wanted
from autograder.exports.sheet import parse_sheet
from autograder.marking_rules import MarkingRules
from autograder.marks import marks_of

EXPORTED = (
    "\ufeffOrgDefinedId,Username,Last Name,First Name,Email,"
    "Homework 1 Points Grade <Numeric MaxPoints:100 Weight:10 Category:HW>,Lab Points Grade <Numeric MaxPoints:10>,"
    "Calculated Final Grade Numerator,End-of-Line Indicator\r\n"
    "#0042,#al7,Lovelace,Ada,ada@uni.example,,3,50,#\r\n"
    "#0043,#BN8,Noyce,Bob,bob@uni.example,55,,60,#\r\n"
    "#0044,#mc,Curie,M,mc@uni.example,,,,#\r\n"
)
COLUMNS = {"a1": ("Homework 1", "a1"), "a2": ("Laboratory", "lab")}


def filled(data, *results, columns=COLUMNS):
    return fill(parse_sheet(data, "b.csv"), Wanted(marks_of(results, MarkingRules())), columns)


def test_only_the_columns_that_an_import_takes_are_written_back():
    done = filled(
        EXPORTED.encode(), record("al7", score=88.5), record("bn8"), record("0042", "a2", score=4.0, max_score=10.0)
    )
    assert done.data.decode() == (
        "\ufeffOrgDefinedId,Username,"
        "Homework 1 Points Grade <Numeric MaxPoints:100 Weight:10 Category:HW>,Lab Points Grade <Numeric MaxPoints:10>,"
        "End-of-Line Indicator\r\n"
        "#0042,#al7,88.5,3,#\r\n"
        "#0043,#BN8,80,,#\r\n"
        "#0044,#mc,,,#\r\n"
    )
    assert [(row.student, row.reason) for row in done.no_rows] == [("0042", "no row")]  # al7 has that row
    assert [row.name for row in done.strangers] == ["mc"]


@pytest.mark.parametrize("student", ["0044", "mc", "MC@uni.example", "M-Curie"])
def test_a_student_is_found_by_number_login_email_or_name(student):
    assert b"#0044,#mc,80,#\r\n" in filled(EXPORTED.encode(), record(student)).data


def test_another_maximum_is_said_and_an_export_by_one_key_is_enough():
    one = EXPORTED.replace("OrgDefinedId,", "").replace("#0042,", "").replace("#0043,", "").replace("#0044,", "")
    done = filled(one.replace("MaxPoints:100", "MaxPoints:50").encode(), record("al7"))
    assert (done.written, done.notes) == (1, ("a1: expected 100 points possible in Brightspace, got 50",))


def test_a_file_without_a_key_or_an_item_is_one_line():
    with pytest.raises(AutograderError, match=r"b.csv: expected a column OrgDefinedId or Username, got a, b"):
        filled(b"a,b\n1,2\n", record("ada"))
    with pytest.raises(AutograderError, match=r"b.csv: expected one column 'Essay', got none in OrgDefinedId"):
        filled(EXPORTED.encode(), record("al7"), columns={"a1": ("Essay",)})
