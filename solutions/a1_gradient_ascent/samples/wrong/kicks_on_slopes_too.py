"""Kicks the climber on every ground, level or not.

fails: b2.ordinary
diagnosis: criterion
"""

import numpy as np


def leave_saddle(grad, x0, lr, n_steps, *, tol=1e-8, radius=1e-3, seed=0):
    start = np.array(x0, dtype=float)
    u = np.random.default_rng(seed).standard_normal(start.size)
    return np.vstack([start, gradient_ascent(grad, start + radius * u / np.linalg.norm(u), lr, n_steps)])
