"""A student and a row of a host's file are put together by everything that is known, and never twice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.exports.people import host_student, match_rows, row_keys
from autograder.exports.sheet import parse_sheet
from autograder.roster.roster import Person

COLUMNS = {"name": 0, "canvas_id": 1, "sis_id": 2, "login": 3, "email": 4, "moodle_id": 5}


def rows_of(*rows):
    text = "\n".join(["n,c,s,l,e,m", *rows])
    sheet = parse_sheet(text.encode(), "x.csv")
    return {i: row_keys(sheet, i, COLUMNS) for i in range(1, len(sheet.rows))}


def matched(rows, *students):
    found = match_rows(students, rows_of(*rows))
    return dict(found.rows), dict(found.reasons)


@pytest.mark.parametrize(
    ("person", "row"),
    [
        (Person("x", canvas_id="1001"), ",1001.0,,,,"),
        (Person("x", canvas_id="1001.0"), ",1001,,,,"),
        (Person("x", login="bray"), ",,,BRAY,,"),
        (Person("x", login="bray"), ",,,#bray,,"),
        (Person("x", login="bray"), ",,,bray@uni.example,,"),
        (Person("x", login="bray@uni.example"), ",,,bray,,"),
        (Person("x", email="Bob@uni.example"), ",,,bob@UNI.example,,"),
        (Person("x", email="bob@uni.example"), ",,,,bob@uni.example,"),
        (Person("x", sis_id="u2"), ",,U2,,,"),
        (Person("x", sid="u2"), ",,u2,,,"),
        (Person("x", moodle_id="222"), ",,,,,Participant 222"),
        (Person("x", name="Zo\u00eb M\u00fcller"), '"Mu\u0308ller, Zoe\u0308",,,,,'),
        (Person("bray"), ",,,bray,,"),
        (Person("bray"), ",,,bray@uni.example,,"),
        (Person("bray"), ",,,,bray@uni.example,"),
        (Person("u2"), ",,u2,,,"),
        (Person("1001"), ",1001,,,,"),
        (Person("222"), ",,,,,Teilnehmer/in 222"),
        (Person("Jane-Doe"), "Jane Doe,,,,,"),
        (Person("Jane-Doe"), '"Doe, Jane",,,,,'),
    ],
)
def test_each_way_finds_a_student(person, row):
    assert matched([",9,9,9,9@x,Participant 9", row], host_student(person.id, person)) == ({person.id: 2}, {})


def test_what_collect_recorded_is_known_too_and_moodles_number_is_of_the_assignment():
    recorded = host_student("jd", Person("jd", moodle_id="1"), [("moodle_id", "222"), ("name", "Jane Doe")])
    assert matched([",,,,,Participant 1", ",,,,,Participant 222"], recorded)[0] == {"jd": 2}
    of_roster = host_student("jd", Person("jd", canvas_id="1"), [("canvas_id", "2")])  # the number of a group's work
    assert matched([",1,,,,", ",2,,,,"], of_roster)[0] == {"jd": 1}


def test_a_way_that_gives_two_rows_is_decided_by_another_or_not_at_all():
    two = [",1,,ada,,", ",2,,ada,,"]
    assert matched(two, host_student("x", Person("x", login="ada"))) == ({}, {"x": "several rows"})
    assert matched(two, host_student("x", Person("x", login="ada", canvas_id="2"))) == ({"x": 2}, {})
    assert matched([",1,,ada,,", ",2,,bob,,"], host_student("x", Person("x", login="ada", canvas_id="2"))) == (
        {}, {"x": "several rows"},
    )  # fmt: skip


def test_two_students_of_one_row_get_none():
    both = [host_student(s, Person(s, email="a@x")) for s in ("one", "two")]
    assert matched([",,,,a@x,"], *both) == ({}, {"one": "row of several", "two": "row of several"})
    names = [host_student(s, Person(s, name="Jane Doe")) for s in ("one", "two")]
    assert matched(["Jane Doe,,,,,"], *names)[0] == {}


def test_a_name_counts_only_if_it_is_of_one_row_and_no_number_speaks_against_it():
    jane = host_student("x", Person("x", name="Jane Doe"))
    assert matched(["Jane Doe,1,,,,", "Jane Doe,2,,,,"], jane) == ({}, {"x": "several rows"})
    other = host_student("x", Person("x", name="Jane Doe", canvas_id="7"))  # somebody calls herself Jane Doe in Canvas
    assert matched(["Jane Doe,1,,,,"], other) == ({}, {"x": "no row"})


def test_a_row_that_a_number_gives_is_not_taken_by_a_guess():
    sure, guess = host_student("ada", Person("ada", canvas_id="1")), host_student("x1", None)
    assert matched([",1,,x1,,"], guess, sure) == ({"ada": 1}, {"x1": "no row"})


VALUES = st.sampled_from(["", "a", "b", "a@x", "1", "2", "Jane Doe"])
STUDENTS = st.lists(st.tuples(VALUES, VALUES, VALUES), max_size=4)


@given(STUDENTS, st.lists(st.lists(VALUES, min_size=6, max_size=6), min_size=1, max_size=4))
def test_whatever_is_known_no_row_is_given_twice_and_every_student_is_accounted_for(known, cells):
    students = [
        host_student(f"s{i}", Person(f"s{i}", login=login, canvas_id=number, name=name))
        for i, (login, number, name) in enumerate(known)
    ]
    given_rows, reasons = matched([",".join(row) for row in cells], *students)
    assert len(set(given_rows.values())) == len(given_rows)
    assert given_rows.keys() | reasons.keys() == {s.id for s in students}
    assert not given_rows.keys() & reasons.keys()
