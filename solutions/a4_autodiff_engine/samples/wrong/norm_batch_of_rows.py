"""Batch normalisation with the statistics of each row.

fails: b1.batchnorm
diagnosis: axis
"""

import numpy as np


def batchnorm_vjp(x, gamma, u):
    """The same with the mean and the variance of each column."""
    scale = 1 / np.sqrt(np.var(x, axis=1, keepdims=True) + np.asarray(1e-5, dtype=x.dtype))
    n = (x - np.mean(x, axis=1, keepdims=True)) * scale
    g = u * gamma
    dx = scale * (g - np.mean(g, axis=1, keepdims=True) - n * np.mean(g * n, axis=1, keepdims=True))
    return dx, np.sum(u * n, axis=0), np.sum(u, axis=0)
