"""A receipt is a promise: notebook, row and job are on disk first. Sending twice hands in once."""

import errno
import hashlib
import io
import os
from datetime import timedelta
from pathlib import Path

import pytest
from portal.portal_helpers import SUITE, at, send

from autograder.portal import handing_in
from autograder.portal.clerk import adopt
from autograder.portal.folders import keep
from autograder.portal.handing_in import Delivery, NotTakenError, hand_in, uploading
from autograder.portal.schema import EventRow, JobRow, PersonRow, SubmissionRow


def rows(database, table):
    with database.read() as session:
        return session.query(table).all()


def files(places):
    return [p for p in places.handed_in.rglob("*") if p.is_file()]


def test_a_notebook_that_came_in_is_a_file_a_row_a_job_and_an_event(database, places):
    taken = send(database, places, b"notebook", received=at(0))
    (file,) = places.all_handed_in()
    assert file.path.read_bytes() == b"notebook"
    assert file.path.name == f"20261012T120000.000000Z-{taken.submission.id}.ipynb"
    assert (file.assignment, file.student, file.received) == ("a1", "ada", at(0))
    (row,) = rows(database, SubmissionRow)
    assert (row.student, row.size, row.received) == ("ada", 8, at(0))
    assert row.sha256 == hashlib.sha256(b"notebook").hexdigest()
    (job,) = rows(database, JobRow)
    assert (job.submission_id, job.suite, job.owner) == (row.id, SUITE, None)
    assert [(e.what, e.who, e.about) for e in rows(database, EventRow)] == [("handed_in", "ada", row.id)]


def test_the_same_key_or_the_newest_bytes_again_count_nothing_and_leave_one_file(database, places):
    first = send(database, places, b"one", received=at(0), key="k")
    for data, key in ((b"one", "other"), (b"changed on the way", "k")):
        again = send(database, places, data, received=at(9), key=key)
        assert again.again
        assert again.submission.id == first.submission.id
    assert [f.id for f in places.all_handed_in()] == [first.submission.id]
    assert len(rows(database, JobRow)) == 1


def test_what_was_handed_in_before_something_else_is_a_submission_again(database, places):
    """The newest counts, so going back to an older notebook is a decision."""
    sent = [send(database, places, data, received=at(i)) for i, data in enumerate((b"one", b"two", b"one"))]
    assert [s.again for s in sent] == [False] * 3
    assert len(list(places.all_handed_in())) == 3


def test_another_student_may_hand_in_the_same_bytes_under_the_same_key(database, places):
    for student in ("ada", "bob"):
        assert not send(database, places, b"same", student=student, key="k").again


def test_an_upload_that_is_cut_off_leaves_nothing(database, places):
    arrival = Delivery("a1", "ada", at(0), "k")

    def cut_off():
        with uploading(places, arrival) as upload:
            upload.add(b"half of a note")
            raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        cut_off()
    assert files(places) == []
    assert rows(database, SubmissionRow) == rows(database, JobRow) == []


def test_a_notebook_above_the_limit_is_not_taken(database, places, monkeypatch):
    monkeypatch.setattr(handing_in, "NOTEBOOK", handing_in.NOTEBOOK.__class__("a notebook", 8, "clear all outputs"))
    assert not send(database, places, b"8 bytes!").again
    with pytest.raises(NotTakenError, match=r"expected at most 8 bytes, got more\. Hint: clear all outputs") as refused:
        send(database, places, b"9 bytes!!", student="bob")
    assert refused.value.code == 413
    assert len(files(places)) == 1


class FullFile(io.FileIO):
    """A file on a full disk."""

    def write(self, _):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("step", ["write", "fsync", "link"])
def test_a_full_disk_gives_no_receipt_and_says_that_nothing_was_handed_in(database, places, monkeypatch, step):
    def full(*_, **__):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    if step == "write":
        monkeypatch.setattr(Path, "open", lambda path, mode, buffering: FullFile(path, mode.rstrip("b")))
    else:
        monkeypatch.setattr(os, step, full)
    with pytest.raises(NotTakenError, match="NOT handed in") as refused:
        send(database, places, b"notebook")
    assert refused.value.code == 507
    monkeypatch.undo()
    assert files(places) == []
    assert rows(database, SubmissionRow) == []


def test_below_the_spare_bytes_nothing_is_begun(database, places, monkeypatch):
    monkeypatch.setattr(handing_in, "SPARE_BYTES", 1 << 62)
    with pytest.raises(NotTakenError, match="the server's disk is full"):
        send(database, places, b"notebook")
    assert files(places) == []


def test_the_file_is_lasting_before_its_row_and_the_row_before_the_answer(database, places, monkeypatch):
    """A power cut between any two steps leaves a file that is adopted, and never a row without its file."""
    steps = []
    fsync, link, write = os.fsync, os.link, database.write

    def noted(step, function):
        return lambda *args, **kwargs: (steps.append(step), function(*args, **kwargs))[1]

    monkeypatch.setattr(os, "fsync", noted("fsync", fsync))
    monkeypatch.setattr(os, "link", noted("link", link))
    monkeypatch.setattr(database, "write", lambda **how: (steps.append(how), write(**how))[1])
    arrival = Delivery("a1", "ada", at(0), "k")
    with uploading(places, arrival) as upload:
        upload.add(b"notebook")
        steps.clear()
        hand_in(database, places, arrival, upload, SUITE)
    assert steps == ["fsync", "link", "fsync", {"lasting": True}]


def test_names_of_students_cannot_leave_the_folder(database, places):
    with database.write() as session:
        session.add(PersonRow(id="../../x", role="student"))
    send(database, places, b"notebook", student="../../x")
    (file,) = places.all_handed_in()
    assert file.path.resolve().is_relative_to(places.handed_in.resolve())
    assert file.path.parent.name == "%2E.%2F..%2Fx"


def test_a_file_that_the_clerk_adopted_in_the_same_moment_stays(database, places, monkeypatch):
    def keep_and_adopt(part, place):
        keep(part, place)
        assert adopt(database, places, {"a1": SUITE}, at(0), timedelta(0)) == 1

    monkeypatch.setattr("autograder.portal.handing_in.keep", keep_and_adopt)
    taken = send(database, places, b"1234", received=at(0))
    assert not taken.again
    (kept,) = places.all_handed_in()
    assert kept.id == taken.submission.id
    with database.read() as session:
        assert session.query(SubmissionRow).count() == 1
