"""The figures of assignment 1: what they say of right, wrong and empty answers, and the landscapes' tables."""

import matplotlib as mpl
import numpy as np
import pytest

mpl.use("agg")

import matplotlib.pyplot as plt

from reference_impl.figures import climbing

LONG = np.array([[-1.9, -1.1], [-1.5, -0.5], [-1.1, 0.5]])
TO_THE_RIGHT = np.tile([1.0, 0.0], (35, 1))
NAN = np.full((35, 2), np.nan)


def hill(x):
    """It rises by 1 for each unit of x0, and is level along x1."""
    return float(x[0])


@pytest.fixture(autouse=True)
def _closed():
    yield
    plt.close("all")


@pytest.mark.parametrize("k", range(4))
def test_the_stated_summits_are_summits(k):
    """It is lower 0.0015 to each side: the table is right to its three decimals."""
    top = climbing.SUMMITS[k]
    assert climbing.mountain(top) > max(climbing.mountain(top - 1.5e-3), climbing.mountain(top + 1.5e-3))


@pytest.mark.parametrize(
    ("arrows", "words"),
    [
        (TO_THE_RIGHT, "35 arrows, all 1 long, at most 0 degrees off the steepest way up."),
        (-2 * TO_THE_RIGHT, "35 arrows, all 2 long, at most 180 degrees off the steepest way up."),
        (TO_THE_RIGHT[:, ::-1], "35 arrows, all 1 long, at most 90 degrees off the steepest way up."),
        (0 * TO_THE_RIGHT, "0 of the 35 arrows have a direction."),
        (NAN, "0 of the 35 arrows have a direction."),
        ([None] * 35, "There are no arrows: expected one direction for each of the 35 places."),
        ((), "There are no arrows: expected one direction for each of the 35 places."),
    ],
)
def test_the_picture_from_above_says_how_far_the_arrows_are_off(arrows, words):
    assert climbing.draw_contours(hill, LONG, arrows).words.endswith(words)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (LONG, "A path of 2 steps from (-1.90, -1.10), at height -1.90, to (-1.10, 0.50), at height -1.10. 0 of"),
        (LONG[::-1], "A path of 2 steps from (-1.10, 0.50), at height -1.10, to (-1.90, -1.10), at height -1.90. 2 of"),
        (LONG[:1], "A path of 0 steps from (-1.90, -1.10), at height -1.90, to (-1.90, -1.10), at height -1.90. 0 of"),
        (np.zeros((0, 2)), "The path is empty"),
        (LONG * np.nan, "The path is empty, or some of its places are not numbers"),
    ],
)
def test_the_picture_from_above_says_where_the_path_leads(path, words):
    assert climbing.draw_contours(hill, path).words.startswith(words)


def test_three_rates_are_told_by_their_heights():
    """Down the line x0: heights 0, -1, -2; up: -2, -1; and one that is best in the middle."""
    paths = {
        "falls": [[0.0], [-1.0], [-2.0]],
        "rises": [[-2.0], [-1.0]],
        "turns": [[-2.0], [-0.5], [-8.0]],
        "stays": [[-2.0], [-2.0]],
        "breaks": [[np.nan], [np.nan]],
    }
    assert climbing.draw_rates(hill, paths).words == (
        "falls: from height 0 to -2 in 2 steps, never above its start. "
        "rises: from height -2 to -1 in 1 steps. "
        "turns: from height -2 to -8 in 2 steps; it was highest after step 1, -0.5. "
        "stays: stays at height -2 for all 1 steps. "
        "breaks: no height is a number."
    )


def test_the_table_of_errors_shows_h_squared():
    """For x³ the error of a central difference is h² exactly; with one foot it is 3h + h²."""

    def central(f, x, h):
        return [(f(x + h) - f(x - h)) / (2 * h)]

    def one_foot(f, x, h):
        return [(f(x + h) - f(x)) / h]

    assert [line[-5:] for line in climbing.errors_by_h(central).splitlines()[:3]] == ["1e-02", "1e-04", "1e-06"]
    assert [line[-5:] for line in climbing.errors_by_h(one_foot).splitlines()[:3]] == ["3e-01", "3e-02", "3e-03"]
    assert climbing.errors_by_h(lambda *_: np.nan).count("error nan") == 11
