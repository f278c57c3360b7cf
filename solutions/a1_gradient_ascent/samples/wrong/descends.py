"""Walks downhill: subtracts the gradient.

fails: q3.closed_form
diagnosis: sign
slip: downhill
"""

import numpy as np


def gradient_ascent(grad, x0, lr, n_steps, tol=0.0):
    path = [np.array(x0, dtype=float)]
    for _ in range(n_steps):
        g = np.array(grad(path[-1]))
        if np.linalg.norm(g) <= tol:
            break
        path.append(path[-1] - lr * g)
    return np.array(path)
