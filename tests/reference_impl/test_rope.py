"""Scene S2 and the small drawings: a rope as a witness, four grounds, and a row of weights with three copies."""

import math
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from reference_impl.figures.scenes import grounds, rope, rows, terrain
from reference_impl.gradient_ascent import classify_critical_point, convexity_witness


def part(scene, name):
    return next((e for e in ET.fromstring(scene.svg).iter() if e.get("data-part") == name), None)


def test_a_students_witness_is_drawn_and_said():
    witness = convexity_witness(lambda x: float(x[0] ** 2 / (1 + x[0] ** 2)), np.array([[1.0], [3.0]]))
    scene = rope.rope("bump", witness)
    assert {float(part(scene, name).get("data-v")) for name in ("end-a", "end-b")} == {1.0, 3.0}
    assert "runs below the graph, by 0.104" in scene.says
    assert scene.asks == ()


@pytest.mark.parametrize(
    "witness", [(math.nan, 1.0, 0.5), (1.0,), 5, ("a", "b", 0), ([2.0], [2.0], 0.5), (math.inf, 0, 0)]
)
def test_a_witness_without_two_ends_is_said_and_no_rope_is_drawn(witness):
    scene = rope.rope("bump", witness)
    assert "There is no rope" in scene.says
    assert part(scene, "whole").get("visibility") == "hidden"


@pytest.mark.parametrize("curve", terrain.CURVES)
@pytest.mark.parametrize("ends", [(-3.0, 2.0), (1e308, -1e308), (5e-324, 0.0)])
def test_every_curve_is_drawn_with_any_rope(curve, ends):
    scene = rope.rope(curve, (*ends, 0.5))
    root = ET.fromstring(scene.svg)
    assert all(math.isfinite(float(e.get(k))) for e in root.iter() for k in ("cx", "cy", "x", "y") if e.get(k))
    assert len(scene.svg.encode()) <= 14_000


@pytest.mark.parametrize(("curve", "end"), [("bowl", 0.0), ("range", 7.996)])
def test_the_ball_rolls_to_the_nearest_dip(curve, end):
    """The nearest dip of the range upside down is its fourth summit."""
    start = 8.7 if curve == "range" else 3.0
    scene = rope.rope(curve, start=start, rate=0.05)
    trail = [float(w) for w in part(scene, "trail").get("data-v").split()]
    assert trail[0] == start
    assert trail[-1] == pytest.approx(end, abs=6e-3)  # on the bowl 60 steps of rate 0.05 leave 3 * 0.9**60 = 0.0054


def test_four_grounds_have_their_curvatures():
    """[[1, 2], [2, 1]] has the eigenvalues 3 and -1; the others are diagonal."""
    assert [grounds.curvatures(h) for h in grounds.GROUNDS] == [(-1, -2), (2, 1), (3, -1), (0, -2)]


def test_the_words_for_the_grounds_are_those_of_the_assignment():
    words = [classify_critical_point(np.array(h)) for h in grounds.GROUNDS]
    assert list(grounds.KINDS) == words
    scene = grounds.grounds(words)
    assert scene.svg.count("✓") == 4
    assert scene.says.count("right.") == 4


@pytest.mark.parametrize("words", [None, [], ["minimum"] * 9, [3, None, "<b>", "x" * 99], "maximum", 7])
def test_wrong_words_are_drawn_with_a_cross(words):
    scene = grounds.grounds(words)
    ET.fromstring(scene.svg)
    assert scene.svg.count("✓") == (1 if words == ["minimum"] * 9 else 0)
    assert scene.svg.count("✗") == {9: 3, 4: 3}.get(len(words) if isinstance(words, list) else 0, 0)


def test_the_rows_poster_leaves_the_sum_open():
    """Messages (1, 0, -1), (0, 6, 3), (-2, 2, 0) add up to (-1, 8, 2)."""
    scene = rows.rows_poster()
    assert "(0, 6, 3)" in scene.svg
    texts = [e.text for e in ET.fromstring(scene.svg).iter() if e.tag == "text"]
    assert "8" not in texts
    assert "8" not in scene.says


def test_a_ball_at_the_edge_of_the_picture_is_whole():
    """The inner drawing cuts off what sticks out of it, so the ball and the rope's handles stand outside of it."""
    outer = ET.fromstring(rope.rope("bowl", ends=(-2.0, 2.0), start=2.0, rate=0.01).svg)
    (inner,) = (element for element in outer.iter() if element is not outer and element.tag.endswith("svg"))
    names = {element.get("data-part") for element in inner.iter()}
    assert names >= {"area", "graph"}
    assert not names & {"ball", "end-a", "end-b"}
