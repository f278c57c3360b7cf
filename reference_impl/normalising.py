"""Layer normalisation and batch normalisation, pulled back in one formula: a bonus of assignment 4.

Both make n = (x - mean) / sqrt(var + EPS), and then y = n gamma + beta. Layer normalisation has the statistics of each
row, batch normalisation of each column. x also moves its own mean and variance; the two means below are that part.
Imports nothing of `autograder`.
Sources: Ba, Kiros, Hinton, Layer normalization (2016); Ioffe & Szegedy, Batch normalization (2015), section 3.
"""

from __future__ import annotations

from typing import Any

import numpy as np

Array = Any
EPS = 1e-5


def layernorm_vjp(x: Array, gamma: Array, u: Array) -> tuple[Array, Array, Array]:
    """x, u: (N, D).  gamma: (D,).  Returns (dx, dgamma, dbeta) of the shapes (N, D), (D,), (D,)."""
    return _pulled_back(x, gamma, u, axis=1)


def batchnorm_vjp(x: Array, gamma: Array, u: Array) -> tuple[Array, Array, Array]:
    """The same with the statistics of each column."""
    return _pulled_back(x, gamma, u, axis=0)


def _pulled_back(x: Array, gamma: Array, u: Array, axis: int) -> tuple[Array, Array, Array]:
    scale = 1 / np.sqrt(np.var(x, axis=axis, keepdims=True) + np.asarray(EPS, dtype=x.dtype))
    n = (x - np.mean(x, axis=axis, keepdims=True)) * scale
    g = u * gamma
    dx = scale * (g - np.mean(g, axis=axis, keepdims=True) - n * np.mean(g * n, axis=axis, keepdims=True))
    return dx, np.sum(u * n, axis=0), np.sum(u, axis=0)
