"""Hidden checks of e1_bikes: tables and drawings of other weeks."""

import numpy as np
import pandas as pd

from autograder.authoring import BarChart, assert_frame, assert_plot, check, contains


def some_weeks(rng, days):
    """A table like bikes.csv that begins on a Thursday, with a count for each day."""
    dates = pd.date_range("2026-01-01", periods=days).strftime("%Y-%m-%d")
    return pd.DataFrame({"date": dates, "bikes": rng.integers(100, 900, size=days).astype(float)})


def some_means(rng):
    """A table like the answer to q1, of five days."""
    return pd.DataFrame({"weekday": ["Mon", "Tue", "Thu", "Fri", "Sun"], "bikes": rng.uniform(100, 900, size=5)})


@check("q1", points=3)
def test_value(student, reference, rng):
    """Right if every day has a count"""
    for days in (30, 4, 1):
        bikes = some_weeks(rng, days)
        assert_frame(student.weekday_means(bikes), reference.weekday_means(bikes), index=False)


@check("q1", points=2)
def test_missing(student, reference, rng):
    """Right if days have no count, and no Saturday has one"""
    bikes = some_weeks(rng, 28)
    bikes.loc[::5, "bikes"] = np.nan
    bikes.loc[2::7, "bikes"] = np.nan
    assert_frame(student.weekday_means(bikes), reference.weekday_means(bikes), index=False)


@check("q2", points=3)
def test_bars(student, rng):
    """A bar for each day, as high as its number"""
    means = some_means(rng)
    bars = [BarChart(list(means["weekday"]), means["bikes"].to_numpy())]
    assert_plot(student.plot("draw_means", means), bars=bars)


@check("q2", points=1)
def test_words(student, rng):
    """A label at each axis"""
    means = some_means(rng)
    bars = [BarChart(list(means["weekday"]), means["bikes"].to_numpy())]
    assert_plot(student.plot("draw_means", means), bars=bars, xlabel=contains("weekday"), ylabel=contains("bikes"))
