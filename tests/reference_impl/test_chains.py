"""The chains of assignment 3, against matrices worked by hand, finite differences and a second array library."""

import functools
import itertools

import array_api_strict
import numpy as np
import pytest

from reference_impl import chains, complexity
from reference_impl.backend import to_numpy

RTOL = 1e-12  # a handful of rounding errors on numbers near 1


class Counted:
    """A layer that counts what is asked of it."""

    def __init__(self, layer):
        self.layer, self.calls = layer, []

    def __call__(self, x):
        self.calls.append("value")
        return self.layer(x)

    def jvp(self, x, v):
        self.calls.append("jvp")
        return self.layer.jvp(x, v)

    def vjp(self, x, u):
        self.calls.append("vjp")
        return self.layer.vjp(x, u)


class Multiplied:
    """A matrix that remembers its shape and adds up what its products cost."""

    total = 0

    def __init__(self, *shape):
        self.shape = shape

    def __matmul__(self, other):
        (p, q), (same, r) = self.shape, other.shape
        assert q == same
        Multiplied.total += p * q * r
        return Multiplied(p, r)


def some_chain(rng, xp=np):
    """A chain (4,) -> (5,) -> (5,) -> (3,) -> (3,) -> (2,) and a place away from the kink of the ReLU."""

    def array(*shape):
        return xp.asarray(rng.standard_normal(shape))

    layers = [
        chains.Affine(array(5, 4), array(5)),
        chains.Relu(),
        chains.Linear(array(3, 5)),
        chains.Tanh(),
        chains.Affine(array(2, 3), array(2)),
    ]
    return layers, array(4)


def jacobian_by_differences(f, x, h=6e-6):
    """Central differences: the error is near 1e-10 for curvatures near 1."""
    columns = [(f(x + h * e) - f(x - h * e)) / (2 * h) for e in np.eye(x.size)]
    return np.stack(columns, axis=1)


def value(layers, x):
    return functools.reduce(lambda x, layer: layer(x), layers, x)


class TestAccumulation:
    def test_three_small_matrices_by_hand(self):
        """J_2 J_1 = [[5, 2], [11, 4]] with J_1 = [[1, 0], [2, 1]], J_2 = [[1, 2], [3, 4]]; J_3 adds the rows."""
        Js = [np.array([[1.0, 0.0], [2.0, 1.0]]), np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[1.0, 1.0]])]
        np.testing.assert_array_equal(chains.accumulate_forward(Js), [[16, 6]])
        np.testing.assert_array_equal(chains.accumulate_reverse(Js), [[16, 6]])

    @pytest.mark.parametrize(
        ("accumulate", "count"),
        [
            (chains.accumulate_forward, complexity.forward_macs),
            (chains.accumulate_reverse, complexity.reverse_macs),
        ],
    )
    def test_the_multiply_adds_done_are_those_of_the_formula(self, accumulate, count, monkeypatch):
        monkeypatch.setattr(chains, "_copy", lambda J: J)
        monkeypatch.setattr(Multiplied, "total", 0)
        dims = (3, 4, 5, 2, 6)
        accumulate([Multiplied(n, m) for m, n in itertools.pairwise(dims)])
        assert Multiplied.total == count(dims)

    @pytest.mark.parametrize("accumulate", [chains.accumulate_forward, chains.accumulate_reverse])
    def test_one_jacobian_comes_back_as_a_copy(self, accumulate):
        J = np.array([[1.0, 2.0]])
        product = accumulate([J])
        product[0, 0] = 9
        np.testing.assert_array_equal(J, [[1, 2]])

    @pytest.mark.parametrize("accumulate", [chains.accumulate_forward, chains.accumulate_reverse])
    def test_it_runs_on_another_array_library(self, accumulate):
        rng = np.random.default_rng(1)
        Js = [rng.standard_normal((n, m)) for m, n in ((3, 4), (4, 5), (5, 2))]
        got = accumulate([array_api_strict.asarray(J) for J in Js])
        np.testing.assert_allclose(to_numpy(got), Js[2] @ Js[1] @ Js[0], rtol=RTOL)


class TestLayers:
    @pytest.mark.parametrize(
        "layer",
        [
            chains.Linear(np.array([[1.0, 2.0, -1.0], [0.5, 0.0, 3.0]])),
            chains.Affine(np.array([[1.0, 2.0, -1.0]]), np.array([4.0])),
            chains.Tanh(),
            chains.Relu(),
        ],
        ids=lambda layer: type(layer).__name__,
    )
    def test_both_products_agree_with_finite_differences(self, layer):
        x, rng = np.array([0.7, -0.4, 1.1]), np.random.default_rng(2)
        J = jacobian_by_differences(layer, x)
        v, u = rng.standard_normal(3), rng.standard_normal(len(J))
        np.testing.assert_allclose(layer.jvp(x, v), J @ v, rtol=1e-8)
        np.testing.assert_allclose(layer.vjp(x, u), u @ J, rtol=1e-8)

    def test_the_slope_of_the_kink_is_zero(self):
        zero, one = np.zeros(1), np.ones(1)
        assert chains.Relu().jvp(zero, one) == chains.Relu().vjp(zero, one) == 0


class TestPasses:
    def test_one_row_by_hand(self):
        """W = [[1, 2]]: W x = 11 at (3, 4), W v = 3 for v = (1, 1), u W = (2, 4) for u = 2."""
        layers = [chains.Linear(np.array([[1.0, 2.0]]))]
        y, Jv = chains.jvp(layers, np.array([3.0, 4.0]), np.array([1.0, 1.0]))
        assert (y, Jv) == (11, 3)
        y, uJ = chains.vjp(layers, np.array([3.0, 4.0]), np.array([2.0]))
        assert y == 11
        np.testing.assert_array_equal(uJ, [2, 4])

    def test_a_chain_agrees_with_finite_differences(self):
        rng = np.random.default_rng(3)
        layers, x = some_chain(rng)
        J = jacobian_by_differences(lambda x: value(layers, x), x)
        v, u = rng.standard_normal(4), rng.standard_normal(2)
        for got, expected in zip(chains.jvp(layers, x, v), (value(layers, x), J @ v), strict=True):
            np.testing.assert_allclose(got, expected, rtol=1e-8)
        for got, expected in zip(chains.vjp(layers, x, u), (value(layers, x), u @ J), strict=True):
            np.testing.assert_allclose(got, expected, rtol=1e-8)
        np.testing.assert_allclose(chains.jacobian_forward(layers, x), J, rtol=1e-7, atol=1e-9)
        np.testing.assert_allclose(chains.jacobian_reverse(layers, x), J, rtol=1e-7, atol=1e-9)

    def test_a_pass_asks_each_layer_once(self):
        layers, x = some_chain(np.random.default_rng(4))
        counted = [Counted(layer) for layer in layers]
        chains.jvp(counted, x, np.ones(4))
        assert [sorted(layer.calls) for layer in counted] == [["jvp", "value"]] * 5
        counted = [Counted(layer) for layer in layers]
        chains.vjp(counted, x, np.ones(2))
        assert [sorted(layer.calls) for layer in counted] == [["value", "vjp"]] * 5

    def test_jacobians_take_a_pass_a_column_or_a_row(self):
        layers, x = some_chain(np.random.default_rng(4))
        counted = [Counted(layer) for layer in layers]
        chains.jacobian_forward(counted, x)
        assert [(c.calls.count("jvp"), c.calls.count("vjp")) for c in counted] == [(4, 0)] * 5
        counted = [Counted(layer) for layer in layers]
        chains.jacobian_reverse(counted, x)
        assert [(c.calls.count("jvp"), c.calls.count("vjp")) for c in counted] == [(0, 2)] * 5

    def test_they_run_on_another_array_library(self):
        layers, x = some_chain(np.random.default_rng(5), array_api_strict)
        forward, reverse = chains.jacobian_forward(layers, x), chains.jacobian_reverse(layers, x)
        np.testing.assert_allclose(to_numpy(forward), to_numpy(reverse), rtol=RTOL)


class TestCheckpoints:
    @pytest.mark.parametrize("interval", [1, 2, 3, 5, 9])
    def test_the_answer_is_that_of_vjp_and_no_layer_is_evaluated_three_times(self, interval):
        rng = np.random.default_rng(6)
        layers, x = some_chain(rng)
        u = rng.standard_normal(2)
        counted = [Counted(layer) for layer in layers]
        y, uJ = chains.checkpointed_vjp(counted, x, u, interval)
        expected_y, expected_uJ = chains.vjp(layers, x, u)
        np.testing.assert_array_equal(y, expected_y)  # the same operations in the same order
        np.testing.assert_array_equal(uJ, expected_uJ)
        assert all(c.calls.count("value") <= 2 and c.calls.count("vjp") == 1 for c in counted)
