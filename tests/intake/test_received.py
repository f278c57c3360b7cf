"""timestamp.txt: nbgrader's time is read, and whatever else lies there is said and costs nothing."""

import json
import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from result_builders import collected

from autograder.intake.received import Receipt, Received, Trust, receipt_of, written_at
from autograder.intake.submissions import find_submissions

SECRET = b"of the course"


@pytest.mark.parametrize(
    ("text", "received"),
    [
        ("2015-02-02 15:58:23.948203 UTC", "2015-02-02T15:58:23.948203+00:00"),
        ("2015-02-02 15:58:23 UTC", "2015-02-02T15:58:23+00:00"),
        ("\ufeff2015-02-02 15:58:23.9 UTC\r\n", "2015-02-02T15:58:23.900000+00:00"),
        ("2015-02-02T15:58:23Z", "2015-02-02T15:58:23+00:00"),
        ("2026-10-12T23:59:00+02:00", "2026-10-12T21:59:00+00:00"),
    ],
)
def test_a_time_is_read_as_nbgrader_writes_it(tmp_path, text, received):
    (tmp_path / "timestamp.txt").write_text(text)
    assert written_at(tmp_path) == (received, "")


@pytest.mark.parametrize(
    "data",
    [
        b"", b"yesterday", b"2015-02-02 15:58:23", b"2015-02-02 15:58:23 CET", b"2015-02-02 15:58:23 PST",
        b"2015-13-02 15:58:23 UTC", b"2015-02-30 15:58:23 UTC", b"2015-02-02 25:58:23 UTC", b"2015-02-02 15:58:60 UTC",
        b"0001-01-01 00:00:00 +02:00", b"2015-02-02 15:58:23 +99:99", b"2015-02-02 15:58:23.9482031 UTC", b"\xff\xfe\x00",
        "２０15-02-02 15:58:23 UTC".encode(), b"2015-02-02 15:58:23 UTC" + b" " * 100, b"\0" * 50,
    ],
)  # fmt: skip
def test_what_is_no_time_is_said_in_one_line_and_not_guessed(tmp_path, data):
    (tmp_path / "timestamp.txt").write_bytes(data)
    received, why = written_at(tmp_path)
    assert received == ""
    assert why.startswith("timestamp.txt: expected ")
    assert len(why.splitlines()) == 1


def test_links_folders_and_pipes_are_not_followed_opened_or_waited_for(tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("2015-02-02 15:58:23 UTC")
    makers = [
        lambda p: p.symlink_to(elsewhere), lambda p: p.symlink_to("nowhere"), lambda p: p.mkdir(), os.mkfifo,
        lambda p: os.truncate(p, 1 << 40) if p.touch() is None else None,
    ]  # fmt: skip
    for i, make in enumerate(makers):
        folder = tmp_path / str(i)
        folder.mkdir()
        make(folder / "timestamp.txt")
        assert written_at(folder) == ("", "timestamp.txt: expected a short text file, got something else")
    assert written_at(tmp_path) == ("", "")  # without one nothing is said


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(st.binary(max_size=120) | st.text("0123456789-:. TUCZ+", max_size=40).map(str.encode))
def test_any_bytes_are_a_time_or_a_reason(tmp_path, data):
    (tmp_path / "timestamp.txt").write_bytes(data)
    received, why = written_at(tmp_path)
    assert bool(received) != bool(why)


def test_earlier_attempts_are_known_by_their_number_and_carry_their_own_time(hand_in, solved):
    def put(name, *more, at="2026-10-01T00:00:00Z"):
        return collected(hand_in("ada", solved, f"a9_test/earlier/{name}", *more), SECRET, at)

    collected(hand_in("ada", solved), SECRET, "2026-10-03T00:00:00Z")
    for number in ("1", "2", "10"):
        put(number, "n.ipynb", at=f"2026-10-01T00:00:{number:0>2}Z")
    hand_in("ada", solved, "a9_test/earlier/2", "second.ipynb")
    for name in ("0", "01", "x", "-1", "99999", "١"):
        hand_in("ada", solved, f"a9_test/earlier/{name}", "n.ipynb")
    (hand_in.root / "ada/a9_test/earlier/7").mkdir()  # nothing in it
    (hand_in.root / "ada/a9_test/earlier/8").symlink_to(hand_in.root / "ada/a9_test/earlier/1")
    submissions = find_submissions(hand_in.root, ["a9_test"], trust=Trust(SECRET))
    assert [(s.attempt, s.received) for s in submissions] == [
        (0, "2026-10-03T00:00:00+00:00"),
        (1, "2026-10-01T00:00:01+00:00"),
        (10, "2026-10-01T00:00:10+00:00"),
    ]
    assert submissions[0].missigned == ("earlier/",)  # the second has two notebooks
    assert [s.attempt for s in find_submissions(hand_in.root, ["a9_test"])] == [0, 1, 2, 10]


def test_a_link_in_place_of_earlier_is_not_followed(hand_in, solved):
    collected(hand_in("bob", solved, "a9_test/earlier/1", "n.ipynb"), SECRET)
    hand_in("ada", solved)
    (hand_in.root / "ada/a9_test/earlier").symlink_to(hand_in.root / "bob/a9_test/earlier")
    assert [(s.student, s.attempt) for s in find_submissions(hand_in.root, ["a9_test"], ["ada"])] == [("ada", 0)]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100)
@given(
    st.binary(max_size=200)
    | st.recursive(
        st.none() | st.integers() | st.text(max_size=5), lambda v: st.lists(v) | st.dictionaries(st.text(), v)
    )
    .map(json.dumps)
    .map(str.encode)
)
def test_any_bytes_in_the_place_of_a_record_are_not_believed(tmp_path, data):
    notebook = tmp_path / "a1.ipynb"
    notebook.write_bytes(b"{}")
    (tmp_path / "received.json").write_bytes(data)
    receipt = receipt_of(tmp_path, notebook, ("ada", "a1", 0), Trust(SECRET))
    assert receipt == Receipt(unsigned=("received.json",))


@pytest.mark.parametrize(
    "fields",
    [
        {"student": "bob"}, {"assignment": "a2"}, {"attempt": 1}, {"late": False}, {"clock": "host"}, {"commit": "b" * 40},
        {"received_at": "2026-11-30T11:59:59Z"}, {"collected_at": "2026-11-30T11:59:59Z"}, {"kind": "folder"},
        {"notebook_sha256": "0" * 64}, {"mac": "0" * 64},
    ],
)  # fmt: skip
def test_a_record_of_which_one_field_was_changed_is_not_believed(hand_in, fields):
    notebook = collected(hand_in("ada", "any"), SECRET, late=True, clock="given")
    assert receipt_of(notebook.parent, notebook, ("ada", "a9_test", 0), Trust(SECRET)).signed
    record = notebook.with_name("received.json")
    record.write_text(json.dumps(json.loads(record.read_text()) | fields))
    receipt = receipt_of(notebook.parent, notebook, ("ada", "a9_test", 0), Trust(SECRET))
    assert receipt == Receipt(missigned=("received.json",))


def test_a_signed_record_survives_another_form_of_the_same_values(hand_in):
    """So the signature is of what is believed, and not of bytes that a parser may read in two ways."""
    notebook = collected(hand_in("ada", "any"), SECRET)
    record = notebook.with_name("received.json")
    fields = json.loads(record.read_text())
    record.write_text(json.dumps({key: fields[key] for key in sorted(fields) if fields[key] not in ("", None)}))
    assert receipt_of(notebook.parent, notebook, ("ada", "a9_test", 0), Trust(SECRET)).signed
    assert not Received.model_validate(fields | {"mac": ""}).is_signed(SECRET)
