"""Turns the array that grad returned into the next place, and grad refills it.

fails: q3.buffer_reuse
diagnosis: aliased
"""

import numpy as np


def gradient_ascent(grad, x0, lr, n_steps, tol=0.0):
    path = [np.array(x0, dtype=float)]
    for _ in range(n_steps):
        x = grad(path[-1])
        if np.linalg.norm(x) <= tol:
            break
        x *= lr
        x += path[-1]
        path.append(x)
    return np.array(path)
