"""The numbers of the climber's scenes: hills, walks, ropes, and whatever a student hands over as a path."""

import math

import numpy as np
import pytest

from reference_impl.figures import climbing
from reference_impl.figures.scenes import terrain
from reference_impl.gradient_ascent import gradient_ascent, numerical_gradient


def slope_of(w):
    return np.array([terrain.slope(float(w[0]))])


@pytest.mark.parametrize("w", np.linspace(-1, 11, 25))
def test_the_range_is_that_of_the_assignment(w):
    assert terrain.height(w) == pytest.approx(climbing.mountain([w]), abs=1e-14)  # the same formula
    felt = numerical_gradient(climbing.mountain, np.array([w]))[0]
    assert terrain.slope(w) == pytest.approx(felt, abs=1e-8)  # h² f''' / 6 with h = 1e-5, and rounding


def test_the_summits_are_those_of_the_assignment():
    np.testing.assert_array_equal(terrain.SUMMITS, climbing.SUMMITS[:, 0])


@pytest.mark.parametrize("start", [0.0, 2.45, 4.62, 8.7, 10.0])
@pytest.mark.parametrize("rate", [0.01, 0.05, 0.26, 0.3, 0.5])
def test_a_walk_is_gradient_ascent(start, rate):
    path = terrain.walk(start, rate)
    expected = gradient_ascent(slope_of, np.array([start]), rate, terrain.MOST_STEPS, tol=terrain.LEVEL)
    np.testing.assert_array_equal(path, expected[:, 0])


def test_walks_end_where_the_spec_says():
    """The numbers were run in a prototype before this code was written."""
    assert terrain.walk(8.7, 0.05)[-1] == pytest.approx(7.996, abs=5e-4)
    assert terrain.walk(10.0, 0.05)[-1] == pytest.approx(9.996, abs=5e-4)  # level ground that is no summit
    assert sorted(terrain.walk(8.7, 0.3)[-2:]) == pytest.approx([7.785, 8.198], abs=5e-4)  # hops for ever
    limits = [terrain.rate_limit(top) for top in terrain.SUMMITS]
    assert limits == pytest.approx([0.378, 0.270, 0.240, 0.269], abs=5e-4)


def test_a_walk_arrives_on_a_summit_or_on_none():
    assert [terrain.arrived(w) for w in (1.401, 7.99, 9.996, math.nan, math.inf)] == [0, 3, None, None, None]


@pytest.mark.parametrize("w", [1e200, -1e308, math.inf, -math.inf])
def test_far_away_the_ground_is_level(w):
    assert (terrain.height(w), terrain.slope(w)) == (0, 0)
    assert terrain.walk(w, 0.5) == [w]


def test_a_walk_from_no_place_stays_there():
    assert len(terrain.walk(math.nan, 0.05)) == 1


LOOP = []
LOOP.append(LOOP)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (np.array([[1.0], [2.5]]), [1, 2.5]),
        (np.array([1, 2], dtype=np.float32), [1, 2]),
        ([[3], (4,), 5, np.float64(6)], [3, 4, 5, 6]),
        ([[], "five", None, {}, LOOP, 10**400, math.inf], [math.nan] * 6 + [math.inf]),
        ([], []),
        (None, []),
        (7.0, []),
        (np.array(7.0), []),
        (Ellipsis, []),
        (range(10**9), list(range(terrain.MOST_ROWS))),
    ],
)
def test_a_path_of_any_form_becomes_plain_numbers(values, expected):
    np.testing.assert_array_equal(terrain.numbers(values), expected)


@pytest.mark.parametrize("name", terrain.CURVES)
def test_the_slope_of_a_curve_is_its_central_difference(name):
    curve = terrain.CURVES[name]
    for w in np.linspace(curve.left, curve.right, 12).tolist():
        felt = (curve.cost(w + 1e-5) - curve.cost(w - 1e-5)) / 2e-5
        assert curve.slope(w) == pytest.approx(felt, abs=1e-8)
        assert curve.low < curve.cost(w) < curve.high or name == "bowl"  # the bowl leaves the picture at its ends


def test_a_rope_from_1_to_3_runs_below_the_bump():
    """At 2 the graph is at 4/5 and the rope at (1/2 + 9/10) / 2 = 7/10; the highest place lies near by."""
    place, gap = terrain.highest_above(terrain.CURVES["bump"].cost, 1, 3)
    assert gap == pytest.approx(0.106, abs=5e-3)
    assert gap >= 0.1
    assert 1.5 < place < 2.1


@pytest.mark.parametrize("name", ["bowl", "vee"])
def test_no_rope_runs_below_a_convex_curve(name):
    ends = np.linspace(-4, 4, 9)
    gaps = [terrain.highest_above(terrain.CURVES[name].cost, a, b)[1] for a in ends for b in ends]
    assert max(gaps) <= 1e-12  # rounding: on a straight part both are equal
