"""Nesterov's rule: takes the gradient at the place where the speed alone would lead.

fails: b3.matrix b3.example
diagnosis: method
slip: looking_ahead
"""

import numpy as np


def heavy_ball(grad, x0, lr, beta, n_steps):
    path = [np.array(x0, dtype=float)]
    v = np.zeros(len(path[0]))
    for _ in range(n_steps):
        v = beta * v + grad(path[-1] + lr * beta * v)
        path.append(path[-1] + lr * v)
    return np.array(path)
