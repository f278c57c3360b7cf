"""`autograder serve --demo`: the bundled course, its sample class, and a link for each role."""

import pytest
from portal.portal_helpers import NOON, SUITE

from autograder.demo_portal import SampleClass, SampleHandIn, demo_course, people_of_demo, sample_hand_ins
from autograder.portal.credentials import person_of
from autograder.portal.database import open_database
from autograder.portal.schema import SubmissionRow


@pytest.fixture
def database(places):
    """A database without people."""
    opened = open_database(f"sqlite:///{places.database}")
    yield opened
    opened.close()


def test_there_is_a_link_for_a_student_a_grader_and_an_instructor(database):
    links = people_of_demo(database, NOON)
    with database.write() as session:
        roles = {person_of(session, text, "invitation", NOON).role for text in links.values()}
    assert list(links) == ["a student", "a grader", "an instructor"]
    assert roles == {"student", "grader", "instructor"}


def test_the_class_hands_in_every_notebook_and_stops_when_the_server_ends(database, places):
    people_of_demo(database, NOON)
    notebooks = [SampleHandIn(name, "a1", f"notebook of {name}") for name in ("ada", "alan", "alonzo")]
    sample = SampleClass(database, places, {"a1": SUITE}, notebooks, seconds=0.1)
    sample.start()
    sample.join()
    with database.read() as session:
        assert {row.student for row in session.query(SubmissionRow)} == {"ada", "alan", "alonzo"}
    late = SampleClass(database, places, {"a1": SUITE}, notebooks, seconds=10_000)
    late.start()
    late.stop()
    late.join()  # ends at once, not after an hour


def test_the_course_is_released_and_gone_afterwards():
    with demo_course() as course:
        names = course.names()
        assert all((course.assignments / name / f"{name}.ipynb").is_file() for name in names)
        assert {each.assignment for each in sample_hand_ins(course)} == set(names)
    assert not course.root.exists()
