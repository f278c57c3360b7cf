"""A class of a portal from rows alone: submissions with gradings, as the queue's graders would leave them."""

import hashlib

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from portal.portal_helpers import NOON, SUITE, at

from autograder.course import Course
from autograder.marking_rules import MarkingRules
from autograder.portal.catalogue import Catalogue, CatalogueEntry, CatalogueQuestion
from autograder.portal.portal import Portal
from autograder.portal.schema import GradingRow, SubmissionRow

LATER = at(1000)
ASKED = (CatalogueQuestion(id="q1", title="slope", points=60), CatalogueQuestion(id="q2", title="climb", points=40))
ENTRY = CatalogueEntry(name="a1", title="Climber", suite=SUITE, submission_seconds=9, questions=ASKED)
SECOND = CatalogueEntry(name="a2", title="Layers", suite="6" * 64, submission_seconds=9, questions=ASKED)


def portal_with(database, places, *entries, now=LATER, **rules):
    """A portal of these assignments, or of a1, with these rules of [marks]."""
    course = Course(places.root, "Course", policy=MarkingRules(**rules))
    catalogue = Catalogue(entries=entries or (ENTRY,))
    return Portal(course, catalogue, database, places, Ed25519PrivateKey.generate(), lambda: now)


def submitted(database, student, seconds=0, *, assignment="a1", **fields):
    """A submission, so many seconds after noon. Returns its id."""
    id_ = hashlib.sha256(f"{assignment} {student} {seconds}".encode()).hexdigest()[:16]
    with database.write() as session:
        row = {"size": 2, "sha256": "0" * 64, "key": id_, "received": at(seconds), **fields}
        session.add(SubmissionRow(id=id_, assignment=assignment, student=student, **row))
    return id_


def graded(database, id_, q1=0.0, q2=0.0, *, suite=SUITE, counts=True, result="", **fields):
    """Its grading: points of 60 for q1, and of 40 for q2."""
    sums = {"score": q1 + q2, "max_score": 100.0, "carried": 0.0, "status": "graded", "flags": [], "graded": NOON}
    questions = [["q1", q1, 60.0], ["q2", q2, 40.0]]
    with database.write() as session:
        row = {**sums, "questions": questions, **fields}
        session.add(GradingRow(submission_id=id_, suite=suite, counts=counts, result=result or "a" * 64, **row))
    return id_
