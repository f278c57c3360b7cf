"""The rate sits inside the speed: v = beta v + lr grad, x = x + v. The path is the same."""

import numpy as np


def heavy_ball(grad, x0, lr, beta, n_steps):
    x, v = np.asarray(x0, dtype=float).copy(), 0.0
    rows = [tuple(x)]
    while len(rows) <= n_steps:
        v = beta * v + lr * np.asarray(grad(x))
        x = x + v
        rows.append(tuple(x))
    return rows
