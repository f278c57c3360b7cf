"""The queue: the newest of each student first; a lease that is lost writes nothing; no job is lost."""

from datetime import timedelta

import pytest
from portal.portal_helpers import at, send

from autograder.portal import jobs
from autograder.portal.schema import EventRow, GradingRow, JobRow

LEASE = timedelta(seconds=60)


def claim(database, owner="g1", seconds=100, *, slow=True):
    return jobs.claim(database, owner, at(seconds), LEASE, slow=slow)


def grading(claim, score=5.0):
    return GradingRow(
        submission_id=claim.submission.id, suite=claim.suite, result="a" * 64, status="graded", score=score,
        max_score=10.0, carried=0.0, questions=[["q1", score, 10.0]], flags=[], graded=at(1),
    )  # fmt: skip


def all_of(database, table):
    with database.read() as session:
        return session.query(table).all()


def test_the_newest_of_each_student_goes_first_by_time_and_then_what_it_replaced(database, places):
    for second, student, data in ((0, "ada", b"1"), (1, "bob", b"2"), (2, "ada", b"3"), (3, "eve", b"4")):
        send(database, places, data, student=student, received=at(second))
    order = []
    while job := claim(database, f"g{len(order)}"):
        order.append((job.submission.student, job.submission.received))
    assert order == [("bob", at(1)), ("ada", at(2)), ("eve", at(3)), ("ada", at(0))]


def test_a_replaced_submission_of_one_assignment_does_not_replace_another_assignments(database, places):
    send(database, places, b"1", assignment="a1", received=at(0))
    send(database, places, b"2", assignment="a2", received=at(1))
    assert [job.rank for job in all_of(database, JobRow)] == [jobs.NEWEST, jobs.NEWEST]


def test_a_job_that_somebody_has_is_nobody_elses_until_the_lease_is_over(database, places):
    send(database, places, b"1")
    assert claim(database, "g1", 100)
    assert claim(database, "g2", 159) is None
    assert claim(database, "g2", 161).owner == "g2"


def test_a_grading_is_written_and_its_job_is_gone(database, places):
    send(database, places, b"1")
    mine = claim(database)
    assert jobs.finish(database, mine, grading(mine), at(101))
    assert all_of(database, JobRow) == []
    (row,) = all_of(database, GradingRow)
    assert row.counts
    assert (row.submission_id, row.score, row.questions) == (mine.submission.id, 5.0, [["q1", 5.0, 10.0]])


@pytest.mark.parametrize("case", ["over", "taken"])
def test_a_lost_lease_writes_nothing_and_is_an_event(database, places, case):
    send(database, places, b"1")
    mine = claim(database, "g1", 100)
    if case == "taken":
        claim(database, "g2", 161)
    assert not jobs.finish(database, mine, grading(mine), at(170))
    assert all_of(database, GradingRow) == []
    assert len(all_of(database, JobRow)) == 1
    assert [e.what for e in all_of(database, EventRow)][-1] == "lease_lost"


def test_the_jobs_of_a_grader_that_ended_are_free_at_once(database, places):
    send(database, places, b"1", student="ada", received=at(0))
    send(database, places, b"2", student="bob", received=at(1))
    claim(database, "g1")
    claim(database, "g2")
    assert jobs.free(database, ["g1"]) == 1
    assert claim(database, "g3", 101).submission.student == "ada"


def test_a_job_that_took_three_graders_along_is_given_up_and_stops_no_other(database, places):
    send(database, places, b"1", student="ada", received=at(0))
    send(database, places, b"2", student="bob", received=at(1))
    for owner in ("g1", "g2", "g3"):
        assert claim(database, owner).submission.student == "ada"
        jobs.free(database, [owner])
    assert claim(database, "g4").submission.student == "bob"
    with database.read() as session:
        assert [job.submission.student for job in jobs.given_up(session)] == ["ada"]


def test_only_in_a_crowd_a_first_run_has_one_slice(database, places):
    for i in range(6):
        send(database, places, b"%d" % i, student=("ada", "bob", "eve")[i % 3], assignment=f"a{i}", received=at(i))
    slices = [claim(database, f"g{i}").sliced for i in range(6)]
    assert slices == [True, True, False, False, False, False]  # 6 and 5 wait; then 4 and fewer


def test_jobs_that_were_given_up_make_no_crowd(database, places):
    for i in range(6):
        send(database, places, b"%d" % i, assignment=f"a{i}", received=at(i))
    with database.write() as session:
        for job in session.query(JobRow).limit(5):
            job.tries = jobs.MOST_TRIES
    assert not claim(database).sliced


def test_the_slow_lane_goes_last_has_no_slice_and_is_closed_to_one_grader(database, places):
    send(database, places, b"loop", student="ada", received=at(0))
    looper = claim(database, "g1")
    jobs.to_slow_lane(database, looper)
    send(database, places, b"2", student="bob", received=at(1))
    assert claim(database, "g1", slow=False).submission.student == "bob"
    assert claim(database, "g1", slow=False) is None
    again = claim(database, "g2", slow=True)
    assert (again.submission.student, again.sliced, again.tries) == ("ada", False, 1)


def test_the_length_of_the_queue_and_its_age_are_known(database, places):
    send(database, places, b"1", student="ada", received=at(5))
    send(database, places, b"2", student="bob", received=at(7))
    claim(database)
    with database.read() as session:
        assert jobs.waiting(session) == jobs.QueueLength(1, at(7))
