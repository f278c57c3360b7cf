"""Stops when the step, rate times slope, is short, so a small rate stops it early.

fails: q3.early_stop
diagnosis: criterion
"""

import numpy as np


def gradient_ascent(grad, x0, lr, n_steps, tol=0.0):
    path = [np.array(x0, dtype=float)]
    for _ in range(n_steps):
        step = lr * grad(path[-1])
        if np.linalg.norm(step) <= tol:
            break
        path.append(path[-1] + step)
    return np.array(path)
