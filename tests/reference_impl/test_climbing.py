"""The figures of assignment 1: what they return, and that the animation needs nothing but the page it is in."""

import re

import matplotlib as mpl
import numpy as np
import pytest

mpl.use("agg")

import matplotlib.pyplot as plt

from reference_impl.figures import climbing


def hill(x):
    return float(-((x[0] - 3) ** 2))


PATH = np.array([[1.0], [2.0], [2.5], [2.75], [3.0]])


@pytest.fixture(scope="module")
def film():
    return climbing.animate_curve(hill, PATH, np.array([[3.0], [50.0]]))


def test_an_animation_returns_what_it_shows(film):
    np.testing.assert_array_equal(film["path"], PATH)
    np.testing.assert_array_equal(film["heights"], [-4, -1, -0.25, -0.0625, 0])
    # The slope -2 (w - 3) is straight, so interpolation is exact but for rounding: eps * 4 / the grid's 0.01.
    np.testing.assert_allclose(film["slopes"], [4, 2, 1, 0.5, 0], atol=1e-12)
    assert repr(film) == "drawn: path (5, 1), heights (5,), slopes (5,)"


def test_an_animation_has_one_different_image_a_step_and_leaves_no_figure_open(film):
    assert len(set(film.frames)) == len(PATH)
    assert all(frame.startswith(b"\x89PNG") for frame in film.frames)
    assert plt.get_fignums() == []


def test_an_animation_plays_without_a_network_and_says_what_it_shows(film):
    page = film._repr_html_()
    assert not re.search(r"https?:|<link|src=(?!\"data:)", page)
    assert page.count("data:image/png;base64,") == len(PATH) + 1  # the first also stands still in the page
    assert 'alt="A ball climbs from w = 1.00 to 3.00' in page
    assert not re.search(r"NAME|ALT|FIRST|LAST|IMAGES", re.sub(r"base64,[^\"]*", "", page))  # the template is filled


def test_a_long_or_broken_path_is_shown_as_far_as_it_goes():
    path = np.linspace(1, 3, 60)[:, None]
    path[3] = np.nan
    film = climbing.animate_curve(hill, path, climbing.SUMMITS)
    assert len(film.frames) == len(film["path"]) == 36
    assert np.all(np.isfinite(film["path"]))


@pytest.mark.parametrize("k", range(4))
def test_the_stated_summits_are_summits(k):
    """It is lower 0.0015 to each side: the table is right to its three decimals."""
    top = climbing.SUMMITS[k]
    assert climbing.mountain(top) > max(climbing.mountain(top - 1.5e-3), climbing.mountain(top + 1.5e-3))
