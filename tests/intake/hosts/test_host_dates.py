"""The days and times in Brightspace's folders."""

from datetime import datetime

import pytest

from autograder.intake.hosts.host_dates import read_date

MORNING, EVENING = (datetime.fromisoformat(f"2026-11-27 {time}") for time in ("10:11", "18:12"))


@pytest.mark.parametrize(
    "text",
    [
        *("Nov 27, 2026 1011 AM", "November 27, 2026 10:11 a.m.", "27 November 2026 1011", "27 nov. 2026 10 h 11"),
        *("27. November 2026 10.11", "27 de noviembre de 2026 1011 a. m.", "2026-11-27 1011", "27 novembre 2026 10h11"),
    ],
)
def test_a_morning_in_several_languages(text):
    assert read_date(text) == MORNING


@pytest.mark.parametrize(
    "text", ["27 November 2026 612 PM", "Nov 27, 2026 6:12 PM", "27. Nov 2026 1812", "27 nov 2026 18 12"]
)
def test_an_evening(text):
    assert read_date(text) == EVENING


def test_noon_midnight_and_months():
    assert [read_date(f"Nov 27, 2026 {t}").hour for t in ("1200 PM", "1200 AM", "1259 AM")] == [12, 0, 0]
    names = "janv. févr. mars avril mai juin juil. août sept. oct. nov. déc.".split()
    assert [read_date(f"1 {name} 2026 0100").month for name in names] == [*range(1, 13)]
    names = "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split()
    assert [read_date(f"1 {name} 2026 0100").month for name in names] == [*range(1, 13)]


@pytest.mark.parametrize(
    "text", ["", "Jane Doe", "11-12-2026 1011", "Nov 27, 2026", "Nov 31, 2026 1011 AM", "Nov 27, 2026 1311 PM", "2026年11月27日 下午 611", "Smarch 3 2026 1011", "Nov 9999999999999999999999 2026 1011", "Nov ² 2026 1011"]
)  # fmt: skip
def test_a_form_that_could_mean_two_times_or_none_is_not_read(text):
    assert read_date(text) is None
