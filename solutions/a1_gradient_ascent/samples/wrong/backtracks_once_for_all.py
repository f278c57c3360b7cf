"""Keeps the halved rate for the steps that follow instead of trying lr0 again.

fails: b1.path
diagnosis: stale
"""

import numpy as np


def backtracking_ascent(f, grad, x0, lr0, n_steps):
    path = [np.array(x0, dtype=float)]
    rate = lr0
    for _ in range(n_steps):
        x = path[-1]
        g = grad(x)
        if not g.any():
            break
        while not f(x + rate * g) >= f(x) + 1e-4 * rate * (g @ g):
            rate /= 2
        path.append(x + rate * g)
    return np.array(path)
