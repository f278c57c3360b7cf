"""A gradebook for Canvas to import: filled in, or new; nobody and nothing is invented."""

import csv
import io

import pytest
from exports.hostile import NAMES
from result_builders import nothing, record

from autograder.errors import AutograderError
from autograder.exports.canvas import fill, new
from autograder.exports.sheet import parse_sheet
from autograder.marking_rules import MarkingRules
from autograder.marks import marks_of

# As Canvas exports it: a posting policy, a row of possible points, read-only columns, a test student without a login.
EXPORTED = (
    "\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,Homework 1 (4711),a2 (4712),Essay (99),Final Score\r\n"
    ",,,,,,Manual Posting,,\r\n"
    "    Points Possible,,,,,100.00,10.00,5.00,(read only)\r\n"
    '"Lovelace, Ada",11,S1,ada,"Monday ""A""",7.00,,3.00,88\r\n'
    '"=cmd(), Bob",12,S2,Bob@Uni.example ,Monday,,4.00,5.00,90\r\n'
    '"Curie, M",13,S3,mc,Monday,,,1.00,\r\n'
    '"Student, Test",14,,,Monday,,,,\r\n'
).encode()
COLUMNS = {"a1": ("Homework 1", "a1"), "a2": ("The second", "a2")}


def marks(*results):
    return marks_of(results, MarkingRules())


def the_class():
    return marks(record("ada", "a1", 80.5), record("bob@uni.example", "a1", 110.0), nothing("ada", "a2"),
                 record("bob@uni.example", "a2", 0.0, max_score=10.0))  # fmt: skip


def test_only_who_somebody_is_and_our_columns_are_written_back():
    filled = fill(parse_sheet(EXPORTED, "g.csv"), the_class(), COLUMNS)
    assert filled.data.decode() == (
        "\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,Homework 1 (4711),a2 (4712)\r\n"
        ",,,,,,Manual Posting\r\n"
        "    Points Possible,,,,,100.00,10.00\r\n"
        '"Lovelace, Ada",11,S1,ada,"Monday ""A""",80.5,\r\n'
        '"=cmd(), Bob",12,S2,Bob@Uni.example ,Monday,110,0\r\n'
        '"Curie, M",13,S3,mc,Monday,,\r\n'
        '"Student, Test",14,,,Monday,,\r\n'
    )
    assert (filled.written, filled.unmatched) == (3, ())


def test_missing_work_stays_as_it_is_unless_it_is_to_count_zero():
    sheet = parse_sheet(EXPORTED, "g.csv")
    handed = marks(nothing("ada"), nothing("mc", status="malformed"), nothing("bob@uni.example", status="error"))
    blank, zero = fill(sheet, handed, COLUMNS), fill(sheet, handed, COLUMNS, missing_as_zero=True)

    def column(filled):
        return [row[5] for row in csv.reader(io.StringIO(filled.data.decode("utf-8-sig")))][3:6]

    assert column(blank) == ["7.00", "", "0"]  # malformed was handed in, and counts 0; an error is ours
    assert column(zero) == ["0", "", "0"]


@pytest.mark.parametrize(("match", "student"), [("login", "mc"), ("id", "13"), ("sis", "S3")])
def test_students_are_matched_by_the_column_that_is_asked_for(match, student):
    sheet = parse_sheet(EXPORTED, "g.csv")
    filled = fill(sheet, marks(record(student)), COLUMNS, match=match)
    assert b'"Curie, M",13,S3,mc,Monday,80\r\n' in filled.data
    others = fill(sheet, marks(*(record(s) for s in {"mc", "13", "S3"} - {student})), COLUMNS, match=match)
    assert (others.written, len(others.unmatched)) == (0, 2)


def test_who_is_in_canvas_twice_or_not_at_all_is_said_and_not_guessed():
    twice = EXPORTED + b'"Other",15,,ADA,Monday,,,,\r\n'
    filled = fill(parse_sheet(twice, "g.csv"), marks(record("ada"), record("eve"), record("mc")), COLUMNS)
    assert (filled.written, filled.unmatched) == (1, ("ada", "eve"))


def test_other_points_possible_are_said():
    filled = fill(parse_sheet(EXPORTED, "g.csv"), marks(record("ada", "a2", max_score=20.0)), COLUMNS)
    assert filled.notes == ("a2: expected 20 points possible in Canvas, got 10.00",)
    assert fill(parse_sheet(EXPORTED, "g.csv"), the_class(), COLUMNS).notes == ()


@pytest.mark.parametrize(
    ("columns", "options", "says"),
    [
        ({"a1": ("Lab", "a1")}, {}, "expected one column 'Lab', got none in Student, ID, .* Hint: --column a1=HEADER"),
        ({"a1": ("Student",)}, {"match": "email"}, "--match: expected login, id or sis, got 'email'"),
    ],
)
def test_a_column_that_is_not_there_is_one_line(columns, options, says):
    with pytest.raises(AutograderError, match=says):
        fill(parse_sheet(EXPORTED, "g.csv"), marks(record("ada")), columns, **options)


def test_a_gradebook_without_names_or_logins_is_refused_and_no_column_is_dropped_in_silence():
    for name in ("Student", "SIS Login ID"):
        other = parse_sheet(EXPORTED.replace(f"{name},".encode(), b"Other,", 1), "g.csv")
        with pytest.raises(AutograderError, match=f"g.csv: expected a column {name}, got "):
            fill(other, marks(record("ada")), COLUMNS)


def test_two_columns_of_one_name_are_told_apart_by_their_number():
    sheet = parse_sheet(EXPORTED.replace(b"Essay (99)", b"Homework 1 (99)"), "g.csv")
    with pytest.raises(AutograderError, match="expected one column 'Homework 1', got 2"):
        fill(sheet, marks(record("ada")), COLUMNS)
    assert b"Homework 1 (99)" in fill(sheet, marks(record("ada")), {"a1": ("Homework 1 (99)",)}).data


def test_without_a_template_it_is_the_least_that_canvas_imports():
    assert new(the_class(), COLUMNS).data.decode() == (
        "Student,ID,SIS User ID,SIS Login ID,Section,Homework 1,The second\n"
        "    Points Possible,,,,,100,10\n"
        "ada,,,ada,,80.5,\n"
        "bob@uni.example,,,bob@uni.example,,110,0\n"
    )
    assert b"ada,,ada,,,80.5," in new(the_class(), COLUMNS, match="sis").data


def test_no_name_starts_a_formula_or_a_line_in_a_new_file():
    rows = list(csv.reader(io.StringIO(new(marks(*map(record, NAMES)), {"a1": ("=HW",)}).data.decode())))
    assert len(rows) == len(NAMES) + 2
    for row in rows[2:]:
        assert row[0] == row[3]
        assert row[0][:1] not in set("=+-@＝＋－＠")
        assert row[5] == "80"
