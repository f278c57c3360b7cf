"""The fused rules of normalisation, against a program of known ops, differences, and numbers worked by hand."""

import numpy as np
import pytest

from reference_impl import engine, gradcheck
from reference_impl.engine_ops import OPS
from reference_impl.normalising import EPS, batchnorm_vjp, layernorm_vjp


def normalised(x, gamma, beta, averages, *, rows):
    """The same in operators: averages is a square matrix of equal entries that add up to 1 in a row."""
    mean = (lambda a: a @ averages) if rows else (lambda a: averages @ a)
    c = x - mean(x)
    return c * ((mean(c * c) + EPS).log() * -0.5).exp() * gamma + beta


@pytest.mark.parametrize("rows", [True, False])
@pytest.mark.parametrize("shape", [(4, 3), (1, 3), (5, 1)])
def test_the_fused_rule_is_what_the_engine_says_of_the_program(rows, shape):
    rng = np.random.default_rng(3)
    x, u = rng.normal(size=shape), rng.normal(size=shape)
    gamma, beta = rng.normal(size=shape[1]), rng.normal(size=shape[1])
    n = shape[1 if rows else 0]
    averages = np.full((n, n), 1 / n)
    program, inputs = engine.trace(lambda *xs: normalised(*xs, averages, rows=rows), [x, gamma, beta])
    _, grads = engine.gradients(program, inputs, u, OPS, (0, 1, 2))
    for fused, traced in zip((layernorm_vjp if rows else batchnorm_vjp)(x, gamma, u), grads, strict=True):
        np.testing.assert_allclose(fused, traced, atol=1e-9)  # cancellation where a row has one entry: scale is 316


def test_a_row_worked_by_hand():
    """x = (0, 0, 3) has mean 1 and variance 2; EPS moves the sixth digit."""
    dx, dgamma, dbeta = layernorm_vjp(np.array([[0.0, 0.0, 3.0]]), np.ones(3), np.array([[1.0, 0.0, 0.0]]))
    np.testing.assert_allclose(dx, [[0.353553, -0.353553, 0.0]], atol=1e-5)
    np.testing.assert_allclose(dgamma, [-0.707107, 0.0, 0.0], atol=1e-5)
    np.testing.assert_array_equal(dbeta, [1.0, 0.0, 0.0])


def test_a_constant_row_is_what_differences_measure_too():
    x, gamma, u = np.full((1, 3), 7.0), np.array([1.0, 2.0, -1.0]), np.array([[1.0, -2.0, 0.5]])

    def cost(x):
        c = x - x.mean(axis=1, keepdims=True)
        return np.sum(u * gamma * c / np.sqrt(np.mean(c * c, axis=1, keepdims=True) + EPS))

    slope = gradcheck.central_difference(cost, x)
    np.testing.assert_allclose(layernorm_vjp(x, gamma, u)[0], slope, rtol=1e-4)  # h**2 / EPS: the curve is steep


def test_float32_stays_float32():
    x = np.ones((2, 3), dtype=np.float32)
    assert all(a.dtype == np.float32 for a in layernorm_vjp(x, x[0], x))
