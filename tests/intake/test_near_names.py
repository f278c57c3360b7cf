"""Which students of the roster an unknown name may mean: a guess for a person, by which nothing is placed."""

import pytest

from autograder.intake.near_names import near_students
from autograder.roster.roster import Person, make_roster

ADA, MIA, BOB = Person("ada", "Ada Lovelace"), Person("mia", "Mía Sol García"), Person("bob", "Bob Ray")
SHORT = Person("wli", "伟 李")  # a name of two signs, and an id of three letters


def near(called, *students):
    return [student.id for student in near_students([called], make_roster(students, "students.csv"))]


@pytest.mark.parametrize(
    ("called", "expected"),
    [
        ("Mia Sol Garcia", ["mia"]),  # without accents
        ("García, Mía Sol", ["mia"]),  # the other order
        ("Mia Garcia", ["mia"]),  # without the middle name
        ("solgarciamia", ["mia"]),  # as Canvas writes it
        ("Bob Rey", ["bob"]),
        ("lovelaceada", ["ada"]),
        ("Zed Quux", []),
        ("", []),
        ("a", []),
        ("Participant", []),
    ],
)
def test_a_near_name_is_a_guess_for_a_person(called, expected):
    assert near(called, ADA, MIA, BOB, SHORT) == expected


def test_a_student_of_whom_only_short_things_are_known_is_near_to_nobody():
    """Less than four signs say nothing."""
    assert near("Jane Doe", SHORT) == []
    assert near("Jane Doe", SHORT, Person("s1", "Jane Doe")) == ["s1"]


def test_without_a_roster_nobody_is_near():
    assert near_students(["Jane Doe"], None) == ()
