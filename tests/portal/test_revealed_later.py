"""A question whose author wrote `reveal = "after_due"`: from its assignment.toml to every byte that its student gets."""

import contextlib
import html

import pytest
from patience import be_patient
from portal import student_desk
from portal.portal_helpers import SUITE
from portal.test_visibility import MOMENTS, all_bytes, portal_at
from portal.test_visible_assignments import pieces_of

from autograder.course import open_course
from autograder.grading.grader import Grader, load_suites
from autograder.intake.submissions import Submission
from autograder.portal.catalogue import catalogue_of
from autograder.scaffold import new

NAME = "a9_test"
PUBLIC = "(3, 4) gives 12.5"
TITLES, IDS = ("Right for any vector", "Leaves its input as it was"), ("q1.value", "q1.pure")
# Half of the sum is the mean of two numbers, so the public example passes, and other lengths fail.
RIGHT, WRONG = "np.mean(np.square(x))", "np.sum(np.square(x)) / 2"


@pytest.fixture
def url(places):
    """What pages do does not depend on the kind of database."""
    return f"sqlite:///{places.database}"


@pytest.fixture(scope="module")
def closed(tmp_path_factory):
    root = tmp_path_factory.mktemp("closed")
    (root / "course.toml").write_text('title = "Test course"\n')
    course = open_course(root)
    be_patient(new(course, NAME))
    settings = course.solutions / NAME / "assignment.toml"
    question = 'id = "q1"\n'
    assert settings.read_text().count(question) == 1
    settings.write_text(settings.read_text().replace(question, f'{question}reveal = "after_due"\n'))
    return course


@pytest.fixture(scope="module")
def entry(closed):
    return catalogue_of(closed).of(NAME).model_copy(update={"suite": SUITE})


@pytest.fixture(scope="module")
def handed_in(closed, solved, tmp_path_factory):
    """(the notebook, its result)"""
    assert solved.count(RIGHT) == 1
    path = tmp_path_factory.mktemp("wrong") / f"{NAME}.ipynb"
    path.write_text(solved.replace(RIGHT, WRONG))
    suites = load_suites(closed, (NAME,), pictures=False)
    with contextlib.closing(Grader(suites, b"secret", None)) as grader:
        result = grader.grade(Submission("ada", NAME, path))
    assert {c.title: c.outcome for c in result.checks}[PUBLIC] == "pass"
    assert {c.id for c in result.checks if c.visibility == "hidden"} == set(IDS)
    return path.read_bytes(), result


def test_the_catalogue_knows_the_question_that_comes_later(entry):
    assert entry.later == {"q1"}


@pytest.mark.parametrize("moment", MOMENTS)
def test_its_hidden_checks_are_in_no_byte_before_the_marks_are_published(
    moment, closed, entry, handed_in, database, places, monkeypatch
):
    """The course shows all it may at every moment, so this setting alone closes the question."""
    monkeypatch.setattr(student_desk, "bundled_course", lambda: closed)
    notebook, result = handed_in
    portal, row = portal_at(moment, database, places, "full", "full", entry, result, notebook)
    text = html.unescape(all_bytes(portal, row, monkeypatch))
    message = next(c.message for c in result.checks if c.id == "q1.value")
    assert PUBLIC in text
    if moment == "published":
        assert [title for title in TITLES if title not in text] == []
    else:
        assert [word for word in (*TITLES, *IDS, *pieces_of(message)) if word in text] == []
