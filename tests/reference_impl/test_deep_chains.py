"""Error terms in a deep chain, against numbers worked by hand and an experiment."""

import numpy as np
import pytest

from reference_impl.deep_chains import error_norms, steady_gain


def test_two_layers_worked_by_hand():
    """x = (1, -1) through diag(2, 3) and diag(5, 7) with slope 0.5: gates (1, 0.5) twice.

    u = (1, 4): the last error term is (1, 2); the first is (5, 14 · 0.5) = (5, 7).
    """
    norms = error_norms([np.diag([2.0, 3.0]), np.diag([5.0, 7.0])], np.array([1.0, -1.0]), np.array([1.0, 4.0]), 0.5)
    np.testing.assert_allclose(norms, [np.sqrt(74), np.sqrt(5)])


def test_the_steady_gain_of_relu_and_of_no_activation():
    assert steady_gain(0.0) == pytest.approx(1.41421356)
    assert steady_gain(1.0) == 1.0


@pytest.mark.parametrize("slope", [0.0, 0.5])
def test_the_error_term_neither_vanishes_nor_explodes_at_the_steady_gain(slope):
    """50 layers of 128. The length's logarithm wanders by about 0.7; a tenth more or less moves it by 5."""
    rng = np.random.default_rng(1)
    Ws = [rng.normal(size=(128, 128)) / np.sqrt(128) for _ in range(50)]
    x, u = rng.normal(size=(2, 128))
    changes = []
    for factor in (0.9, 1.0, 1.1):
        norms = error_norms([factor * steady_gain(slope) * W for W in Ws], x, u, slope)
        changes.append(norms[0] / norms[-1])
    assert changes[0] < 0.05 < changes[1] < 20 < changes[2]
