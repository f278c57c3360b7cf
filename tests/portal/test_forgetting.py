"""`serve forget`: nothing of the person is left in the portal but a pseudonym; the others keep everything."""

from datetime import timedelta

import pytest
from portal.portal_helpers import SUITE, at, send
from result_builders import record
from sqlalchemy import select

from autograder.errors import AutograderError
from autograder.portal import clerk
from autograder.portal.credentials import give
from autograder.portal.forgetting import forget
from autograder.portal.jobs import claim, finish
from autograder.portal.queue_grader import grading_of
from autograder.portal.schema import (
    EventRow,
    ExceptionRow,
    HandMarkRow,
    PublicationRow,
    RequestRow,
    Row,
    SettledRow,
    SubmissionRow,
)
from autograder.records.history import sha256


@pytest.fixture
def full(database, places):
    """Ada and Bob have a row in every table that can hold one of a student."""
    for second, student in ((1, "ada"), (2, "bob")):
        row = send(database, places, student.encode(), student=student, received=at(second)).submission
        taken = claim(database, "g", at(10), timedelta(60), slow=True)
        data = record(student=student).to_json().encode()
        places.result_of(sha256(data)).write_bytes(data)
        finish(database, taken, grading_of(taken, record(student=student), sha256(data), at(11)), at(11))
        a = {"assignment": "a1", "student": student}
        with database.write() as session:
            give(session, student, "session", at(0), by="dana")
            session.add(ExceptionRow(**a, due=at(99), by="dana", at=at(0)))
            session.add(SettledRow(submission_id=row.id, kind="adopted", detail="d" * 64, note="", by="dana", at=at(0)))
            session.add(HandMarkRow(**a, question="q1", items=[], by="dana", at=at(0)))
            asked = {**a, "question": "q1", "submission_id": row.id, "text": "why", "at": at(0)}
            session.add(RequestRow(id=row.id, **asked))
    with database.write() as session:
        session.add(PublicationRow(assignment="a1", at=at(20), by="dana", shown={"ada": {"score": 1}, "bob": {}}))
    return places


def everything(database):
    with database.read() as session:
        return {t.name: [tuple(r) for r in session.execute(t.select())] for t in Row.metadata.sorted_tables}


def test_no_row_and_no_file_names_the_person_any_more(database, full):
    pseudonym = forget(database, full, "ada", at(30))
    assert "'ada'" not in str(everything(database))
    assert "ada" not in "".join(p.as_posix() for p in full.root.rglob("*"))
    assert b'"student": "ada"' not in b"".join(p.read_bytes() for p in full.results.iterdir())
    with database.read() as session:
        assert pseudonym in set(session.scalars(select(EventRow.who)))


def test_the_others_keep_everything(database, full):
    before = {name: [r for r in rows if "'bob'" in str(r)] for name, rows in everything(database).items()}
    forget(database, full, "ada", at(30))
    after = everything(database)
    for name in before.keys() - {"publication"}:
        assert all(row in after[name] for row in before[name]), name
    assert after["publication"][0][-1] == {"bob": {}}
    assert [p.read_bytes() for p in full.handed_in.rglob("*.ipynb")] == [b"bob"]
    assert len(list(full.results.iterdir())) == 1


def test_nothing_brings_the_person_back(database, full):
    forget(database, full, "ada", at(30))
    assert clerk.adopt(database, full, {"a1": SUITE}, at(1000)) == 0
    with database.read() as session:
        assert set(session.scalars(select(SubmissionRow.student))) == {"bob"}


def test_somebody_of_the_staff_leaves_marks_under_a_pseudonym(database, full):
    pseudonym = forget(database, full, "dana", at(30))
    with database.read() as session:
        assert set(session.scalars(select(HandMarkRow.by))) == {pseudonym}


def test_somebody_who_is_not_there_is_one_line_with_the_nearest_id(database, full):
    with pytest.raises(AutograderError, match=r"expected the id of a person of the portal, got 'adda'\. Hint: ada\?"):
        forget(database, full, "adda", at(30))
