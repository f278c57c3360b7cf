"""Stops the heavy ball where the ground is level, although the ball still moves.

fails: b3.memory
diagnosis: criterion
"""

import numpy as np


def heavy_ball(grad, x0, lr, beta, n_steps):
    path = [np.array(x0, dtype=float)]
    v = np.zeros(len(path[0]))
    for _ in range(n_steps):
        g = np.array(grad(path[-1]))
        if not g.any():
            break
        v = beta * v + g
        path.append(path[-1] + lr * v)
    return np.array(path)
