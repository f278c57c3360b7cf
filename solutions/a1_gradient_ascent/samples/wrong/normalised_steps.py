"""Steps along the unit direction: every step has the length lr.

fails: q3.closed_form
diagnosis: scale
slip: by_unit_steps
"""

import numpy as np


def gradient_ascent(grad, x0, lr, n_steps, tol=0.0):
    path = [np.array(x0, dtype=float)]
    for _ in range(n_steps):
        g = grad(path[-1])
        n = np.linalg.norm(g)
        if n <= tol:
            break
        path.append(path[-1] + lr * g / n)
    return np.array(path)
