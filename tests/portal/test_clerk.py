"""The clerk: after any end of any program, each file has its row, and each submission its job."""

from portal.portal_helpers import SUITE, at, send
from sqlalchemy import delete

from autograder.intake.reader import NOTEBOOK
from autograder.portal import clerk
from autograder.portal.folders import new_id
from autograder.portal.schema import EventRow, GradingRow, JobRow, PersonRow, SubmissionRow

SUITES = {"a1": SUITE}


def all_of(database, table):
    with database.read() as session:
        return session.query(table).all()


def orphan(places, data, *, student="ada", received=None, assignment="a1"):
    """A file as it stands if the program ended before its row was written."""
    path = places.notebook_of(assignment, student, received or at(0), new_id())
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def lose_everything(database):
    with database.write() as session:
        for table in (JobRow, GradingRow, EventRow, SubmissionRow, PersonRow):
            session.execute(delete(table))


def test_a_file_without_a_row_is_adopted_with_the_time_in_its_name_and_graded(database, places):
    path = orphan(places, b"notebook", received=at(7))
    assert clerk.adopt(database, places, SUITES, at(200)) == 1
    (row,) = all_of(database, SubmissionRow)
    assert (row.student, row.received, row.size, row.adopted) == ("ada", at(7), 8, True)
    assert row.id in path.name
    assert [job.submission_id for job in all_of(database, JobRow)] == [row.id]
    assert [e.what for e in all_of(database, EventRow)] == ["adopted"]
    assert clerk.adopt(database, places, SUITES, at(200)) == 0


def test_a_file_that_may_get_its_row_in_a_moment_is_left_alone(database, places):
    orphan(places, b"notebook", received=at(100))
    assert clerk.adopt(database, places, SUITES, at(219)) == 0
    assert clerk.adopt(database, places, SUITES, at(221)) == 1


def test_nothing_is_removed_because_each_file_may_have_a_receipt(database, places):
    """An upload that began before another one and ended after it: its bytes are those of the file before it."""
    for second, data in ((1, b"same"), (3, b"other"), (2, b"same")):
        assert not send(database, places, data, received=at(second)).again
    lose_everything(database)
    assert clerk.adopt(database, places, SUITES, at(500)) == 3
    assert sorted(s.received for s in all_of(database, SubmissionRow)) == [at(1), at(2), at(3)]


def test_a_file_that_cannot_be_read_stops_no_other(database, places):
    large = orphan(places, b"", received=at(0))
    with large.open("wb") as file:
        file.truncate(NOTEBOOK.limit + 1)
    orphan(places, b"notebook", student="bob", received=at(1))
    assert clerk.adopt(database, places, SUITES, at(500)) == 1
    assert [s.student for s in all_of(database, SubmissionRow)] == ["bob"]
    assert large.exists()


def test_a_lost_database_is_made_again_from_the_files(database, places):
    sent = [send(database, places, data, student=who, received=at(i))
            for i, (data, who) in enumerate(((b"1", "ada"), (b"2", "bob"), (b"3", "ada"), (b"1", "ada")))]  # fmt: skip
    before = {(s.submission.id, s.submission.sha256, s.submission.received, s.submission.student) for s in sent}
    lose_everything(database)
    assert clerk.adopt(database, places, SUITES, at(500)) == 4
    assert {(s.id, s.sha256, s.received, s.student) for s in all_of(database, SubmissionRow)} == before
    assert {p.id: p.active for p in all_of(database, PersonRow)} == {"ada": False, "bob": False}
    newest = {"ada": at(3), "bob": at(1)}
    assert {j.submission.student: j.submission.received for j in all_of(database, JobRow) if j.rank == 0} == newest


def test_a_link_another_name_and_an_unknown_assignment_are_no_submissions(database, places, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("x")
    path = orphan(places, b"notebook")
    path.unlink()
    path.symlink_to(secret)
    path.with_name("notes.ipynb").write_text("x")
    orphan(places, b"notebook", assignment="a7")
    (places.handed_in / "a1" / "linked").symlink_to(tmp_path)
    assert clerk.adopt(database, places, SUITES, at(500)) == 0
    assert all_of(database, SubmissionRow) == []


def test_a_submission_without_a_grading_for_todays_checks_gets_a_job(database, places):
    taken = send(database, places, b"1")
    with database.write() as session:
        session.execute(delete(JobRow))
    assert clerk.queue_missing(database, SUITES, at(9)) == 1
    assert clerk.queue_missing(database, SUITES, at(9)) == 0
    assert clerk.queue_missing(database, {"a1": "7" * 64}, at(9)) == 1  # the checks have changed
    assert [(j.submission_id, j.suite) for j in all_of(database, JobRow)] == [
        (taken.submission.id, SUITE),
        (taken.submission.id, "7" * 64),
    ]
