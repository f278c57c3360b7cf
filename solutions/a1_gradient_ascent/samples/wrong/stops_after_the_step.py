"""Tests the slope after the step instead of before: one row too many.

fails: q3.early_stop
diagnosis: off_by_one
"""

import numpy as np


def gradient_ascent(grad, x0, lr, n_steps, tol=0.0):
    path = [np.array(x0, dtype=float)]
    for _ in range(n_steps):
        g = grad(path[-1])
        path.append(path[-1] + lr * g)
        if np.linalg.norm(g) <= tol:
            break
    return np.array(path)
