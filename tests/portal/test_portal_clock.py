"""The portal's clock: of two estimates of the time of day, the earlier one counts."""

import os
import time

import pytest

from autograder.portal import portal_clock
from autograder.portal.portal_clock import PortalClock

NOON = 1_791_806_400.0  # 2026-10-12 12:00 UTC, in seconds since 1970


@pytest.fixture
def clock(monkeypatch):
    """clock(day, counted): what a clock says whose server started at noon, when the other had counted 100 seconds."""

    def inner(day, counted):
        monkeypatch.setattr(time, "time", lambda: day)
        monkeypatch.setattr(portal_clock, "_counted", lambda: counted)
        return PortalClock(day=NOON, counted=100.0)

    return inner


@pytest.mark.parametrize(
    ("set_by", "said"),
    [(0, "2026-10-12T12:10:00+00:00"), (3600, "2026-10-12T12:10:00+00:00"), (-3600, "2026-10-12T11:10:00+00:00")],
)
def test_ten_minutes_after_the_start_the_earlier_estimate_counts(clock, set_by, said):
    made = clock(NOON + 600 + set_by, 700.0)
    assert made().isoformat() == said
    assert made.ahead == set_by


def test_a_process_that_starts_later_has_the_clock_of_its_server(clock):
    first = clock(NOON + 600 + 3600, 700.0)
    assert PortalClock.model_validate_json(first.model_dump_json())() == first()


def test_a_real_clock_that_nobody_set_tells_the_time():
    before = time.time()
    made = PortalClock.started()
    assert before - 1 <= made().timestamp() <= time.time()
    assert abs(made.ahead) < 1


def test_a_file_that_changed_or_was_replaced_since_the_start_is_named(tmp_path):
    """Also one with an old date, as a copy keeps it."""
    for name in ("course.toml", "students.csv"):
        (tmp_path / name).touch()
    files = [tmp_path / name for name in ("course.toml", "students.csv", "missing.csv")]
    clock = PortalClock(day=time.time() + 0.5, counted=0.0)
    assert clock.changed_since(files) == []
    clock = PortalClock(day=files[0].stat().st_ctime, counted=0.0)
    while files[0].stat().st_ctime <= clock.day:  # a file system's clock may tick slowly
        copy = tmp_path / "copy"
        copy.touch()
        os.utime(copy, (0, 0))
        copy.replace(files[0])
    assert clock.changed_since(files[:1]) == ["course.toml"]
