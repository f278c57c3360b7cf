"""Clocks that jump: deadlines are monotonic, and only contents decide what is up to date."""

import itertools
import os
import time

import pytest


@pytest.mark.parametrize("stamp", [0, 4_000_000_000], ids=["1970", "2096"])
def test_file_times_decide_nothing(run, hand_in, solved, starter, course, out, graded, stamp):
    notebook = hand_in("ada", solved)
    run()
    graded.clear()
    for file in (notebook, out / "a9_test" / "ada.json", *(course.solutions / "a9_test").glob("*.*")):
        os.utime(file, (stamp, stamp))
    run()
    assert graded == []
    notebook.write_text(starter)
    os.utime(notebook, (stamp, stamp))  # changed, with the same time as before
    assert run()["ada"].score == 0
    assert graded == ["ada"]


def test_a_wall_clock_that_jumps_changes_no_result(run, hand_in, solved, out, monkeypatch):
    """Each reading an hour away from the last, back and forth: no deadline passes, no byte differs."""
    hand_in("ada", solved)
    run()
    before = (out / "a9_test" / "ada.json").read_bytes()
    real, jumps = time.time, itertools.cycle([-3600.0, 3600.0, 86400.0 * 365])
    monkeypatch.setattr(time, "time", lambda: real() + next(jumps))
    monkeypatch.setattr(time, "time_ns", lambda: int(1e9 * time.time()))
    run(everything=True)
    assert (out / "a9_test" / "ada.json").read_bytes() == before


def test_another_time_zone_changes_no_byte(run, hand_in, solved, starter, out, monkeypatch):
    hand_in("ada", solved)
    hand_in("bob", starter)
    run()
    first = {p: (p.stat().st_ino, p.read_bytes()) for p in sorted(out.rglob("*.json"))}
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "Pacific/Kiritimati")
        time.tzset()
        run()
    time.tzset()
    assert {p: (p.stat().st_ino, p.read_bytes()) for p in sorted(out.rglob("*.json"))} == first
