"""Blackboard's file for working offline: only our columns change, in the encoding that it has."""

from dataclasses import replace

import pytest
from result_builders import nothing, record

from autograder.errors import AutograderError
from autograder.exports.blackboard import fill
from autograder.exports.filling import Wanted
from autograder.exports.sheet import parse_sheet
from autograder.marking_rules import MarkingRules
from autograder.marks import marks_of
from autograder.roster.roster import Person

# As Blackboard writes it: every cell in quotes, a column's number at the end of its header.
DOWNLOADED = (
    '\ufeff"Last Name","First Name","Username","Student ID","Last Access","Availability",'
    '"Weighted Total [Total Pts: up to 100] |11","Homework 1 [Total Pts: 100 Score] |12","Lab [x] [Total Pts: 10] |13"\r\n'
    '"Lovelace","Ada","al7","1815","2026-11-27","Yes","70.00","",""\r\n'
    '"Noyce","Bob","BN8","1927","","Yes","","55.00","3"\r\n'
    '"Curie","M","mc","1867","","Yes","","",""\r\n'
)
COLUMNS = {"a1": ("Homework 1", "a1"), "a2": ("lab [x]", "a2")}


def filled(data, *results, columns=COLUMNS):
    return fill(parse_sheet(data, "b.csv"), Wanted(marks_of(results, MarkingRules())), columns)


def test_scores_are_filled_in_and_other_columns_of_grades_are_left_out():
    done = filled(DOWNLOADED.encode(), record("al7", score=88.5), record("1927", "a2", score=4.0, max_score=10.0))
    assert done.data.decode() == (
        '\ufeff"Last Name","First Name","Username","Student ID","Last Access","Availability",'
        '"Homework 1 [Total Pts: 100 Score] |12","Lab [x] [Total Pts: 10] |13"\r\n'
        '"Lovelace","Ada","al7","1815","2026-11-27","Yes","88.5",""\r\n'
        '"Noyce","Bob","BN8","1927","","Yes","55.00","4"\r\n'
        '"Curie","M","mc","1867","","Yes","",""\r\n'
    )
    assert (done.written, done.no_rows, done.notes) == (2, (), ())
    assert [row.name for row in done.strangers] == ["mc"]


def test_the_tab_separated_file_in_utf16_comes_out_as_it_came_in():
    data = "\ufeff" + DOWNLOADED.removeprefix("\ufeff").replace('","', '"\t"')
    done = filled(data.encode("utf-16-le"), record("al7", score=88.5))
    assert done.data.startswith(b"\xff\xfe")
    assert '"Yes"\t"88.5"\r\n' in done.data.decode("utf-16")
    assert done.written == 1


def test_another_language_has_other_words_for_the_user_and_the_points():
    data = "Nachname,Vorname,Benutzername,Matrikelnummer,Aufgabe 1 [Gesamtpunktzahl: 50 Punktzahl] |12\nL,A,al7,1,\n"
    done = filled(data.encode(), record("al7"), columns={"a1": ("Aufgabe 1",)})
    assert done.data.decode() == data.replace("al7,1,", "al7,1,80")
    assert done.notes == ("a1: expected 100 points possible in Blackboard, got 50",)


def test_a_student_is_found_by_name_or_number_of_the_roster():
    person = Person("ada", name="Ada Lovelace")
    marks = marks_of([record("ada")], MarkingRules())
    for known in (person, Person("ada", login="AL7"), Person("ada", sis_id="1815"), Person("ada", sid="1815.0")):
        wanted = Wanted([replace(mark, student=known) for mark in marks])
        assert fill(parse_sheet(DOWNLOADED.encode(), "b.csv"), wanted, COLUMNS).written == 1


def test_a_file_of_something_else_is_one_line():
    with pytest.raises(AutograderError, match=r"b.csv: expected a column Username, got a, b. Hint: .*Work Offline"):
        filled(b"a,b\n1,2\n", record("ada"))
    with pytest.raises(AutograderError, match=r"b.csv: expected one column 'Essay', got none in Last Name"):
        filled(DOWNLOADED.encode(), record("al7"), columns={"a1": ("Essay",)})
    assert filled(DOWNLOADED.encode(), nothing("al7")).written == 0
