"""A portal whose assignment is A1 in name, with results that are made up: a public check, hidden ones, and a concept."""

import hashlib
from dataclasses import replace

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from portal.portal_helpers import SUITE, at
from result_builders import check, question, record

from autograder.course import bundled_course
from autograder.marking_rules import AssignmentRules, MarkingRules
from autograder.portal.catalogue import Catalogue, CatalogueEntry, CatalogueQuestion
from autograder.portal.portal import Portal
from autograder.portal.schema import GradingRow
from autograder.portal_settings import PortalFeedback, PortalSettings

NAME = "a1_gradient_ascent"
QUESTIONS = (
    CatalogueQuestion(id="q1", title="slope", points=10),
    CatalogueQuestion(id="c1", title="concept", points=6, later=True),
)


class Clock:
    """A clock that a test sets."""

    def __init__(self, now):
        self.now = now

    def __call__(self):
        return self.now


ENTRY = CatalogueEntry(name=NAME, title="Climber", suite=SUITE, submission_seconds=9, questions=QUESTIONS)


def student_portal(database, places, clock, *, due=None, late_days=0, entry=ENTRY, **feedback):
    """A portal of one assignment. due: of the class.  feedback: fields of [portal.feedback]."""
    rules = MarkingRules(late_days=late_days, assignments={entry.name: AssignmentRules(due=due)} if due else {})
    settings = PortalSettings(feedback=PortalFeedback(**feedback))
    course = replace(bundled_course(), policy=rules, portal=settings)
    key = Ed25519PrivateKey.from_private_bytes(bytes(32))
    return Portal(course, Catalogue(entries=(entry,)), database, places, key, clock)


def result(student="ada", concept=0.0, **fields):
    """A graded result with words that its student may see only at some levels."""
    return record(
        student,
        NAME,
        questions=(
            question(
                "q1",
                check("q1.example", 1.0, 1.0, visibility="public", title="PUBLIC-TITLE"),
                check("q1.secret", 0.0, 4.0, title="HIDDEN-TITLE", message="HIDDEN-MESSAGE"),
                check("q1.other", 5.0, 5.0, title="HIDDEN-TITLE-2"),
            ),
            question("c1", check("c1.letter", concept, 6.0, title="CONCEPT-TITLE", message="CONCEPT-MESSAGE")),
        ),
        max_score=16.0,
        seed="a" * 64,
        suite_sha256="b" * 64,
        **fields,
    )


def graded(portal, submission, given, seconds=1):
    """Write a result and its row, as a grader does."""
    data = given.to_json().encode()
    sha256 = hashlib.sha256(data).hexdigest()
    portal.places.result_of(sha256).write_bytes(data)
    with portal.database.write() as session:
        session.add(
            GradingRow(
                submission_id=submission.id, suite=SUITE, result=sha256, status=given.status, score=given.score,
                max_score=given.max_score, carried=0.0, questions=[], flags=[], graded=at(seconds), counts=True,
            )
        )  # fmt: skip
