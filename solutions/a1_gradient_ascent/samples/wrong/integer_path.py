"""Fills a path of the start's dtype, which rounds an integer start's climb.

fails: q3.int_start
diagnosis: dtype
"""

import numpy as np


def gradient_ascent(grad, x0, lr, n_steps, tol=0.0):
    x0 = np.asarray(x0)
    path = np.zeros((n_steps + 1, x0.size), dtype=x0.dtype)
    path[0] = x0
    for t in range(n_steps):
        g = grad(path[t].copy())
        if np.linalg.norm(g) <= tol:
            return path[: t + 1]
        path[t + 1] = path[t] + lr * g
    return path
