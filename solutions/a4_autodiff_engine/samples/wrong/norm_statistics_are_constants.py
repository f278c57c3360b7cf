"""Takes mean and variance for constants.

fails: b1.layernorm b1.batchnorm b1.example
diagnosis: chain
"""

import numpy as np


def layernorm_vjp(x, gamma, u):
    scale = 1 / np.sqrt(np.var(x, axis=1, keepdims=True) + np.asarray(1e-5, dtype=x.dtype))
    n = (x - np.mean(x, axis=1, keepdims=True)) * scale
    return u * gamma * scale, np.sum(u * n, axis=0), np.sum(u, axis=0)


def batchnorm_vjp(x, gamma, u):
    scale = 1 / np.sqrt(np.var(x, axis=0) + np.asarray(1e-5, dtype=x.dtype))
    n = (x - np.mean(x, axis=0)) * scale
    return u * gamma * scale, np.sum(u * n, axis=0), np.sum(u, axis=0)
