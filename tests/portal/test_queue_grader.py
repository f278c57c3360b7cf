"""A grader of the portal: the result's file before its row, and the bytes that `autograder grade` writes."""

import hashlib
from datetime import timedelta

import pytest
from portal.portal_helpers import SUITE, at, send
from result_builders import record

from autograder.authoring.seeds import seeds_from
from autograder.grading.grader import Grader
from autograder.intake.submissions import Submission as Given
from autograder.judging.submission import grade_submission
from autograder.portal import jobs
from autograder.portal.queue_grader import QueueGrader
from autograder.portal.schema import GradingRow, JobRow, PersonRow
from autograder.records.result import Result


class FakeGrader:
    """It gives prepared results. None: the slice is over."""

    def __init__(self, *results):
        self.results, self.asked = list(results), []

    def grade(self, submission):
        self.asked.append((submission, None))
        return self.results.pop(0)

    def grade_within(self, submission, seconds):
        self.asked.append((submission, seconds))
        return self.results.pop(0)


@pytest.fixture
def desk(database, places):
    """desk(grader): its place at the queue, 100 seconds after noon."""

    def inner(grader, owner="g1", *, slow=True):
        return QueueGrader(database, places, grader, owner, timedelta(seconds=60), slow, lambda: at(100))

    return inner


def crowd(database, places, number):
    with database.write() as session:
        session.add_all(PersonRow(id=f"s{i}", role="student") for i in range(number))
    for i in range(number):
        send(database, places, b"%d" % i, student=f"s{i}", received=at(i))


def all_of(database, table):
    with database.read() as session:
        return session.query(table).all()


def test_nothing_waits_so_nothing_is_asked(desk):
    grader = FakeGrader()
    assert not desk(grader).grade_next()
    assert grader.asked == []


def test_a_grading_has_the_hash_of_the_file_that_holds_its_result(desk, database, places):
    send(database, places, b"1", received=at(0))
    assert desk(FakeGrader(record())).grade_next()
    (row,) = all_of(database, GradingRow)
    data = places.result_of(row.result).read_bytes()
    assert hashlib.sha256(data).hexdigest() == row.result
    assert Result.from_json(data) == record()
    assert (row.score, row.max_score, row.status) == (record().score, record().max_score, "graded")


def test_what_does_not_end_in_its_slice_waits_in_the_slow_lane(desk, database, places):
    crowd(database, places, 7)
    grader = FakeGrader(record(), None)
    here = desk(grader)
    assert here.grade_next()
    assert here.grade_next()
    assert [seconds for _, seconds in grader.asked] == [None, 1.0]
    assert [job.slow for job in all_of(database, JobRow)].count(True) == 1
    assert len(all_of(database, GradingRow)) == 1


def test_a_slice_is_four_times_what_this_machine_usually_takes(desk, database, places, monkeypatch):
    """The first run takes 3 s, the second 5 s: the slices are 12 s and 16 s. Before the first, nothing is known."""
    crowd(database, places, 9)
    grader, now = FakeGrader(*[record()] * 3), [0.0]
    takes = iter([3.0, 5.0, 1.0])
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    here = desk(grader)
    for name in ("grade", "grade_within"):
        real = getattr(grader, name)
        setattr(grader, name, lambda *given, real=real: (now.__setitem__(0, now[0] + next(takes)), real(*given))[1])
    assert [here.grade_next() for _ in range(3)] == [True] * 3
    assert [seconds for _, seconds in grader.asked] == [None, 12.0, 16.0]


def test_trouble_of_ours_is_tried_three_times_and_then_it_is_a_result(desk, database, places):
    send(database, places, b"1")
    trouble = record(status="error", reason="grading failed")
    for tries in (1, 2, 3):
        assert all_of(database, GradingRow) == []
        assert desk(FakeGrader(trouble), f"g{tries}").grade_next()
    (row,) = all_of(database, GradingRow)
    assert row.status == "error"
    assert all_of(database, JobRow) == []


def test_a_grader_that_lost_its_lease_leaves_a_file_and_no_row(desk, database, places):
    send(database, places, b"1")

    class Slow(FakeGrader):
        def grade(self, submission):
            jobs.free(database, ["g1"])
            return super().grade(submission)

    assert desk(Slow(record())).grade_next()
    assert all_of(database, GradingRow) == []
    assert len(list(places.results.iterdir())) == 1
    assert desk(FakeGrader(record()), "g2").grade_next()
    assert len(all_of(database, GradingRow)) == 1


def test_the_first_grading_counts_and_one_by_other_checks_is_a_proposal(desk, database, places):
    taken = send(database, places, b"1")
    desk(FakeGrader(record())).grade_next()
    with database.write() as session:
        session.add(JobRow(submission_id=taken.submission.id, suite="6" * 64, rank=jobs.REGRADE, queued=at(9)))
    desk(FakeGrader(record())).grade_next()
    assert {g.suite: g.counts for g in all_of(database, GradingRow)} == {SUITE: True, "6" * 64: False}


def test_the_result_has_the_bytes_that_grading_the_file_gives(desk, database, places, skeleton, solved, sandboxes):
    grader = Grader({skeleton.name: skeleton}, b"secret", None)
    try:
        send(database, places, solved.encode(), assignment=skeleton.name, received=at(0))
        assert desk(grader).grade_next()
        (row,) = all_of(database, GradingRow)
        (file,) = places.all_handed_in()
        given = Given("ada", skeleton.name, file.path, received="2026-10-12T12:00:00+00:00")
        zygote = sandboxes.open({skeleton.name: skeleton.handouts})
        expected = grade_submission(given, skeleton, zygote, seeds_from(b"secret"))
    finally:
        grader.close()
    assert row.score == row.max_score == 10
    assert places.result_of(row.result).read_text() == expected.to_json()


def test_a_slice_that_is_long_enough_gives_the_same_bytes_and_one_that_is_not_gives_none(skeleton, solved, tmp_path):
    path = tmp_path / "a9_test.ipynb"
    path.write_text(solved)
    looping = tmp_path / "looping.ipynb"
    looping.write_text(solved.replace("return np.mean", "while True: pass\\n    return np.mean"))
    assert looping.read_text() != solved
    grader = Grader({skeleton.name: skeleton}, b"secret", None)
    try:
        whole = grader.grade(Given("ada", skeleton.name, path))
        assert grader.grade_within(Given("ada", skeleton.name, path), 60.0).to_json() == whole.to_json()
        assert grader.grade_within(Given("ada", skeleton.name, looping), 1.0) is None
    finally:
        grader.close()
