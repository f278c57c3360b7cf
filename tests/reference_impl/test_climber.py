"""Scene S1: a walk on the range, from our numbers or a student's, drawn and said whatever the path holds."""

import math
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from reference_impl.figures.scenes import basins, climber, terrain, walk_words
from reference_impl.figures.scenes.all_scenes import POSTERS, poster
from reference_impl.gradient_ascent import gradient_ascent

PATHS = {
    "none": None, "empty": [], "one": [8.7], "nan": [8.7, math.nan, 8.2], "all nan": [math.nan] * 3,
    "infinite": [8.7, math.inf, -math.inf], "leaves": [[9.0], [12.0], [-3.0]], "huge": [1e308, -1e308, 5e-324],
    "two columns": np.ones((4, 2)), "text": ["a", None], "a number": 3.0, "long": np.linspace(0, 10, 3000)[:, None],
}  # fmt: skip


def part(scene, name):
    """The element of the drawing with that name."""
    return next((e for e in ET.fromstring(scene.svg).iter() if e.get("data-part") == name), None)


def shown_numbers(scene):
    """Every number that stands as a length or a place in the drawing."""
    places = ("x", "y", "cx", "cy", "r", "width", "height")
    return [float(e.get(key)) for e in ET.fromstring(scene.svg).iter() for key in places if e.get(key)]


def test_the_scene_shows_the_walk_of_gradient_ascent():
    scene = climber.climber()
    expected = gradient_ascent(lambda w: np.array([terrain.slope(w[0])]), np.array([8.7]), 0.05, 60, tol=terrain.LEVEL)
    drawn = [float(w) for w in part(scene, "prints").get("data-v").split()]
    np.testing.assert_allclose(drawn, expected[:, 0], atol=1e-9)
    assert float(part(scene, "slope").get("data-v")) == pytest.approx(terrain.slope(drawn[-1]), abs=1e-12)
    assert len(scene.steps) == len(scene.table.rows) == len(expected)


def test_a_step_is_said_as_feet_feel_it():
    """At 8.7 the ground falls to the right: height 0.502 and slope -1.663, worked with a calculator."""
    assert climber.climber().steps[0] == (
        "Step 0. You stand at 8.7, height 0.502. The ground rises to the left, slope −1.663."
    )
    assert walk_words.say_step(3, 10.0).endswith("The ground rises to the left, slope −0.001.")
    assert "is level" in walk_words.say_step(9, 7.99621)


def test_the_words_say_where_she_ends():
    assert "on summit 4 of 4, not the highest" in climber.climber().says
    assert "on summit 3 of 4, the highest of the four" in climber.climber(start=5.0).says
    assert "on level ground that is no summit" in climber.climber(start=10.0).says
    assert "on a slope of" in climber.climber(rate=0.3).says


def test_guesses_stand_beside_the_truth():
    """Steps 1, 0.25 and 2: the longest is step 3."""
    scene = climber.climber([1.0, 2.0, 2.25, 4.25], guess=5.7, longest=1)
    assert "You said that she stops at 5.7." in scene.says
    assert "The longest step is step 3, 2. You said step 1." in scene.says
    assert part(scene, "said").text == "you said 5.7"
    assert part(climber.climber([1.0]), "flag").get("visibility") == "hidden"


@pytest.mark.parametrize("name", PATHS)
def test_any_path_is_drawn_and_said(name):
    scene = climber.climber(PATHS[name])
    assert all(math.isfinite(number) for number in shown_numbers(scene))
    assert not re.search(r"\b(nan|inf)\b", re.sub(r'data-v="[^"]*"', "", scene.svg))
    assert scene.says
    assert len(scene.page().encode()) < 60_000


def test_a_place_outside_the_picture_is_named_above_her_head():
    assert part(climber.climber([9.0, 30.0]), "slope").text == "at w = 30"
    assert part(climber.climber([9.0]), "slope").text.startswith("slope −")


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ([], "no path to draw"),
        (None, "no path to draw"),
        ([8.7, math.nan], "Step 1 is not a number (NaN)"),
        ([9.0, 12.0], "outside the range of 0 to 10"),
        ([3.0], "after 0 steps"),
    ],
)
def test_a_broken_path_is_named(path, words):
    assert words in climber.climber(path).says


def test_a_scene_of_a_students_path_asks_nothing_and_has_no_rate_to_choose():
    walked = climber.climber([8.7, 8.6])
    assert walked.asks == ()
    assert 'data-knob="rate"' not in walked.controls
    assert 'data-knob="rate"' in climber.climber().controls


def test_a_strip_says_which_starts_end_where():
    scene = basins.basins([1.0, 2.0, 3.0, 4.0], [0, 0, 1, 3])
    assert scene.says == (
        "4 starts. Walks end, for starts from 1.0 to 2.5 on summit 1; from 2.5 to 3.5 on summit 2; "
        "from 3.5 to 4.0 on summit 4."
    )
    assert scene.table.rows == (("summit 1", "2"), ("summit 2", "1"), ("summit 3", "0"), ("summit 4", "1"))


@pytest.mark.parametrize(
    ("starts", "labels", "words"),
    [
        ([1.0, 2.0], [0], "expected one label for each of the 2 starts, got 1"),
        ([1.0, 2.0], [0, 7], "no summit"),
        ([1.0, math.nan], [0, 1.5], "summit 1"),
        ([], [], "no start"),
        (None, None, "no start"),
        (np.arange(60.0), np.arange(60) % 2, "59 times"),
        (np.linspace(0.2, 9.8, 97)[:, None], np.zeros(97, dtype=int), "97 starts"),
    ],
)
def test_any_labels_are_drawn_and_said(starts, labels, words):
    scene = basins.basins(starts, labels)
    assert words in scene.says
    assert all(math.isfinite(number) for number in shown_numbers(scene))
    widths = [float(e.get("width")) for e in ET.fromstring(scene.svg).iter() if e.get("width")]
    assert all(width >= 0 for width in widths)


@pytest.mark.parametrize("name", ["climber", "rope", "rows"])
def test_a_poster_is_small_and_asks_for_no_script(name):
    page = poster(name)._repr_html_()
    assert len(page.encode()) <= 16_000
    assert "<script" not in page
    assert name in POSTERS


def test_the_climbers_poster_does_not_tell_where_she_stops_nor_the_slope():
    """The slope of the two feet is (0.15 - 1.096) / 0.6 = -1.577."""
    page = poster("climber")._repr_html_()
    assert not [word for word in ("7.99", "1.577", "1.58", "summit") if word in page]


def test_an_unknown_poster_is_named_in_one_line():
    with pytest.raises(ValueError, match=r"poster: expected one of .*, got 'klimber'. Hint: "):
        poster("klimber")
