"""Appends x itself, so that every row of the path is the last place.

fails: q3.closed_form
diagnosis: aliased
slip: aliased
"""

import numpy as np


def gradient_ascent(grad, x0, lr, n_steps, tol=0.0):
    x = np.array(x0, dtype=float)
    path = [x]
    for _ in range(n_steps):
        g = grad(x)
        if np.linalg.norm(g) <= tol:
            break
        x += lr * g
        path.append(x)
    return np.array(path)
