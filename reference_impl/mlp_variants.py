"""The bonus questions of assignment 2: another cost, another way to store the biases, another array library.

The same network as in `mlp`, in three variants. Pure functions; imports nothing of `autograder`.
"""

from __future__ import annotations

from typing import Any

from reference_impl import mlp
from reference_impl.backend import namespace_of

Array = Any
Params = dict[str, Array]


def sigmoid(z: Array) -> Array:
    """1 / (1 + exp(-z)), elementwise; the exponent is never positive, so nothing overflows."""
    xp = namespace_of(z)
    e = xp.exp(-xp.abs(z))
    return xp.where(z >= 0, 1 / (1 + e), e / (1 + e))


def sigmoid_network(X: Array, Y: Array, params: Params) -> tuple[Array, Params]:
    """The cost and gradients of a network with sigmoids in both layers and half the squared error.

    X: (N, D).  Y: (N, K), the targets.  a2 = sigmoid(sigmoid(X W1 + b1) W2 + b2).
    Returns (1 / 2N) sum (a2 - Y)**2, and its derivatives under the parameters' keys.
    The error term of the output is (a2 - Y) a2 (1 - a2) / N: this cost does not cancel the sigmoid's slope.
    Source: Rumelhart, Hinton & Williams (1986), equations 3 to 6.
    """
    xp = namespace_of(X)
    a1 = sigmoid(X @ params["W1"] + params["b1"])
    a2 = sigmoid(a1 @ params["W2"] + params["b2"])
    d_z2 = (a2 - Y) * a2 * (1 - a2) / X.shape[0]
    d_a1, d_W2, d_b2 = mlp.linear_vjp(a1, params["W2"], d_z2)
    _, d_W1, d_b1 = mlp.linear_vjp(X, params["W1"], d_a1 * a1 * (1 - a1))
    return xp.sum((a2 - Y) ** 2) / (2 * X.shape[0]), {"W1": d_W1, "b1": d_b1, "W2": d_W2, "b2": d_b2}


def bias_column_gradients(X: Array, y: Array, V1: Array, V2: Array) -> tuple[Array, Array]:
    """The gradient of `mlp`'s cost with each bias stored as row 0 of its layer's matrix.

    X: (N, D).  y: (N,).  V1: (1 + D, H).  V2: (1 + H, K).  A unit that is always 1 stands before the inputs
    of each layer. Returns (dV1, dV2), of the shapes of V1 and V2.
    The unit that is always 1 has no inputs, so the error term of the hidden layer leaves row 0 of V2 out.
    """
    xp = namespace_of(X)
    ones = xp.ones((X.shape[0], 1), dtype=X.dtype)
    A0 = xp.concat([ones, X], axis=1)
    z1 = A0 @ V1
    A1 = xp.concat([ones, xp.where(z1 > 0, z1, xp.zeros_like(z1))], axis=1)
    d_z2 = mlp.cross_entropy_grad(A1 @ V2, y)
    d_z1 = mlp.relu_vjp(z1, d_z2 @ V2[1:, :].T)
    return A0.T @ d_z1, A1.T @ d_z2


def portable_gradients(X: Array, Y: Array, params: Params) -> Params:
    """The gradient of `mlp`'s cost for one-hot targets, with operations that every array library has.

    X: (N, D).  Y: (N, K), one 1 a row.  Returns the derivatives under the parameters' keys.
    """
    xp = namespace_of(X)
    logits, cache = mlp.forward(X, params)
    return mlp.backward((xp.exp(mlp.log_softmax(logits)) - Y) / X.shape[0], cache, params)
