"""Draws the kick from a generator of its own and ignores the seed.

fails: b2.seeded
diagnosis: ignored
"""

import numpy as np


def leave_saddle(grad, x0, lr, n_steps, *, tol=1e-8, radius=1e-3, seed=0):
    start = np.array(x0, dtype=float)
    if np.linalg.norm(grad(start)) > tol:
        return gradient_ascent(grad, start, lr, n_steps)
    u = np.random.default_rng(0).standard_normal(start.size)
    return np.vstack([start, gradient_ascent(grad, start + radius * u / np.linalg.norm(u), lr, n_steps)])
