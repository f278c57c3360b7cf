"""Which students of the roster an unknown name may mean: a guess for a person, by which nothing is placed."""

import pytest

from autograder.intake.near_names import near_students
from autograder.roster.roster import Person, make_roster


def near(called, *students):
    return [student.id for student in near_students([called], make_roster(students, "students.csv"))]


@pytest.mark.parametrize("called", ["Jane Deo", "doe jane", "Jane Mary Doe", "janedoe"])
def test_a_mistyped_a_turned_and_a_longer_name_are_near(called):
    assert near(called, Person("s1", "Jane Doe"), Person("s2", "Bob Roe")) == ["s1"]


def test_a_student_of_whom_only_short_things_are_known_is_near_to_nobody():
    """A name of two signs, as in Chinese, beside an id of three letters: less than four say nothing."""
    assert near("Jane Doe", Person("wli", "伟 李")) == []
    assert near("Jane Doe", Person("wli", "伟 李"), Person("s1", "Jane Doe")) == ["s1"]


def test_without_a_roster_nobody_is_near():
    assert near_students(["Jane Doe"], None) == ()
