"""Keeps the speed of the last call, in a global variable.

fails: b3.memory
diagnosis: state
"""

import numpy as np

v = 0.0


def heavy_ball(grad, x0, lr, beta, n_steps):
    global v
    v = np.resize(v, len(x0)) if np.shape(v) != np.shape(x0) else v
    path = [np.array(x0, dtype=float)]
    for _ in range(n_steps):
        v = beta * v + grad(path[-1])
        path.append(path[-1] + lr * v)
    return np.array(path)
