"""Compares the largest entry of the gradient with tol instead of its 2-norm.

fails: q3.early_stop
diagnosis: criterion
"""

import numpy as np


def gradient_ascent(grad, x0, lr, n_steps, tol=0.0):
    path = [np.array(x0, dtype=float)]
    for _ in range(n_steps):
        g = grad(path[-1])
        if np.max(np.abs(g)) <= tol:
            break
        path.append(path[-1] + lr * g)
    return np.array(path)
