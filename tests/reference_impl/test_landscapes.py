"""The landscapes' gradients against finite differences, their values against numbers worked by hand."""

import numpy as np
import pytest

from reference_impl import landscapes
from reference_impl.landscapes import Landscape

ALL = [
    landscapes.quadratic([[-2.0, 0.5], [0.5, -3.0]]),
    landscapes.saddle(),
    landscapes.double_peak(-1.0, 0.4, 2.0),
    landscapes.twin_hills(-1.0, 0.4, 2.0),
    landscapes.gaussian_hills([[0.0, 0.0], [3.0, 1.0]], [1.0, 2.0]),
    landscapes.plateau(0.5),
    landscapes.log_ridge(),
    landscapes.log_sum_exp(3),
    landscapes.rational_dip(),
]


def five_point_gradient(landscape: Landscape, x: np.ndarray, h: float = 1e-3) -> np.ndarray:
    """Another formula than the reference's central difference; error about h**4 |f'''''| / 30 = 1e-13."""
    gradient = np.empty(landscape.dim)
    for i, e in enumerate(h * np.eye(landscape.dim)):
        near = landscape.value(x + e) - landscape.value(x - e)
        far = landscape.value(x + 2 * e) - landscape.value(x - 2 * e)
        gradient[i] = (8 * near - far) / (12 * h)
    return gradient


@pytest.mark.parametrize("landscape", ALL, ids=lambda landscape: landscape.name)
def test_every_gradient_is_the_slope_of_its_height(landscape):
    rng = np.random.default_rng(7)
    for _ in range(20):
        x = rng.uniform(0.55, 2.5, landscape.dim)  # inside every domain, off the plateau's edge at 0.5
        # rounding: eps |f| / h = 1e-12, the formula's own error 1e-12 for these heights
        np.testing.assert_allclose(landscape.gradient(x), five_point_gradient(landscape, x), atol=1e-9)


@pytest.mark.parametrize("landscape", ALL, ids=lambda landscape: landscape.name)
def test_a_gradient_has_the_shape_of_its_point_and_is_a_fresh_array(landscape):
    x = np.full(landscape.dim, 0.75)
    first, second = landscape.gradient(x), landscape.gradient(x)
    assert first.shape == (landscape.dim,)
    assert first.dtype == np.float64
    assert not np.shares_memory(first, second)
    assert not np.shares_memory(first, x)


@pytest.mark.parametrize("landscape", ALL, ids=lambda landscape: landscape.name)
def test_every_listed_peak_is_higher_than_the_ground_around_it(landscape):
    assert landscape.peaks.shape[1] == landscape.dim
    for peak in landscape.peaks:
        for offset in 0.1 * np.vstack([np.eye(landscape.dim), -np.eye(landscape.dim)]):
            assert landscape.value(peak) > landscape.value(peak + offset)


def test_the_quadratic_is_half_x_H_x():
    ground = landscapes.quadratic([[-2.0, 1.0], [1.0, -4.0]])
    assert ground.value(np.array([1.0, 2.0])) == -7.0  # (-2 + 2*2 - 16) / 2
    np.testing.assert_array_equal(ground.gradient(np.array([1.0, 2.0])), [0.0, -7.0])


def test_only_a_negative_definite_quadratic_has_a_peak():
    assert len(landscapes.quadratic(-np.eye(2)).peaks) == 1
    assert len(landscapes.saddle().peaks) == 0


def test_the_saddle_rises_along_one_axis_and_falls_along_the_other():
    ground = landscapes.saddle()
    assert ground.value(np.array([2.0, 0.0])) == 2.0
    assert ground.value(np.array([0.0, 2.0])) == -2.0


def test_a_double_peak_lists_the_higher_peak_first():
    """With slope -(x + 1)(x - v)(x - 2) a valley left of the middle, 0.5, makes the right peak the higher."""
    assert landscapes.double_peak(-1.0, 0.2, 2.0).peaks[0, 0] == 2.0
    assert landscapes.double_peak(-1.0, 0.8, 2.0).peaks[0, 0] == -1.0


def test_a_double_peak_refuses_a_valley_outside_its_peaks():
    with pytest.raises(ValueError, match="left < valley < right"):
        landscapes.double_peak(0.0, 3.0, 1.0)


def test_the_plateau_is_exactly_level_inside_and_slopes_outside():
    ground = landscapes.plateau(1.0)
    assert ground.gradient(np.array([0.9])) == [0.0]
    assert ground.value(np.array([-3.0])) == -2.0  # -(3 - 1)**2 / 2
    assert ground.gradient(np.array([-3.0])) == [2.0]


def test_the_log_ridge_is_nan_where_it_is_not_defined():
    ground = landscapes.log_ridge()
    assert ground.value(np.array([1.0])) == -1.0
    assert np.isnan(ground.value(np.array([-1.0])))
    assert np.isnan(ground.gradient(np.array([0.0]))).all()


def test_log_sum_exp_does_not_overflow():
    ground = landscapes.log_sum_exp(2)
    assert ground.value(np.array([1000.0, 1000.0])) == pytest.approx(1000.0 + np.log(2.0), rel=1e-15)
    np.testing.assert_array_equal(ground.gradient(np.array([1000.0, 1000.0])), [0.5, 0.5])


def test_the_rational_dip_has_one_minimum_and_is_not_convex():
    ground = landscapes.rational_dip()
    assert ground.value(np.array([0.0])) == 0.0
    # half-way between 1 and 3 the graph is at 4/5, above the chord's (1/2 + 9/10) / 2 = 7/10
    assert ground.value(np.array([2.0])) == 0.8
