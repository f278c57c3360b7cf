"""Works in float64, whatever comes in.

fails: b1.norm_float32
diagnosis: dtype
"""

import numpy as np


def layernorm_vjp(x, gamma, u):
    return normalised(x, gamma, u, axis=1)


def batchnorm_vjp(x, gamma, u):
    return normalised(x, gamma, u, axis=0)


def normalised(x, gamma, u, axis):
    x = np.asarray(x, dtype=np.float64)
    scale = 1 / np.sqrt(np.var(x, axis=axis, keepdims=True) + 1e-5)
    n = (x - np.mean(x, axis=axis, keepdims=True)) * scale
    g = u * gamma
    dx = scale * (g - np.mean(g, axis=axis, keepdims=True) - n * np.mean(g * n, axis=axis, keepdims=True))
    return dx, np.sum(u * n, axis=0), np.sum(u, axis=0)
