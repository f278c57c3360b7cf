"""Second derivatives along a direction, against numbers worked by hand."""

import numpy as np

from reference_impl.second_order import hvp


def test_a_polynomial_worked_by_hand():
    """x² y + x y at (2, 3): gradient (2xy + y, x² + x), and its derivative along x is (2y, 2x + 1)."""
    grads, second = hvp(lambda x, y: x * x * y + x * y, [2.0, 3.0], [1.0, 0.0])
    assert [float(g) for g in grads] == [15.0, 6.0]
    assert [float(h) for h in second] == [6.0, 5.0]


def test_constants_stand_still_and_an_unused_input_has_zeros():
    """(2 - x)³ at x = 1: slope -3, second derivative 6."""
    grads, second = hvp(lambda x, y: (2 - x) * (2 - x) * (2 - x), [1.0, 5.0], [1.0, 1.0])
    assert [float(g) for g in grads] == [-3.0, 0.0]
    assert [float(h) for h in second] == [6.0, 0.0]


def test_the_matrix_is_symmetric():
    rng = np.random.default_rng(2)
    xs, v, w = rng.normal(size=(3, 3))

    def f(x, y, z):
        return x * y * z * x - z * (x + y) * z

    Hv, Hw = np.array(hvp(f, xs, v)[1]), np.array(hvp(f, xs, w)[1])
    np.testing.assert_allclose(w @ Hv, v @ Hw, rtol=1e-12)
