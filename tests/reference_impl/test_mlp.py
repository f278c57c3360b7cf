"""The reference of assignment 2, against numbers worked by hand, finite differences and HIPS autograd."""

import array_api_strict as strict
import autograd
import autograd.numpy as anp
import numpy as np
import pytest

from reference_impl import mlp, mlp_variants

# The worked instance: 2 inputs, 2 hidden units, 2 classes. By hand:
# z1 = (1 + 2 × 0.5 + 0, -1 + 2 × 1 - 2) = (2, -1), a1 = (2, 0), logits = (2 × 1 + 0, 2 × 0 + 1) = (2, 1).
X2, Y2 = np.array([[1.0, 2.0]]), np.array([0])
P2 = {
    "W1": np.array([[1.0, -1.0], [0.5, 1.0]]),
    "b1": np.array([0.0, -2.0]),
    "W2": np.array([[1.0, 0.0], [3.0, 1.0]]),
    "b2": np.array([0.0, 1.0]),
}
P_WRONG = 0.2689414213699951  # 1 / (1 + e), the softmax of the second logit
SIZES = [(5, 4, 3, 6), (4, 4, 4, 4), (1, 3, 4, 2), (6, 2, 1, 3), (2, 1, 5, 3), (1, 1, 1, 2)]


def central_difference(f, params, key, h=6e-6):
    """d f / d params[key], two probes an entry; error about 1e-10 where everything is near 1."""
    slopes = np.zeros_like(params[key])
    for i in np.ndindex(params[key].shape):
        ends = []
        for sign in (1, -1):
            moved = {k: v.copy() for k, v in params.items()}
            moved[key][i] += sign * h
            ends.append(float(f(moved)))
        slopes[i] = (ends[0] - ends[1]) / (2 * h)
    return slopes


def autograd_cost(X, y):
    """The cost in autograd's own words: no shared line with the reference."""

    def cost(params):
        hidden = anp.maximum(0.0, anp.dot(X, params["W1"]) + params["b1"])
        logits = anp.dot(hidden, params["W2"]) + params["b2"]
        largest = anp.max(logits, axis=1)
        log_z = largest + anp.log(anp.sum(anp.exp(logits - largest[:, None]), axis=1))
        return anp.mean(log_z - logits[anp.arange(len(y)), y])

    return cost


class TestNestedDerivative:
    def test_the_exponential_of_the_sine_at_zero(self):
        y, slope = mlp.nested_derivative([np.sin, np.exp], [np.cos, np.exp], 0.0)
        assert (float(y), float(slope)) == (1.0, 1.0)

    def test_each_factor_is_taken_at_its_own_inner_value(self):
        """((2 x)**2)**2 = 16 x**4 at x = 1 and 2: values 16, 256 and slopes 64 x**3 = 64, 512."""
        square, twice = (lambda v: v**2), (lambda v: 2 * v)
        y, slope = mlp.nested_derivative(
            [twice, square, square], [lambda v: 2 + 0 * v, twice, twice], np.array([1.0, 2.0])
        )
        np.testing.assert_array_equal(y, [16.0, 256.0])
        np.testing.assert_array_equal(slope, [64.0, 512.0])

    def test_no_functions_at_all_is_the_identity(self):
        x = np.array([[3.0, -1.0]])
        y, slope = mlp.nested_derivative([], [], x)
        np.testing.assert_array_equal(y, x)
        np.testing.assert_array_equal(slope, np.ones((1, 2)))
        assert not np.shares_memory(y, x)


class TestTheWorkedInstance:
    def test_forward(self):
        logits, cache = mlp.forward(X2, P2)
        np.testing.assert_array_equal(cache["z1"], [[2.0, -1.0]])
        np.testing.assert_array_equal(logits, [[2.0, 1.0]])

    def test_cost(self):
        """ln(1 + e**-1)."""
        np.testing.assert_allclose(mlp.cross_entropy(np.array([[2.0, 1.0]]), Y2), 0.31326168751822286, rtol=1e-15)

    def test_error_term_of_the_output(self):
        got = mlp.cross_entropy_grad(np.array([[2.0, 1.0]]), Y2)
        np.testing.assert_allclose(got, [[-P_WRONG, P_WRONG]], rtol=1e-15)

    def test_gradients(self):
        """dW2 = a1' d; da1 = d W2' = (-p, -3p + p); the second unit is off; dW1 = x' (-p, 0)."""
        grads = mlp.backward_of(X2, Y2, P2)
        p = P_WRONG
        np.testing.assert_allclose(grads["W2"], [[-2 * p, 2 * p], [0, 0]], rtol=1e-15)
        np.testing.assert_allclose(grads["b2"], [-p, p], rtol=1e-15)
        np.testing.assert_allclose(grads["W1"], [[-p, 0], [-2 * p, 0]], rtol=1e-15)
        np.testing.assert_allclose(grads["b1"], [-p, 0], rtol=1e-15)

    def test_cost_and_gradients_in_one_call(self):
        cost, grads = mlp.loss_and_gradient(X2, Y2, P2)
        np.testing.assert_allclose(cost, 0.31326168751822286, rtol=1e-15)
        np.testing.assert_allclose(grads["W1"], [[-P_WRONG, 0], [-2 * P_WRONG, 0]], rtol=1e-15)

    def test_one_step(self):
        """b2 - 0.1 (-p, p) = (0.1 p, 1 - 0.1 p)."""
        params, losses = mlp.train(X2, Y2, P2, lr=0.1, n_steps=1)
        np.testing.assert_allclose(params["b2"], [0.1 * P_WRONG, 1 - 0.1 * P_WRONG], rtol=1e-15)
        np.testing.assert_allclose(losses, [0.31326168751822286], rtol=1e-15)


class TestLogSoftmaxAndCost:
    def test_equal_logits_cost_the_logarithm_of_the_number_of_classes(self):
        np.testing.assert_allclose(mlp.cross_entropy(np.zeros((3, 10)), np.array([0, 5, 9])), np.log(10), rtol=1e-15)

    def test_logits_a_thousand_apart_cost_exactly_their_distance(self):
        logits = np.array([[1000.0, 0.0], [0.0, 1000.0]])
        assert mlp.cross_entropy(logits, np.array([1, 1])) == 500.0  # (1000 + 0) / 2
        np.testing.assert_array_equal(mlp.log_softmax(logits), [[0.0, -1000.0], [-1000.0, 0.0]])

    def test_a_shift_of_a_row_changes_nothing(self):
        np.testing.assert_array_equal(
            mlp.log_softmax(np.array([[1e6, 1e6 + 1]])), mlp.log_softmax([[0.0, 1.0]] @ np.eye(2))
        )

    def test_large_logits_have_a_finite_gradient(self):
        got = mlp.cross_entropy_grad(np.array([[1e4, 0.0, -1e4]]), np.array([2]))
        np.testing.assert_array_equal(got, [[1.0, 0.0, -1.0]])

    @pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.int64, np.uint64])
    def test_labels_of_any_integer_type_and_classes_that_do_not_occur(self, dtype):
        """Softmax of (0, ln 3) is (1/4, 3/4); one example: minus 1 at its label."""
        got = mlp.cross_entropy_grad(np.array([[0.0, np.log(3.0)]]), np.array([1], dtype=dtype))
        np.testing.assert_allclose(got, [[0.25, -0.25]], rtol=1e-15)


class TestLayers:
    def test_relu_is_closed_at_zero_of_either_sign_and_ignores_what_comes_to_a_closed_unit(self):
        z = np.array([-np.inf, -1.0, -0.0, 0.0, 1.0, np.inf])
        g = np.array([np.inf, 5.0, 6.0, 7.0, 8.0, 9.0])
        np.testing.assert_array_equal(mlp.relu_vjp(z, g), [0.0, 0.0, 0.0, 0.0, 8.0, 9.0])

    def test_a_linear_layer_worked_by_hand(self):
        """g W' = (1 × 1 + 2 × 3, 1 × 2 + 2 × 4) for row 0; X' g row 0 = 5 (1, 2) + 7 (3, 4)."""
        X, W, g = (
            np.array([[5.0, 6.0], [7.0, 8.0]]),
            np.array([[1.0, 3.0], [2.0, 4.0]]),
            np.array([[1.0, 2.0], [3.0, 4.0]]),
        )
        dX, dW, db = mlp.linear_vjp(X, W, g)
        np.testing.assert_array_equal(dX, [[7.0, 10.0], [15.0, 22.0]])
        np.testing.assert_array_equal(dW, [[26.0, 38.0], [30.0, 44.0]])
        np.testing.assert_array_equal(db, [4.0, 6.0])


@pytest.mark.parametrize("sizes", SIZES, ids=str)
class TestBackward:
    def test_autograd_agrees(self, sizes):
        params, X, y = mlp.draw_case(np.random.default_rng(1), *sizes)
        expected = autograd.grad(autograd_cost(X, y))(params)
        grads = mlp.backward_of(X, y, params)
        assert grads.keys() == expected.keys()
        for key, gradient in grads.items():
            assert gradient.shape == params[key].shape
            np.testing.assert_allclose(gradient, expected[key], rtol=1e-12, atol=1e-15)  # rounding of some 100 sums

    def test_finite_differences_agree(self, sizes):
        params, X, y = mlp.draw_case(np.random.default_rng(2), *sizes)
        grads = mlp.backward_of(X, y, params)
        for key in params:
            slopes = central_difference(lambda p: mlp.cross_entropy(mlp.forward(X, p)[0], y), params, key)
            np.testing.assert_allclose(grads[key], slopes, rtol=1e-6, atol=1e-9)  # the difference is good to 1e-10

    def test_arguments_keep_their_contents_and_share_no_memory_with_the_gradients(self, sizes):
        params, X, y = mlp.draw_case(np.random.default_rng(6), *sizes)
        logits, cache = mlp.forward(X, params)
        given = {"X": X, "logits": logits, "z1": cache["z1"], "a1": cache["a1"], **params}
        before = {name: array.copy() for name, array in given.items()}
        grads = mlp.backward(mlp.cross_entropy_grad(logits, y), cache, params)
        for name, array in given.items():
            np.testing.assert_array_equal(array, before[name])
            assert not any(np.shares_memory(array, gradient) for gradient in grads.values())

    def test_it_is_linear_in_dlogits(self, sizes):
        rng = np.random.default_rng(3)
        params, X, _ = mlp.draw_case(rng, *sizes)
        cache = mlp.forward(X, params)[1]
        g = rng.standard_normal((sizes[0], sizes[3]))
        once, eightfold = mlp.backward(g, cache, params), mlp.backward(8 * g, cache, params)
        for key in params:
            np.testing.assert_array_equal(eightfold[key], 8 * once[key])  # a power of two: exact

    def test_single_precision_stays_single_and_close(self, sizes):
        params, X, y = mlp.draw_case(np.random.default_rng(4), *sizes, dtype=np.float32)
        grads = mlp.backward_of(X, y, params)
        double = mlp.backward_of(X.astype(np.float64), y, {k: v.astype(np.float64) for k, v in params.items()})
        for key, gradient in grads.items():
            assert gradient.dtype == np.float32
            np.testing.assert_allclose(gradient, double[key], rtol=1e-4, atol=1e-6)  # 2**-24 × some 100 operations

    def test_the_array_api_standard_is_all_it_uses(self, sizes):
        params, X, y = mlp.draw_case(np.random.default_rng(5), *sizes)
        strict_params = {k: strict.asarray(v) for k, v in params.items()}
        got, losses = mlp.train(strict.asarray(X), strict.asarray(y), strict_params, lr=0.1, n_steps=3)
        expected, expected_losses = mlp.train(X, y, params, lr=0.1, n_steps=3)
        for key in params:
            np.testing.assert_array_equal(np.asarray(got[key]), expected[key])  # the same operations in the same order
        np.testing.assert_array_equal(np.asarray(losses), expected_losses)


class TestTraining:
    def test_a_step_subtracts_the_rate_times_the_gradient_from_a_new_dict(self):
        params, grads = {"w": np.array([1.0, 2.0])}, {"w": np.array([10.0, 20.0])}
        got = mlp.sgd_update(params, grads, 0.5)
        np.testing.assert_array_equal(got["w"], [-4.0, -8.0])
        np.testing.assert_array_equal(params["w"], [1.0, 2.0])

    def test_no_steps_is_a_copy_of_the_start(self):
        params, losses = mlp.train(X2, Y2, P2, lr=0.1, n_steps=0)
        assert losses.shape == (0,)
        for key, start in P2.items():
            np.testing.assert_array_equal(params[key], start)
            assert not np.shares_memory(params[key], start)

    def test_it_learns_exclusive_or(self):
        rng = np.random.default_rng(0)
        X, y = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]), np.array([0, 1, 1, 0])
        params, losses = mlp.train(X, y, mlp.draw_case(rng, 4, 2, 8, 2)[0], lr=0.5, n_steps=300)
        assert losses[0] > 0.5
        assert losses[-1] < 0.05
        assert list(np.argmax(mlp.forward(X, params)[0], axis=1)) == [0, 1, 1, 0]


class TestDrawCase:
    def test_no_unit_is_near_the_kink_and_the_types_are_as_asked(self):
        params, X, y = mlp.draw_case(np.random.default_rng(7), 5, 4, 3, 6, dtype=np.float32)
        assert {k: v.shape for k, v in params.items()} == {"W1": (4, 3), "b1": (3,), "W2": (3, 6), "b2": (6,)}
        assert X.shape == (5, 4)
        assert {a.dtype for a in (X, *params.values())} == {np.dtype(np.float32)}
        assert y.shape == (5,)
        assert np.min(np.abs(mlp.forward(X, params)[1]["z1"])) > 1e-3


class TestVariants:
    def test_sigmoids_and_half_squared_error_agree_with_finite_differences(self):
        rng = np.random.default_rng(8)
        params, X, _ = mlp.draw_case(rng, 5, 4, 3, 2)
        Y = rng.uniform(0, 1, (5, 2))
        _, grads = mlp_variants.sigmoid_network(X, Y, params)
        for key in params:
            slopes = central_difference(lambda p: mlp_variants.sigmoid_network(X, Y, p)[0], params, key)
            np.testing.assert_allclose(grads[key], slopes, rtol=1e-6, atol=1e-9)

    def test_a_sigmoid_does_not_overflow(self):
        got = mlp_variants.sigmoid(np.array([-1e4, 0.0, 1e4]))
        np.testing.assert_array_equal(got, [0.0, 0.5, 1.0])

    def test_a_bias_row_gives_the_gradients_of_a_bias_vector(self):
        params, X, y = mlp.draw_case(np.random.default_rng(9), 5, 4, 3, 6)
        V1, V2 = (np.vstack([params[f"b{i}"], params[f"W{i}"]]) for i in (1, 2))
        dV1, dV2 = mlp_variants.bias_column_gradients(X, y, V1, V2)
        grads = mlp.backward_of(X, y, params)
        np.testing.assert_allclose(dV1, np.vstack([grads["b1"], grads["W1"]]), rtol=1e-12, atol=1e-15)
        np.testing.assert_allclose(dV2, np.vstack([grads["b2"], grads["W2"]]), rtol=1e-12, atol=1e-15)

    def test_one_hot_targets_give_the_gradients_of_labels(self):
        params, X, y = mlp.draw_case(np.random.default_rng(10), 5, 4, 3, 6)
        got, expected = mlp_variants.portable_gradients(X, np.eye(6)[y], params), mlp.backward_of(X, y, params)
        for key in params:
            np.testing.assert_allclose(got[key], expected[key], rtol=1e-14)
