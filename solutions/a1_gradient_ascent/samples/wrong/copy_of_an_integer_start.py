"""Copies the start and adds floats to it in place: whole numbers do not take them.

fails: q3.int_start
diagnosis: raised
"""

import numpy as np


def gradient_ascent(grad, x0, lr, n_steps, tol=0.0):
    x = np.array(x0)
    path = [x.copy()]
    for _ in range(n_steps):
        g = grad(x)
        if np.linalg.norm(g) <= tol:
            break
        x += lr * g
        path.append(x.copy())
    return np.array(path)
