"""Lets the gradient count only (1 - beta) times, as in a running mean.

fails: b3.matrix b3.faster b3.example
diagnosis: scale
slip: averaged
"""

import numpy as np


def heavy_ball(grad, x0, lr, beta, n_steps):
    path = [np.array(x0, dtype=float)]
    v = np.zeros(len(path[0]))
    for _ in range(n_steps):
        v = beta * v + (1 - beta) * np.array(grad(path[-1]))
        path.append(path[-1] + lr * v)
    return np.array(path)
