"""What a student may not see yet of the real assignments: a wrong notebook of each, at three levels and five moments."""

import html
import re

import pytest
from patience import within
from portal.portal_helpers import SUITE
from portal.portal_web import browser_of
from portal.student_desk import graded
from portal.test_visibility import LEVELS, MOMENTS, all_bytes, portal_at
from sqlalchemy import delete

from autograder.assignment.samples import load_samples, notebook_text, solved_cells
from autograder.course import bundled_course
from autograder.grading.grader import Grader, load_suites
from autograder.intake.submissions import Submission
from autograder.portal.catalogue import catalogue_of
from autograder.portal.schema import GradingRow

WRONG = {
    "a1_gradient_ascent": ("gentlest_direction_decides", "clips_the_speed"),
    "a2_mlp_backprop": ("missing_one_over_n", "concepts_by_heart"),
    "a3_forward_vs_reverse": ("returns_the_transpose", "mode_by_seeded_passes"),
}
SHORTEST = 15  # characters of a piece of text that is looked for


@pytest.fixture
def url(places):
    """What pages do does not depend on the kind of database."""
    return f"sqlite:///{places.database}"


@pytest.fixture(scope="module")
def desks(tmp_path_factory):
    """{assignment: (its entry, a wrong notebook, its result, what only hidden checks say)}, each graded once."""
    course, made = bundled_course(), {}
    suites = {n: within(suite) for n, suite in load_suites(course, tuple(WRONG), pictures=True).items()}
    entries = {entry.name: with_closed_concepts(entry) for entry in catalogue_of(course).entries}
    grader = Grader(suites, b"secret", None)
    try:
        for name, wrong in WRONG.items():
            samples = [sample for sample in load_samples(suites[name]) if sample.name in wrong]
            assert len(samples) == len(wrong)
            path = tmp_path_factory.mktemp("wrong") / f"{name}.ipynb"
            path.write_text(notebook_text(solved_cells(suites[name], *samples)))
            result = grader.grade(Submission("ada", name, path))
            known = path.read_text() + entries[name].model_dump_json()
            made[name] = entries[name], path.read_bytes(), result, hidden_words(result, entries[name].later, known)
    finally:
        grader.close()
    return made


def with_closed_concepts(entry):
    """The entry as if its author had closed the question of concepts until publication."""
    questions = tuple(q.model_copy(update={"later": q.title == "concepts"}) for q in entry.questions)
    return entry.model_copy(update={"suite": SUITE, "questions": questions})


def hidden_words(result, later, known):
    """(what only hidden checks say, what only concept questions say): names, and pieces of titles and messages."""
    checks = [c for c in result.checks if c.visibility == "public"]
    public = html.unescape(known) + "".join(c.model_dump_json() for c in checks)
    words = {True: set(), False: set()}
    for question in result.questions:
        for check in (c for c in question.checks if c.visibility != "public"):
            pieces = {check.id, *pieces_of(check.title), *pieces_of(check.message)}
            words[question.id in later] |= {piece for piece in pieces if piece not in public}
    return words[False], words[True]


def pieces_of(text):
    """Parts of a text that stand in a page or in JSON as they are: without quotes, marks and line ends."""
    return {p.strip() for p in re.split(r"[^A-Za-z0-9 ,.:;()=+*/-]", text) if len(p.strip()) >= SHORTEST}


def seen(words, text):
    return sorted(word for word in words if word in text)


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("name", WRONG)
def test_no_byte_of_a_page_says_what_a_hidden_check_says(name, level, moment, desks, database, places, monkeypatch):
    entry, notebook, result, (hidden, concepts) = desks[name]
    over = moment in {"after due", "published"}
    levels = ("public", level) if over else (level, "full")
    portal, row = portal_at(moment, database, places, *levels, entry, result, notebook)
    text = html.unescape(all_bytes(portal, row, monkeypatch))
    full = level == "full" and moment != "no token"
    assert bool(seen(hidden, text)) == full, seen(hidden, text)
    assert result.seed not in text
    assert result.suite_sha256 not in text
    if not (full and moment == "published"):
        assert seen(concepts, text) == []


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("name", WRONG)
def test_before_publication_no_byte_depends_on_a_concept(name, level, desks, database, places):
    """Each concept is turned around: right where it was wrong, and wrong where it was right."""
    entry, notebook, result, _ = desks[name]
    assert len(entry.later) == 1
    portal, row = portal_at("token", database, places, level, "full", entry, result, notebook)
    browser, place = browser_of(portal, "ada"), f"/a/{name}/{row.id}"
    before = browser.get(place).text
    with database.write() as session:
        session.execute(delete(GradingRow).where(GradingRow.submission_id == row.id))
    graded(portal, row, turned(result, entry.later))
    assert browser.get(place).text == before


def turned(result, later):
    questions = tuple(_turned(q) if q.id in later else q for q in result.questions)
    assert questions != result.questions
    score = round(sum(q.score for q in questions), 6)
    return result.model_copy(update={"questions": questions, "score": score})


def _turned(question):
    checks = tuple(c if c.visibility == "public" else _other(c) for c in question.checks)
    return question.model_copy(update={"checks": checks, "score": round(sum(c.points for c in checks), 6)})


def _other(check):
    if check.outcome == "pass":
        return check.model_copy(update={"points": 0.0, "outcome": "fail", "message": "turned"})
    return check.model_copy(update={"points": check.max_points, "outcome": "pass", "message": ""})
