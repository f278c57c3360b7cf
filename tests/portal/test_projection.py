"""`autograder serve sync`: afterwards all commands find the class, and `grade` has nothing to do."""

import contextlib

import pytest
from commands import run
from patience import be_patient
from portal.portal_helpers import SUITE, at, send
from result_builders import record

from autograder.course import open_course
from autograder.grading.grader import Grader, load_suites
from autograder.portal.database import open_database
from autograder.portal.folders import PortalFolders
from autograder.portal.jobs import Lease
from autograder.portal.projection import sync
from autograder.portal.queue_grader import QueueGrader, grading_of
from autograder.portal.schema import ExceptionRow, GradingRow, JobRow, PersonRow
from autograder.portal.suites import suites_of
from autograder.records.history import sha256
from autograder.records.store import all_attempts
from autograder.scaffold import new
from autograder.secret import course_secret

A9 = "a9_test"


@pytest.fixture
def site(tmp_path):
    """A course with one assignment, a class of three, and a portal with SQLite, where `autograder serve` has it."""
    root = tmp_path / "site"
    root.mkdir()
    (root / "course.toml").touch()
    (root / "students.csv").write_text("id\nada\nbob\neve\n")
    be_patient(new(open_course(root), A9))
    (root / "course.toml").write_text(f"[marks.due]\n{A9} = 2026-10-12T13:00:00Z\n")
    places = PortalFolders(root / "work" / "portal")
    places.make()
    database = open_database(f"sqlite:///{places.database}")
    with database.write() as session:
        session.add_all(PersonRow(id=name, role="student") for name in ("ada", "bob", "eve"))
    yield Site(root, database, places)
    database.close()


class Site:
    def __init__(self, root, database, places):
        self.root, self.database, self.places = root, database, places

    def hand_in(self, student, data, second, suite=SUITE):
        return send(
            self.database, self.places, data, student=student, assignment=A9, received=at(second), suite=suite
        ).submission

    def graded(self, submission, **result):
        """Give a submission a result without grading it."""
        received = submission.received.isoformat()
        made = record(assignment=A9, student=submission.student, received=received, **result)
        data = made.to_json().encode()
        self.places.result_of(sha256(data)).write_bytes(data)
        row = grading_of(Lease(submission, SUITE, "g", 1, None), made, sha256(data), at(100))
        row.counts = True
        with self.database.write() as session:
            session.add(row)
            session.query(JobRow).filter_by(submission_id=submission.id).delete()

    def sync(self):
        course = open_course(self.root)
        return sync(course, self.database, self.places, course_secret(course), at(1000))

    def results(self):
        """{(student, attempt): time of receipt} of work/results, without those of nothing."""
        found = all_attempts(self.root / "work" / "results")
        return {(r.student, r.attempt): r.received for r in found if r.status != "missing"}

    def files(self):
        kept = (p for p in (self.root / "work").rglob("*") if p.is_file() and "portal.db" not in p.name)
        return {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in kept}


@pytest.mark.usefixtures("skeleton")
def test_after_a_sync_grade_has_nothing_to_do(site, solved, starter):
    """Two attempts, no notebook, nothing handed in; and then an attempt more, which gives others their numbers."""
    course = open_course(site.root)
    suite = suites_of(course)[A9]
    with contextlib.closing(Grader(load_suites(course, (A9,), pictures=True), course_secret(course), None)) as grader:
        queue = QueueGrader(site.database, site.places, grader, "g", at(60) - at(0), slow=True, clock=lambda: at(50))
        for second, student, data in ((0, "ada", starter), (1, "ada", solved), (2, "bob", "no notebook")):
            site.hand_in(student, data.encode(), second, suite)
        while queue.grade_next():
            pass
        assert site.sync().problems == ()
        assert "4 up to date\n" in run("grade", "--course", site.root).stdout
        site.hand_in("ada", starter.encode(), 3, suite)
        assert queue.grade_next()
        assert run("serve", "sync", "--course", site.root).stdout == (
            "1 notebook and 2 results written to work/\nNext: autograder report\n"
        )
    assert "5 up to date\n" in run("grade", "--course", site.root).stdout
    assert len(site.results()) == 4


def test_the_newest_attempt_has_number_0_and_each_before_it_its_own(site):
    for second in (1, 2, 3):
        site.graded(site.hand_in("ada", b"%d" % second, second))
    done = site.sync()
    assert (done.notebooks, done.ungraded, done.problems) == (3, 0, ())
    times = {("ada", n): at(s).isoformat() for n, s in ((0, 3), (1, 1), (2, 2))}
    assert site.results() == times
    folder = site.root / "work" / "submitted" / "ada" / A9
    assert (folder / f"{A9}.ipynb").read_bytes() == b"3"
    assert (folder / "earlier" / "2" / "timestamp.txt").read_text() == "2026-10-12 12:00:02.000000 UTC"


def test_a_second_sync_changes_nothing(site):
    for second in (1, 2):
        site.graded(site.hand_in("ada", b"%d" % second, second))
    site.sync()
    before = site.files()
    done = site.sync()
    assert (done.notebooks, done.results) == (0, 0)
    assert site.files() == before


def test_the_same_bytes_again_later_are_an_attempt_of_their_own(site):
    for second, data in ((1, b"a"), (2, b"b"), (3, b"a")):
        site.graded(site.hand_in("ada", data, second))
        site.sync()
    assert site.results() == {("ada", n): at(s).isoformat() for n, s in ((0, 3), (1, 1), (2, 2))}


def test_a_notebook_whose_row_was_made_later_is_an_earlier_attempt(site):
    site.graded(site.hand_in("ada", b"new", 9))
    site.sync()
    site.graded(site.hand_in("ada", b"old", 4))
    site.sync()
    assert site.results() == {("ada", 0): at(9).isoformat(), ("ada", 1): at(4).isoformat()}


def test_a_notebook_that_still_waits_leaves_no_result_of_another_one_in_its_place(site):
    site.graded(site.hand_in("ada", b"1", 1))
    site.sync()
    site.hand_in("ada", b"2", 2)
    assert site.sync().ungraded == 1
    assert site.results() == {("ada", 1): at(1).isoformat()}


def test_changed_bytes_in_the_portal_are_left_out_with_a_line(site):
    """A web process that was taken over can write there."""
    first, second = (site.hand_in("ada", b"%d" % n, n) for n in (1, 2))
    site.graded(first)
    site.graded(second)
    site.places.notebook_of(A9, "ada", at(2), second.id).write_bytes(b"another")
    with site.database.read() as session:
        kept = session.get(GradingRow, (first.id, SUITE)).result
    site.places.result_of(kept).write_bytes(record(assignment=A9, student="ada").to_json().encode())
    assert site.sync().problems == (
        f"ada, {A9}, {second.id}: expected the bytes that were handed in, got others. Hint: restore a backup.",
        f"ada, {A9}: expected the result that was graded, got none or other bytes. Hint: restore a backup.",
    )
    assert site.results() == {}


def test_a_result_of_somebody_else_is_left_out(site):
    ada, bob = (site.hand_in(name, b"1", 1) for name in ("ada", "bob"))
    site.graded(ada)
    site.graded(bob)
    with site.database.write() as session:
        session.get(GradingRow, (bob.id, SUITE)).result = session.get(GradingRow, (ada.id, SUITE)).result
    (problem,) = site.sync().problems
    assert problem.startswith(f"bob, {A9}: expected the result of this notebook, got another's.")


def test_an_id_that_is_no_folder_of_its_own_writes_nothing_outside(site):
    with site.database.write() as session:
        session.add(PersonRow(id="../eve", role="student"))
    site.hand_in("../eve", b"1", 1)
    (problem,) = site.sync().problems
    assert "expected an id that can name a folder" in problem
    assert list((site.root / "work").glob("eve*")) == []


def test_exceptions_are_part_of_the_rules_afterwards(site):
    with site.database.write() as session:
        session.add(ExceptionRow(assignment=A9, student="ada", due=at(86400), by="dana", at=at(0)))
        session.add(ExceptionRow(assignment=A9, student="bob", due=None, excused=True, by="dana", at=at(0)))
    site.sync()
    policy = open_course(site.root).policy
    assert policy.due_of(A9, "ada") == at(86400)
    assert policy.excused == {"bob": [A9]}


def test_without_a_portal_the_command_is_one_line(tmp_path):
    (tmp_path / "course.toml").touch()
    with pytest.raises(Exception, match=r"expected a portal, got none\. Hint: autograder serve makes it\."):
        run("serve", "sync", "--course", tmp_path)
