"""Centres the message, and takes the variance for a constant.

fails: b1.layernorm b1.example
diagnosis: chain
"""

import numpy as np


def layernorm_vjp(x, gamma, u):
    scale = 1 / np.sqrt(np.var(x, axis=1, keepdims=True) + np.asarray(1e-5, dtype=x.dtype))
    n = (x - np.mean(x, axis=1, keepdims=True)) * scale
    g = u * gamma
    return (g - np.mean(g, axis=1, keepdims=True)) * scale, np.sum(u * n, axis=0), np.sum(u, axis=0)
