"""Fills a NaN array of full length and cuts off what was not needed."""

import numpy as np


def gradient_ascent(grad, x0, lr, n_steps, tol=0.0):
    path = np.full((n_steps + 1, len(x0)), np.nan)
    path[0] = x0
    last = 0
    for t in range(n_steps):
        g = grad(path[t])
        if not np.linalg.norm(g) > tol and not np.isnan(g).any():
            break
        path[t + 1] = path[t] + lr * g
        last = t + 1
    return path[: last + 1]
