"""Makes one step less than n_steps, because the start is counted as a step.

fails: q3.closed_form q3.example
diagnosis: off_by_one
slip: one_step_short
"""

import numpy as np


def gradient_ascent(grad, x0, lr, n_steps, tol=0.0):
    path = np.zeros((max(n_steps, 1), len(x0)))
    path[0] = x0
    for t in range(1, n_steps):
        g = grad(path[t - 1].copy())
        if np.linalg.norm(g) <= tol:
            return path[:t]
        path[t] = path[t - 1] + lr * g
    return path
