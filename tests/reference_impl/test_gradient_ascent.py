"""The reference of assignment 1, against numbers worked by hand and closed forms."""

import numpy as np
import pytest

from reference_impl import gradient_ascent as climb
from reference_impl import landscapes

TWO_HILLS = landscapes.double_peak(-1.0, 0.2, 2.0)  # the right one is higher


def refilled(grad):
    """The same gradient, always handed back in one buffer."""
    buffer = None

    def call(x):
        nonlocal buffer
        if buffer is None:
            buffer = np.zeros_like(x)
        buffer[...] = grad(x)
        return buffer

    return call


class TestNumericalGradient:
    def test_a_quadratic_plus_a_line_has_the_slopes_of_the_school_book(self):
        got = climb.numerical_gradient(lambda x: x[0] ** 2 + 3 * x[1], np.array([2.0, 1.0]))
        np.testing.assert_allclose(got, [4.0, 3.0], rtol=1e-9)  # no third derivative: rounding alone, 1e-10

    def test_the_error_on_a_cubic_is_exactly_h_squared(self):
        """((1 + h)**3 - (1 - h)**3) / 2h = 3 + h**2."""
        got = climb.numerical_gradient(lambda x: x[0] ** 3, np.array([1.0]), h=0.5)
        np.testing.assert_array_equal(got, [3.25])  # powers of two: exact

    def test_integers_are_probed_as_floats_and_left_alone(self):
        x = np.array([2, 1])
        np.testing.assert_allclose(climb.numerical_gradient(lambda x: x[0] * x[1], x), [1.0, 2.0], rtol=1e-9)
        np.testing.assert_array_equal(x, [2, 1])

    def test_it_calls_the_height_twice_a_coordinate(self):
        calls = []
        climb.numerical_gradient(lambda x: calls.append(x.copy()) or 0.0, np.zeros(5))
        assert len(calls) == 10


class TestSteepestDirection:
    def test_three_four_five(self):
        np.testing.assert_allclose(climb.steepest_direction([3, 4]), [0.6, 0.8], rtol=1e-15)

    def test_a_plateau_has_no_direction(self):
        np.testing.assert_array_equal(climb.steepest_direction(np.zeros(3)), np.zeros(3))

    @pytest.mark.parametrize("size", [5e-324, 1e-200, 5e-9, 1e200])
    def test_the_length_of_the_gradient_does_not_matter(self, size):
        np.testing.assert_allclose(climb.steepest_direction([0.0, -size]), [0.0, -1.0], rtol=1e-15)


class TestGradientAscent:
    def test_a_parabola_shrinks_by_one_factor_a_step(self):
        """x + 0.1 (-2x) = 0.8 x."""
        path = climb.gradient_ascent(lambda x: -2 * x, np.array([1.0]), lr=0.1, n_steps=3)
        np.testing.assert_allclose(path, [[1.0], [0.8], [0.64], [0.512]], rtol=1e-15)

    def test_no_steps_is_the_start_alone(self):
        path = climb.gradient_ascent(lambda x: -x, np.array([1, 2]), lr=0.1, n_steps=0)
        np.testing.assert_array_equal(path, [[1.0, 2.0]])
        assert path.dtype == np.float64

    def test_it_stops_before_a_step_once_the_gradient_is_within_tol(self):
        """Gradients 8, 4, 2, 1 at the rows 8, 4, 2, 1: the last is not above 1."""
        path = climb.gradient_ascent(lambda x: -x, np.array([8.0]), lr=0.5, n_steps=50, tol=1.0)
        np.testing.assert_array_equal(path, [[8.0], [4.0], [2.0], [1.0]])

    def test_a_zero_gradient_stops_it_and_a_tiny_one_does_not(self):
        assert len(climb.gradient_ascent(np.zeros_like, np.ones(2), lr=1.0, n_steps=5)) == 1
        assert len(climb.gradient_ascent(lambda x: 1e-30 * np.ones_like(x), np.ones(2), lr=1.0, n_steps=5)) == 6

    def test_it_owns_its_rows_and_leaves_the_start_alone(self):
        x0 = np.array([8.0])
        path = climb.gradient_ascent(refilled(lambda x: -x), x0, lr=0.5, n_steps=3)
        np.testing.assert_array_equal(path[:, 0], [8.0, 4.0, 2.0, 1.0])
        np.testing.assert_array_equal(x0, [8.0])
        assert not np.shares_memory(path, x0)


class TestClassifyCriticalPoint:
    @pytest.mark.parametrize(
        ("diagonal", "kind"),
        [
            ((-1, -2), "maximum"),
            ((1, 2), "minimum"),
            ((1, -2), "saddle"),
            ((1, 0), "degenerate"),
            ((0, 0), "degenerate"),
            ((1, -1, 0), "saddle"),  # both signs decide, whatever the third does
            ((1, -1e-9), "degenerate"),
            ((-1e-6, -1e-6, -1e-6), "maximum"),  # the determinant is 1e-18, the curvatures are not flat
        ],
    )
    def test_the_signs_of_the_curvatures_decide(self, diagonal, kind):
        assert climb.classify_critical_point(np.diag(np.array(diagonal, dtype=float))) == kind

    def test_the_diagonal_does_not_decide(self):
        """[[1, 2], [2, 1]] has eigenvalues 3 and -1."""
        assert climb.classify_critical_point([[1.0, 2.0], [2.0, 1.0]]) == "saddle"

    def test_tol_is_in_the_units_of_H(self):
        assert climb.classify_critical_point(np.diag([1.0, 0.05]), tol=0.1) == "degenerate"
        assert climb.classify_critical_point(np.diag([1.0, 0.05]), tol=0.01) == "minimum"


class TestConvexityWitness:
    def test_a_parabola_has_none(self):
        assert climb.convexity_witness(lambda x: x[0] ** 2, np.linspace(-2, 2, 5)[:, None]) is None

    def test_a_line_has_none_in_spite_of_rounding(self):
        assert climb.convexity_witness(lambda x: 0.1 * x[0] + 0.7, np.linspace(-1, 1.1, 7)[:, None]) is None

    def test_a_cap_gives_a_chord_below_the_graph(self):
        """cos at -1 and 1: the chord is at 0.54, the graph half-way at 1."""
        witness = climb.convexity_witness(lambda x: np.cos(x[0]), np.array([[-1.0], [1.0]]), ts=(0.5,))
        assert witness is not None
        np.testing.assert_array_equal(witness[0], [-1.0])
        np.testing.assert_array_equal(witness[1], [1.0])
        assert witness[2] == 0.5

    def test_a_lone_t_is_tried_in_both_orders_of_a_pair(self):
        def bump(x):
            return np.exp(-(((x[0] - 0.9) / 0.05) ** 2))

        witness = climb.convexity_witness(bump, np.array([[0.0], [1.0]]), ts=(0.1,))
        assert witness is not None
        np.testing.assert_array_equal(witness[0], [1.0])  # from 1, a tenth of the way to 0, is 0.9


class TestMaxStableLr:
    def test_the_sharpest_curvature_decides(self):
        assert climb.max_stable_lr(np.diag([-2.0, -10.0])) == pytest.approx(0.2, rel=1e-15)

    def test_the_axes_do_not_matter(self):
        """[[-3, 1], [1, -3]] has eigenvalues -2 and -4."""
        assert climb.max_stable_lr([[-3.0, 1.0], [1.0, -3.0]]) == pytest.approx(0.5, rel=1e-15)


class TestRestarts:
    @pytest.mark.parametrize("starts", [[[-2.0], [-0.5], [1.0]], [[1.0], [-0.5], [-2.0]]])
    def test_the_higher_of_two_hills_wins_in_any_order(self, starts):
        got = climb.best_of_restarts(TWO_HILLS.value, TWO_HILLS.gradient, starts, lr=0.1, n_steps=60)
        np.testing.assert_allclose(got, [2.0], rtol=1e-9)  # the rate at the peak is 0.46 a step

    def test_a_climb_that_ends_in_nan_loses(self):
        ridge = landscapes.log_ridge()
        got = climb.best_of_restarts(ridge.value, ridge.gradient, [[-1.0], [0.5], [-2.0]], lr=0.5, n_steps=40)
        np.testing.assert_allclose(got, [1.0], rtol=1e-9)

    def test_basins_follow_the_valley_and_not_the_nearer_peak(self):
        """The valley is at 0.2: 0.4 is nearer to -1 (1.4) than to 2 (1.6), and climbs to 2."""
        labels = climb.basins(TWO_HILLS.gradient, [[-3.0], [0.1], [0.4], [3.0]], [[-1.0], [2.0]], 0.05, 100)
        np.testing.assert_array_equal(labels, [0, 0, 1, 1])
        assert labels.dtype == np.int64


class TestBonus:
    def test_backtracking_halves_until_the_step_pays(self):
        """From 1 on -x**2 the rate 1 lands on -1, no higher; 1/2 lands on the top, which is level."""
        path = climb.backtracking_ascent(lambda x: -(x[0] ** 2), lambda x: -2 * x, np.array([1.0]), 1.0, 10)
        np.testing.assert_array_equal(path, [[1.0], [0.0]])

    def test_backtracking_never_falls_from_any_rate(self):
        ridge = landscapes.log_ridge()
        path = climb.backtracking_ascent(ridge.value, ridge.gradient, np.array([0.2]), 1e6, 30)
        assert np.all(np.diff([ridge.value(x) for x in path]) >= 0)
        assert path[-1] == pytest.approx([1.0], rel=1e-2)  # rates near the stable limit: slow, but never down

    def test_backtracking_gives_up_where_no_rate_helps(self):
        path = climb.backtracking_ascent(lambda x: -abs(x[0]), np.ones_like, np.array([0.0]), 1.0, 10)
        np.testing.assert_array_equal(path, [[0.0]])

    def test_a_kick_leaves_an_exact_saddle_and_is_seeded(self):
        hills = landscapes.twin_hills(-1.0, 0.0, 1.0)
        paths = [climb.leave_saddle(hills.gradient, np.zeros(2), 0.3, 80, seed=s) for s in (1, 1, 2)]
        assert np.linalg.norm(paths[0][1]) == pytest.approx(1e-3, rel=1e-12)
        np.testing.assert_allclose(np.abs(paths[0][-1]), [1.0, 0.0], atol=1e-6)
        np.testing.assert_array_equal(paths[0], paths[1])
        assert not np.array_equal(paths[0], paths[2])

    def test_on_a_slope_there_is_no_kick(self):
        path = climb.leave_saddle(lambda x: -2 * x, np.array([1.0]), 0.1, 1)
        np.testing.assert_allclose(path, [[1.0], [0.8]], rtol=1e-15)


class TestHeavyBall:
    def test_a_parabola_by_hand(self):
        """Speeds -2, 0.5 (-2) - 1.6 = -2.6, 0.5 (-2.6) - 1.08 = -2.38."""
        path = climb.heavy_ball(lambda x: -2 * x, np.array([1.0]), lr=0.1, beta=0.5, n_steps=3)
        np.testing.assert_allclose(path, [[1.0], [0.8], [0.54], [0.302]], rtol=1e-15)

    def test_without_momentum_it_is_gradient_ascent(self):
        grad, start = TWO_HILLS.gradient, np.array([-1.5])
        expected = climb.gradient_ascent(grad, start, lr=0.1, n_steps=6)
        np.testing.assert_array_equal(climb.heavy_ball(grad, start, lr=0.1, beta=0.0, n_steps=6), expected)

    def test_it_rolls_on_over_level_ground(self):
        """One push of 1, then the speeds 1/2 and 1/4 on ground that is level from 1 on."""
        path = climb.heavy_ball(lambda x: np.where(x < 1, 1.0, 0.0), np.array([0]), lr=1.0, beta=0.5, n_steps=3)
        np.testing.assert_array_equal(path, [[0.0], [1.0], [1.5], [1.75]])

    def test_it_survives_a_gradient_that_refills_one_array(self):
        expected = climb.heavy_ball(lambda x: -x, np.array([8.0]), lr=0.5, beta=0.5, n_steps=4)
        got = climb.heavy_ball(refilled(lambda x: -x), np.array([8.0]), lr=0.5, beta=0.5, n_steps=4)
        np.testing.assert_array_equal(got, expected)
