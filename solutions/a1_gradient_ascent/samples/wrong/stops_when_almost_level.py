"""Treats a slope below 1e-10 as level even when tol is 0.

fails: q3.tol0_runs_all
diagnosis: criterion
"""

import numpy as np


def gradient_ascent(grad, x0, lr, n_steps, tol=0.0):
    path = [np.array(x0, dtype=float)]
    for _ in range(n_steps):
        g = grad(path[-1])
        if np.linalg.norm(g) <= max(tol, 1e-10):
            break
        path.append(path[-1] + lr * g)
    return np.array(path)
