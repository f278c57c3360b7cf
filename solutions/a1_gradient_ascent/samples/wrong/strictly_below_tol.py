"""Stops only when the slope is below tol, so that tol = 0 walks on along a plateau.

fails: q3.start_on_plateau
diagnosis: criterion
"""

import numpy as np


def gradient_ascent(grad, x0, lr, n_steps, tol=0.0):
    path = [np.array(x0, dtype=float)]
    for _ in range(n_steps):
        g = grad(path[-1])
        if np.linalg.norm(g) < tol:
            break
        path.append(path[-1] + lr * g)
    return np.array(path)
