"""A worksheet that Moodle gave: only its grades change."""

import pytest
from result_builders import check, nothing, question, record

from autograder.errors import AutograderError
from autograder.exports import moodle
from autograder.exports.filling import Wanted
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


def fill(table, made, missing_as_zero=False, recorded=None, **options):
    return moodle.fill(table, Wanted(made, recorded or {}, (), missing_as_zero), **options)


def sheet(data=WORKSHEET):
    return parse_sheet(data, "w.csv")


def test_grades_are_filled_in_and_every_other_byte_stays():
    filled = fill(sheet(), marks(record("101", score=80.5), record("Participant 1101", score=0.0)))
    expected = WORKSHEET.replace(b'grading",,100', b'grading",80.5,100').replace(b"Draft,,100", b"Draft,0,100")
    assert filled.data == expected
    assert (filled.written, filled.no_rows, filled.notes) == (2, (), ())
    assert [row.name for row in filled.strangers] == ["=cmd()"]


def test_students_may_be_known_by_another_column():
    filled = fill(sheet(), marks(record("ADA@uni.example", score=1.0), record("101")), id_column="Email address")
    assert filled.data == WORKSHEET.replace(b'grading",,100', b'grading",1,100')
    assert [row.student for row in filled.no_rows] == ["101"]


def test_nobody_is_found_by_a_part_of_a_number():
    filled = fill(sheet(), marks(record("01"), record("1"), record("participant"), record("Ada, Lovelace")))
    assert (filled.data, filled.written, len(filled.no_rows)) == (WORKSHEET, 0, 4)


def test_missing_work_leaves_the_cell_alone_or_counts_zero():
    assert fill(sheet(), marks(nothing("102"))).data == WORKSHEET
    zero = WORKSHEET.replace(b",55.00,", b",0,")
    assert fill(sheet(), marks(nothing("102")), missing_as_zero=True).data == zero
    assert fill(sheet(), marks(nothing("102", status="malformed"))).data == zero


@pytest.mark.parametrize("separator", [";", "\t", ","])
def test_another_separator_and_another_decimal_sign_are_kept(separator):
    heads = separator.join(["ID", "Bewertung", "Bestwertung"])
    row = separator.join(["Teilnehmer/in 7", "", '"10,00"'])
    done = fill(sheet(f"{heads}\n{row}\n".encode()), marks(record("7", score=2.5, max_score=10.0)))
    score = '"2,5"' if separator == "," else "2,5"
    assert done.data.decode() == f"{heads}\n{row.replace(separator * 2, separator + score + separator)}\n"
    assert done.notes == ()


@pytest.mark.parametrize(
    "header",
    [
        "ID;Vollständiger Name;Status;Bewertung;Bestwertung;Bewertung kann geändert werden",
        "Identifiant;Nom complet;Statut;Note;Note maximale;La note peut être modifiée",
        "Identificador;Nombre completo;Estado;Calificación;Calificación máxima;La calificación puede cambiarse",
        "Identificativo;Nome completo;Stato;Valutazione;Valutazione massima;La valutazione può essere modificata",
        "Identificatie;Volledige naam;Status;Cijfer;Maximumcijfer;Cijfer kan gewijzigd worden",
        "Identificador;Nome completo;Estado;Nota;Nota máxima;A nota pode ser alterada",
        "Identyfikator;Imię i nazwisko;Status;Ocena;Maksymalna ocena;Ocena może być zmieniona",
        "Tunniste;Koko nimi;Tila;Pistemäärä;Enintään;Voi muuttaa",  # no word of it is known: the values are
    ],
)
def test_the_columns_of_other_languages_are_found(header):
    data = f"{header}\nWort 7;Zoë;x;;10,00;y\nWort 8;Ada;x;3,00;10,00;y\n"
    done = fill(
        sheet(data.encode()), marks(record("8", score=2.5, max_score=10.0), record("7", score=1.0, max_score=10.0))
    )
    assert done.data.decode() == data.replace("x;;", "x;1;").replace("3,00", "2,5")
    assert (done.written, done.notes) == (2, ())


def test_columns_that_nobody_can_tell_are_asked_for():
    with pytest.raises(AutograderError, match=r"expected a column Identifier, got a, b. Hint: --id-column"):
        fill(sheet(b"a,b\nada,\n"), marks(record("ada")))
    with pytest.raises(AutograderError, match=r"expected a column Grade, got a, b. Hint: --grade-column"):
        fill(sheet(b"a,b\nada,\n"), marks(record("ada")), id_column="a")
    done = fill(sheet(b"a,b\nada,\n"), marks(record("ada")), id_column="a", grade_column="B")
    assert done.data == b"a,b\nada,80\n"


def test_the_number_that_collect_recorded_finds_students_of_one_name():
    data = b"Identifier,Full name,Grade\nParticipant 111,Jane Doe,\nParticipant 222,Jane Doe,\n"
    made = marks(record("jane-1", score=1.0), record("jane-2", score=2.0))
    recorded = {("a1", f"jane-{n}"): {"moodle_id": f"{n}" * 3, "name": "Jane Doe"} for n in (1, 2)}
    done = fill(sheet(data), made, recorded=recorded)
    assert done.data == data.replace(b"111,Jane Doe,", b"111,Jane Doe,1").replace(b"222,Jane Doe,", b"222,Jane Doe,2")


def test_an_excused_mark_leaves_the_cell_as_it_is():
    rules = MarkingRules(excused={"101": ["a1"], "102": ["a1"]})
    done = fill(sheet(), marks_of([record("101"), record("102")], rules))
    assert (done.data, done.written, done.incomplete) == (WORKSHEET, 0, False)


def test_another_maximum_and_scores_above_it_are_said():
    """Moodle skips a grade above the maximum: `process_import_grades` of mod/assign/feedback/offline/locallib.php."""
    hint = "Hint: Moodle leaves these grades out and does not say so; raise the maximum grade in Moodle"
    ten = WORKSHEET.replace(b"100.00", b"10.00")
    assert fill(sheet(ten), marks(record("101"))).notes == (
        "a1: expected 100 points possible in Moodle, got 10",
        f"expected scores of at most 10 in Moodle, got more for 101. {hint}",
    )
    assert fill(sheet(), marks(record("101", score=110.0))).notes == (
        f"expected scores of at most 100 in Moodle, got more for 101. {hint}",
    )


def test_a_maximum_with_the_bonus_points_is_right_too():
    """100 points, and 10 more as a bonus: 110 in Moodle takes every score."""
    questions = [
        question("q1", check(points=100.0, max_points=100.0)),
        question("b1", check(points=10.0, max_points=10.0), bonus=True),
    ]
    filled = fill(sheet(WORKSHEET.replace(b"100.00", b"110.00")), marks(record("101", questions=questions)))
    assert (filled.notes, filled.written) == ((), 1)


def test_a_worksheet_is_of_one_assignment():
    with pytest.raises(AutograderError, match=r"moodle: expected one assignment, got a1, a2. Hint: -a NAME"):
        fill(sheet(), marks(record("101"), record("101", "a2")))
