"""Cuts each coordinate of the speed off at 10, a habit from training large networks.

fails: b3.faster
diagnosis: value
"""

import numpy as np


def heavy_ball(grad, x0, lr, beta, n_steps):
    path = [np.array(x0, dtype=float)]
    v = np.zeros(len(path[0]))
    for _ in range(n_steps):
        v = np.clip(beta * v + np.array(grad(path[-1])), -10.0, 10.0)
        path.append(path[-1] + lr * v)
    return np.array(path)
