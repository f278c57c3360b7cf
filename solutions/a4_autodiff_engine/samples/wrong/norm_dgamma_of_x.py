"""Multiplies u by x for dgamma.

fails: b1.layernorm b1.batchnorm
diagnosis: quantity
"""

import numpy as np


def layernorm_vjp(x, gamma, u):
    """x, u: (N, D), gamma: (D,). Returns (dx, dgamma, dbeta), of the shapes (N, D), (D,), (D,)."""
    scale = 1 / np.sqrt(np.var(x, axis=1, keepdims=True) + np.asarray(1e-5, dtype=x.dtype))
    n = (x - np.mean(x, axis=1, keepdims=True)) * scale
    g = u * gamma
    dx = scale * (g - np.mean(g, axis=1, keepdims=True) - n * np.mean(g * n, axis=1, keepdims=True))
    return dx, np.sum(u * x, axis=0), np.sum(u, axis=0)


def batchnorm_vjp(x, gamma, u):
    """The same with the mean and the variance of each column."""
    scale = 1 / np.sqrt(np.var(x, axis=0) + np.asarray(1e-5, dtype=x.dtype))
    n = (x - np.mean(x, axis=0)) * scale
    g = u * gamma
    dx = scale * (g - np.mean(g, axis=0) - n * np.mean(g * n, axis=0))
    return dx, np.sum(u * x, axis=0), np.sum(u, axis=0)
