"""The path begins after the first step.

fails: q3.closed_form
diagnosis: off_by_one
slip: no_start
"""

import numpy as np


def gradient_ascent(grad, x0, lr, n_steps, tol=0.0):
    x = np.array(x0, dtype=float)
    path = []
    for _ in range(n_steps):
        g = np.array(grad(x))
        if np.linalg.norm(g) <= tol:
            break
        x = x + lr * g
        path.append(x)
    return np.array(path).reshape(len(path), len(x))
