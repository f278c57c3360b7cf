"""A gradebook for Canvas to import: filled in, or new; nobody and nothing is invented."""

import csv
import io
from dataclasses import replace

import pytest
from exports.hostile import NAMES
from result_builders import nothing, record

from autograder.errors import AutograderError
from autograder.exports import canvas
from autograder.exports.filling import ExcusedInHost, NoColumn, NoRow, Stranger, Wanted
from autograder.exports.sheet import parse_sheet
from autograder.marking_rules import MarkingRules
from autograder.marks import marks_of
from autograder.roster.roster import Person

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


def fill(sheet, made, columns=COLUMNS, *, missing_as_zero=False, recorded=None, gone=(), **options):
    wanted = Wanted(made, recorded or {}, gone, missing_as_zero)
    return canvas.fill(sheet, wanted, columns, **options)


def new(made, columns=COLUMNS, **options):
    return canvas.new(Wanted(made), columns, **options)


def without_row(filled):
    return {row.student: row.reason for row in filled.no_rows}


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
    assert (filled.written, filled.no_rows, filled.incomplete) == (3, (), False)
    assert filled.strangers == (Stranger("Curie, M", left=False),)


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
    assert (others.written, len(others.no_rows), others.incomplete) == (0, 2, True)


def test_who_is_in_canvas_twice_or_not_at_all_is_said_and_not_guessed():
    twice = EXPORTED + b'"Other",15,,ADA,Monday,,,,\r\n'
    filled = fill(parse_sheet(twice, "g.csv"), marks(record("ada"), record("eve"), record("mc")), COLUMNS)
    assert (filled.written, without_row(filled)) == (1, {"ada": "several rows", "eve": "no row"})
    assert NoRow("ada", "several rows", scored=True) in filled.no_rows


def test_other_points_possible_are_said():
    filled = fill(parse_sheet(EXPORTED, "g.csv"), marks(record("ada", "a2", max_score=20.0)), COLUMNS)
    assert filled.notes == ("a2: expected 20 points possible in Canvas, got 10",)
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


def test_a_gradebook_without_names_or_numbers_is_refused_and_logins_only_if_they_are_asked_for():
    for name, options in (("Student", {}), (",ID", {}), ("SIS Login ID", {"match": "login"})):
        other = parse_sheet(EXPORTED.replace(f"{name},".encode(), b",Other,"[name[0] != "," :], 1), "g.csv")
        with pytest.raises(AutograderError, match=f"g.csv: expected a column {name.strip(',')}, got "):
            fill(other, marks(record("ada")), COLUMNS, **options)
    no_logins = parse_sheet(EXPORTED.replace(b"SIS Login ID", b"Pronouns", 1), "g.csv")
    assert fill(no_logins, marks(record("13"))).written == 1


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


def test_an_excused_cell_stays_and_an_excused_mark_is_written_as_excused():
    excused = EXPORTED.replace(b'S1,ada,"Monday ""A""",7.00', b"S1,ada,Monday,ex")
    rules = MarkingRules(excused={"mc": ["a1"]})
    filled = fill(parse_sheet(excused, "g.csv"), marks_of([record("ada"), record("mc", score=5.0)], rules))
    rows = {row[3]: row[5] for row in csv.reader(io.StringIO(filled.data.decode("utf-8-sig")))}
    assert (rows["ada"], rows["mc"], filled.written) == ("ex", "EX", 0)
    assert (filled.kept, filled.incomplete) == ((ExcusedInHost("ada", "a1"),), False)
    assert b"mc,,EX\n" in canvas.new(Wanted(marks_of([record("mc")], rules)), {"a1": ("HW",)}).data


def test_a_column_that_does_not_exist_yet_is_said_and_the_others_are_written():
    made = marks(record("ada", "a1"), record("ada", "a2", max_score=10.0, score=3.0))
    filled = fill(parse_sheet(EXPORTED, "g.csv"), made, {"a1": ("Lab", "x"), "a2": ("The second", "a2")})
    assert filled.no_columns == (NoColumn("a1", "Lab", 0, scored=True),)
    assert (filled.written, filled.incomplete) == (1, True)
    nobody = marks(nothing("ada", "a1"), record("ada", "a2", max_score=10.0, score=3.0))
    assert not fill(parse_sheet(EXPORTED, "g.csv"), nobody, {"a1": ("Lab",), "a2": ("a2",)}).incomplete


def test_a_column_may_write_its_name_with_spaces_where_ours_has_signs():
    other = parse_sheet(EXPORTED.replace(b"Homework 1 (4711)", b"Homework-1 (4711)"), "g.csv")
    assert fill(other, marks(record("ada")), {"a1": ("x", "homework_1")}).written == 1


def test_semicolons_and_commas_come_out_as_they_came_in_and_equal_numbers_stay():
    data = (
        "Student;ID;SIS User ID;SIS Login ID;Section;a1 (1)\n    Points Possible;;;;;100,0\n"
        "Ada;1;;ada;A;\nBob;2;;bob;A;90,50\nCy;3;;cy;A;7\n"
    )
    filled = fill(
        parse_sheet(data.encode(), "g.csv"), marks(record("ada", score=88.5), record("bob", score=90.5), record("cy"))
    )
    assert filled.data.decode() == data.replace("ada;A;", "ada;A;88,5").replace("cy;A;7", "cy;A;80")
    assert (filled.written, filled.notes) == (3, ())


def test_a_new_file_has_what_the_roster_and_collect_know():
    ada = Person("ada", name="Ada Lovelace", login="AL7", sis_id="S1", section="A")
    made = [
        replace(mark, student=ada) if mark.result.student == "ada" else mark
        for mark in marks(record("ada"), record("55"))
    ]
    wanted = Wanted(made, {("a1", "55"): {"canvas_id": "55"}})
    assert canvas.new(wanted, {"a1": ("HW",)}).data.decode().splitlines()[2:] == [
        "55,55,,,,80",
        "Ada Lovelace,,S1,AL7,A,80",
    ]


def test_a_groups_work_gives_each_member_the_score_and_its_number_finds_nobody():
    """Canvas writes the number of one member only; collect recorded it for both."""
    recorded = {("a1", student): {"canvas_id": "11"} for student in ("ada", "mc")}
    filled = fill(parse_sheet(EXPORTED, "g.csv"), marks(record("ada"), record("mc")), recorded=recorded)
    assert filled.data.count(b",80") == filled.written == 2
    nobody = {("a1", student): {"canvas_id": "11"} for student in ("x", "y")}
    assert fill(parse_sheet(EXPORTED, "g.csv"), marks(record("x"), record("y")), recorded=nobody).written == 0


def test_names_in_two_columns_and_numbers_that_a_spreadsheet_changed_are_read():
    data = b"LastName,FirstName,ID,SIS User ID,SIS Login ID,Section,a1 (1)\nCurie,M,13.0,S3,mc,Monday,\n"
    made = [replace(mark, student=Person("x", canvas_id="13")) for mark in marks(record("x"))]
    assert fill(parse_sheet(data, "g.csv"), made).data == data.replace(b"Monday,", b"Monday,80")
    made = [replace(mark, student=Person("x", name="M Curie")) for mark in marks(record("x"))]
    assert fill(parse_sheet(data, "g.csv"), made).written == 1
