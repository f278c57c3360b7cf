"""Reading a file that somebody gives: what it is for, how large it may be, and one line for everything else."""

import errno
import os
import re
from pathlib import Path

import pytest

from autograder import files
from autograder.assignment import student_side
from autograder.audit import equivalent
from autograder.ci import classroom50_results, feedback_pages
from autograder.course import ASSIGNMENT_FILE, AUTHOR_FILE, COURSE_FILE
from autograder.errors import CourseError, FileError
from autograder.exports import host_files
from autograder.exports.sheet import SHEET
from autograder.files import FileKind, read_bytes, read_text, read_toml, size_text
from autograder.granted import GRANTED
from autograder.hand import grading_sheet, hand_grades
from autograder.importing import notebook_file
from autograder.intake import regrade_reason, settled, wrong_files
from autograder.intake.own_modules import MODULE
from autograder.intake.reader import NOTEBOOK
from autograder.intake.received import RECEIVED, TIME_FILE
from autograder.portal import portal_client, signed_receipts
from autograder.publishing import signing, untrusted
from autograder.records import history, store, writer
from autograder.regrades import asking, regrade_file
from autograder.release import first_page
from autograder.returning import sending, sent_log
from autograder.roster.table import TABLE
from autograder.secret import SECRET

ROOT = Path(__file__).resolve().parents[1]
SETTINGS = "it holds settings only; move other text away"
CSV = "it needs a header and one line a student; remove what else is in it"
# (kind, one byte too many, the whole message after the file's name).
KINDS = [
    (NOTEBOOK, "notebook: expected at most 20 MiB, got 20.1 MiB. Hint: clear all outputs and save again."),
    (TABLE, f"x: expected a roster of at most 20 MiB, got 20.1 MiB. Hint: {CSV}."),
    (SHEET, "x: expected a CSV file of at most 20 MiB, got 20.1 MiB. Hint: export one course at a time."),
    (signing.KEY, "x: expected a key as PEM of at most 4 KiB, got 4.1 KiB. Hint: autograder ci keygen makes one."),
    (signing._SIGNATURE, "x: expected a signature of at most 200 bytes, got 201 bytes."),
    (store.RESULT, "x: expected a result of at most 20 MiB, got 20.1 MiB. Hint: autograder grade --all makes it again."),
    (untrusted.UNTRUSTED, "x: expected a result of at most 8 MiB, got 8.1 MiB."),
    (history._GRADING, "x: expected a file of the history of at most 20 MiB, got 20.1 MiB."),
    (writer._GRADES, "x: expected grades.csv of at most 20 MiB, got 20.1 MiB."),
    (RECEIVED, "x: expected a record of autograder collect of at most 64 KiB, got 64.1 KiB."),
    (TIME_FILE, "x: expected a time of at most 100 bytes, got 101 bytes."),
    (COURSE_FILE, f"x: expected the course's settings of at most 1 MiB, got 1.1 MiB. Hint: {SETTINGS}."),
    (ASSIGNMENT_FILE, f"x: expected the assignment's settings of at most 1 MiB, got 1.1 MiB. Hint: {SETTINGS}."),
    (AUTHOR_FILE, "x: expected the author's file of at most 20 MiB, got 20.1 MiB. Hint: it holds Python only; move data into another file."),
    (equivalent._FILE, "x: expected the list of equivalent mutants of at most 1 MiB, got 1.1 MiB. Hint: make the reasons shorter."),
    (feedback_pages._PAGE, "x: expected feedback of ci publish of at most 20 MiB, got 20.1 MiB. Hint: autograder ci publish writes it again."),
    (grading_sheet.SHEET, "x: expected a sheet of grades of at most 20 MiB, got 20.1 MiB. Hint: remove what else is in it."),
    (hand_grades.GRADES, "x: expected grades by hand of at most 64 MiB, got 64.1 MiB. Hint: restore it, or read the sheets again."),
    (wrong_files._KIND, "x: expected a list of what was handed in of at most 64 KiB, got 64.1 KiB."),
    (notebook_file._NOTEBOOK, "x: expected a notebook of at most 100 MiB, got 100.1 MiB. Hint: clear all outputs and save it again."),
    (MODULE, "module: expected at most 256 KiB, got 256.1 KiB. Hint: hand in code, not data."),
    (sending.PASSWORD_FILE, "x: expected a password of at most 4 KiB, got 4.1 KiB. Hint: it holds the password alone."),
    (sent_log.SENT, "x: expected a log of what was sent of at most 256 MiB, got 256.1 MiB. Hint: move it away; then everything is sent again."),
    (student_side._LIST, "x: expected the list of a release of at most 4 MiB, got 4.1 MiB. Hint: git checkout -- .release.json."),
    (student_side._RELEASE, "x: expected a released notebook of at most 20 MiB, got 20.1 MiB."),
    (student_side._HAND_OUT, "x: expected a file of the course of at most 1000 MiB, got 1000.1 MiB."),
    (first_page.PAGE_FILE, "x: expected the page for students of at most 5 MiB, got 5.1 MiB. Hint: it is one page; make its pictures smaller."),
    (settled._KIND, "x: expected decisions of autograder collect of at most 20 MiB, got 20.1 MiB."),
    (regrade_reason._KIND, "x: expected a student's reason of at most 1 MiB, got 1.1 MiB."),
    (regrade_file._KIND, "x: expected regrade requests of at most 64 MiB, got 64.1 MiB. Hint: settle them, then move the file away."),
    (asking._LIST, "x: expected a list of requests of at most 20 MiB, got 20.1 MiB. Hint: it needs a header and one line a request."),
    (classroom50_results.DRAFT, "x: expected a result of ci publish of at most 20 MiB, got 20.1 MiB. Hint: autograder ci publish writes it again."),
    (host_files.KEPT, "x: expected the record of kept worksheets of at most 1 MiB, got 1.1 MiB. Hint: remove it, and collect --worksheet again."),
    (signed_receipts.FILE, "x: expected a receipt of at most 10 KiB, got 10.1 KiB. Hint: the portal gives one for each notebook that was handed in."),
    (portal_client.TOKEN_FILE, "x: expected a token of at most 1 KiB, got 1.1 KiB. Hint: make one on your page of the portal."),
    (GRANTED, "x: expected extensions and excuses of at most 20 MiB, got 20.1 MiB. Hint: remove it, and autograder serve sync writes it again."),
    (SECRET, "x: expected the course's secret of at most 200 bytes, got 201 bytes. Hint: restore it or set AUTOGRADER_SECRET."),
]  # fmt: skip
KIND = FileKind("a letter", 10, "write less")


@pytest.mark.parametrize(("kind", "said"), KINDS, ids=[kind.name for kind, _ in KINDS])
def test_a_file_that_is_too_large_is_told_what_it_is_its_limit_and_what_to_do(kind, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with Path("x").open("wb") as file:
        file.truncate(kind.limit)
    assert len(read_bytes(Path("x"), kind)) == kind.limit
    os.truncate("x", kind.limit + 1)
    with pytest.raises(FileError) as refused:
        read_bytes(Path("x"), kind)
    assert str(refused.value) == said


def test_every_kind_of_file_has_its_line_above():
    texts = [p.read_text() for p in (ROOT / "autograder").rglob("*.py")]
    assert sum(len(re.findall(r"(?<!class )FileKind\(", text)) for text in texts) == len(KINDS)


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 bytes"),
        (1023, "1023 bytes"),
        (1024, "1 KiB"),
        (1025, "1.1 KiB"),
        (10_000, "9.8 KiB"),
        (1 << 20, "1 MiB"),
        ((1 << 20) + 1, "1.1 MiB"),
        (21 << 20, "21 MiB"),
    ],
)
def test_a_size_is_in_the_unit_that_makes_sense(size, text):
    assert size_text(size) == text


def nothing(path):
    pass


def folder(path):
    path.mkdir()


def link(path):
    path.with_name("other").write_text("1")
    path.symlink_to("other")


def pipe(path):
    os.mkfifo(path)


@pytest.mark.parametrize(
    ("made", "got"),
    [(nothing, "no file"), (folder, "a folder"), (link, "a symbolic link"), (pipe, "something else")],
)
def test_what_is_no_regular_file_is_one_line_and_a_field(tmp_path, made, got):
    made(tmp_path / "x")
    with pytest.raises(FileError) as refused:
        read_bytes(tmp_path / "x", KIND)
    assert refused.value.got == got
    assert str(refused.value) == f"{tmp_path / 'x'}: expected a letter, got {got}."


def test_of_a_notebook_the_refusal_names_no_path_of_this_machine(tmp_path):
    """It is recorded in the result, which the student gets."""
    with pytest.raises(FileError) as refused:
        read_bytes(tmp_path / "x", NOTEBOOK)
    assert str(refused.value) == "notebook: expected a regular file, got no file."


@pytest.mark.parametrize(
    ("name", "got"),
    [("x" * 300, "File name too long"), ("x\0", "a name that no file can have"), ("\ud800", "a name that no file can have")],
)  # fmt: skip
def test_a_name_that_no_file_can_have_is_one_line(tmp_path, name, got):
    with pytest.raises(FileError) as refused:
        read_bytes(tmp_path / name, KIND)
    assert refused.value.got == got


@pytest.mark.parametrize(
    ("number", "got"), [(errno.EACCES, "no permission to read it"), (errno.EIO, os.strerror(errno.EIO))]
)
def test_a_file_that_may_not_be_opened_is_one_line(tmp_path, monkeypatch, number, got):
    def refuses(*_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(files.os, "open", refuses)
    with pytest.raises(FileError) as refused:
        read_bytes(tmp_path / "x", KIND)
    assert refused.value.got == got


def test_a_disk_that_fails_while_a_file_is_read_is_one_line_and_the_file_is_closed(tmp_path, monkeypatch):
    (tmp_path / "x").write_text("1")
    before = len(os.listdir("/proc/self/fd"))

    def refuses(*_, **__):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(files.os, "fdopen", refuses)
    with pytest.raises(FileError, match=r"x: expected a letter, got Input/output error\.$"):
        read_bytes(tmp_path / "x", KIND)
    assert len(os.listdir("/proc/self/fd")) == before


def test_a_link_is_followed_where_the_kind_says_so_and_a_circle_of_links_is_one_line(tmp_path):
    link(tmp_path / "x")
    assert read_bytes(tmp_path / "x", COURSE_FILE) == b"1"
    (tmp_path / "circle").symlink_to("circle")
    with pytest.raises(FileError, match="expected the course's settings, got a symbolic link"):
        read_bytes(tmp_path / "circle", COURSE_FILE)


def test_text_is_utf_8_with_or_without_a_mark_and_keeps_its_line_ends(tmp_path):
    (tmp_path / "x").write_bytes(b"\xef\xbb\xbf\xc3\xa9\r\n")
    assert read_text(tmp_path / "x", KIND) == "é\r\n"
    (tmp_path / "x").write_bytes(b"id\n\xe9\n")
    with pytest.raises(FileError, match=r"x: expected UTF-8, got byte 0xe9 at 3. Hint: save it as UTF-8\.$"):
        read_text(tmp_path / "x", KIND)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"a = ", "expected TOML, got Invalid value"),
        (b"a = " + b"[" * 100_000, "expected TOML, got thousands of nested brackets"),
        (b"\xff", "expected UTF-8, got byte 0xff at 0"),
        (b"#" * ((1 << 20) + 1), "expected the course's settings of at most 1 MiB, got 1.1 MiB"),
    ],
)
def test_what_is_no_toml_is_one_line(tmp_path, data, said):
    (tmp_path / "x").write_bytes(data)
    with pytest.raises(CourseError) as refused:
        read_toml(tmp_path / "x", COURSE_FILE)
    assert str(refused.value).startswith(f"{tmp_path / 'x'}: {said}")
    assert "\n" not in str(refused.value)
