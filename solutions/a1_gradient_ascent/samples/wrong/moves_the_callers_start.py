"""Climbs with += on the array the caller passed in.

fails: q3.pure
diagnosis: mutated
"""

import numpy as np


def gradient_ascent(grad, x0, lr, n_steps, tol=0.0):
    x = x0 if np.asarray(x0).dtype.kind == "f" else np.array(x0, dtype=float)
    path = [x.copy()]
    for _ in range(n_steps):
        g = grad(x)
        if np.linalg.norm(g) <= tol:
            break
        x += lr * g
        path.append(x.copy())
    return np.array(path)
