"""Halves while the trial is too low, which NaN never is.

fails: b1.undefined_height
diagnosis: non_finite
"""

import numpy as np


def backtracking_ascent(f, grad, x0, lr0, n_steps):
    path = [np.array(x0, dtype=float)]
    for _ in range(n_steps):
        x, g, rate = path[-1], grad(path[-1]), lr0
        if not g.any():
            break
        while f(x + rate * g) < f(x) + 1e-4 * rate * (g @ g):
            rate /= 2
        path.append(x + rate * g)
    return np.array(path)
