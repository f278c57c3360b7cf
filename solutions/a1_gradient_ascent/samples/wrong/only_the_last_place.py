"""Returns the end of the climb, not the path.

fails: q3.closed_form q3.example q3.keeps_its_start
diagnosis: shape
slip: end_alone
"""

import numpy as np


def gradient_ascent(grad, x0, lr, n_steps, tol=0.0):
    x = np.array(x0, dtype=float)
    for _ in range(n_steps):
        g = grad(x)
        if np.linalg.norm(g) <= tol:
            break
        x = x + lr * g
    return x
