"""The checks of gradients, themselves checked: against derivatives done by hand, and on wrong gradients."""

import numpy as np
import pytest

from reference_impl import gradcheck

W = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])


def layer(x):
    return np.tanh(W @ x)


def layer_jvp(x):
    return lambda v: (1 - np.tanh(W @ x) ** 2) * (W @ v)


def layer_vjp(x):
    return lambda u: W.T @ ((1 - np.tanh(W @ x) ** 2) * u)


X = np.array([0.3, -0.2, 0.1])


class TestCentralDifference:
    def test_a_matrix_comes_back_as_a_matrix(self):
        """A00 A01 + A10**2 at [[1, 2], [3, 4]]: slopes A01, A00, 2 A10 and 0."""
        got = gradcheck.central_difference(lambda A: A[0, 0] * A[0, 1] + A[1, 0] ** 2, [[1, 2], [3, 4]])
        # No third derivative: rounding alone, 2 eps |f| / 2h = 11 * 2.2e-16 / 6e-6 = 4e-10.
        np.testing.assert_allclose(got, [[2.0, 1.0], [6.0, 0.0]], atol=4e-10)

    def test_the_error_on_a_cubic_is_exactly_h_squared(self):
        """((1 + h)**3 - (1 - h)**3) / 2h = 3 + h**2, in powers of two."""
        assert gradcheck.central_difference(lambda x: x**3, 1.0, h=0.25) == 3.0625

    def test_a_number_has_a_slope_of_shape_nothing(self):
        assert gradcheck.central_difference(np.exp, 0.0).shape == ()

    def test_the_default_step_is_near_the_bottom_of_the_v(self):
        """exp' = exp at 1: eps**(2/3) = 4e-11, and a hundred times more or less is clearly worse."""
        errors = [
            abs(gradcheck.central_difference(np.exp, 1.0, h) / np.e - 1)
            for h in (gradcheck.BEST_STEP / 100, gradcheck.BEST_STEP, 100 * gradcheck.BEST_STEP)
        ]
        assert errors[1] < 1e-10 < min(errors[0], errors[2])

    def test_a_function_that_spoils_its_argument_spoils_nothing_else(self):
        x = np.array([1.0, 2.0])

        def spoils(probe):
            value = probe[0] * probe[1]
            probe[:] = np.nan
            return value

        np.testing.assert_allclose(gradcheck.central_difference(spoils, x), [2.0, 1.0], rtol=1e-9)  # rounding: 4e-10
        np.testing.assert_array_equal(x, [1.0, 2.0])

    def test_a_dict_of_parameters_gets_a_dict_of_slopes(self):
        """sum((x W + b)**2) at x = (1, 2), W = 0, b = (1, 3): d_b = 2 b, d_W = x' d_b."""
        params = {"W": np.zeros((2, 2), dtype=np.float32), "b": np.array([1, 3])}

        def f(p):
            p["b"] += np.array([1.0, 2.0]) @ p["W"]  # in place, on its own copy
            return np.sum(p["b"] ** 2)

        got = gradcheck.central_difference_dict(f, params)
        assert list(got) == ["W", "b"]
        np.testing.assert_allclose(got["b"], [2.0, 6.0], rtol=1e-9)  # quadratic: rounding alone
        np.testing.assert_allclose(got["W"], [[2.0, 6.0], [4.0, 12.0]], rtol=1e-9)
        np.testing.assert_array_equal(params["b"], [1, 3])


class TestComplexStep:
    def test_it_is_right_to_the_last_digits(self):
        """d/dx (x0 exp(x1)) = (exp(x1), x0 exp(x1)): a few roundings."""
        got = gradcheck.complex_step(lambda x: x[0] * np.exp(x[1]), [2.0, 0.5])
        np.testing.assert_allclose(got, [np.exp(0.5), 2 * np.exp(0.5)], rtol=4e-16)

    def test_it_agrees_with_differences_on_a_matrix(self):
        A = np.array([[0.5, 1.5], [2.5, 3.5]])
        np.testing.assert_allclose(
            gradcheck.complex_step(lambda a: np.sum(np.tanh(a) ** 3), A),
            gradcheck.central_difference(lambda a: np.sum(np.tanh(a) ** 3), A),
            atol=1e-9,  # the differences' error: eps**(2/3), times a third derivative below 10
        )

    def test_a_function_that_drops_the_imaginary_part_is_refused(self):
        with pytest.raises(TypeError, match="central_difference"):
            gradcheck.complex_step(lambda x: np.sum(np.abs(x)), [1.0])

    def test_a_square_of_the_norm_is_silently_zero_as_the_docstring_warns(self):
        got = gradcheck.complex_step(lambda x: np.sum(x * np.conj(x)), [3.0])
        assert abs(got[0]) < 1e-12  # and not 6: the imaginary parts cancel, but for rounding


class TestRandomVectors:
    def test_right_products_pass(self):
        assert gradcheck.check_jvp(layer, layer_jvp(X), X, np.random.default_rng(1)) < 1e-8
        assert gradcheck.check_vjp(layer, layer_vjp(X), X, np.random.default_rng(1)) < 1e-8

    def test_a_doubled_jvp_is_off_by_one_half(self):
        error = gradcheck.check_jvp(layer, lambda v: 2 * layer_jvp(X)(v), X, np.random.default_rng(1))
        assert error == pytest.approx(0.5, abs=1e-8)  # |2 - 1| / 2, and the differences' error

    @pytest.mark.parametrize("seed", range(5))
    @pytest.mark.parametrize(
        "wrong",
        [
            lambda u: 2 * layer_vjp(X)(u),
            lambda u: -layer_vjp(X)(u),
            lambda u: W.T @ u,  # forgot the derivative of tanh
            lambda u: np.zeros(3),
            lambda u: layer_vjp(X)(u)[::-1],
        ],
    )
    def test_wrong_vjps_stand_out_for_every_direction_tried(self, wrong, seed):
        assert gradcheck.check_vjp(layer, wrong, X, np.random.default_rng(seed)) > 1e-3

    def test_a_vjp_that_invents_a_gradient_of_a_constant_is_caught(self):
        assert gradcheck.check_vjp(lambda x: np.ones(2), lambda u: np.ones(3), X, np.random.default_rng(0)) > 1e-3
        assert gradcheck.check_vjp(lambda x: np.ones(2), lambda u: np.zeros(3), X, np.random.default_rng(0)) == 0

    def test_nan_is_never_agreement(self):
        assert not gradcheck.check_vjp(layer, lambda u: np.full(3, np.nan), X, np.random.default_rng(0)) < 1
        assert not gradcheck.check_jvp(layer, lambda v: np.full(2, np.nan), X, np.random.default_rng(0)) < 1

    def test_a_wrong_shape_is_said(self):
        with pytest.raises(ValueError, match=r"vjp: expected the shape of x, \(3,\), got \(2,\)"):
            gradcheck.check_vjp(layer, lambda u: u, X, np.random.default_rng(0))
        with pytest.raises(ValueError, match=r"jvp: expected the shape of f\(x\), \(2,\), got \(3,\)"):
            gradcheck.check_jvp(layer, lambda v: v, X, np.random.default_rng(0))
