"""Climbs from the highest start only.

fails: q7.best
diagnosis: criterion
"""

import numpy as np


def best_of_restarts(f, grad, starts, lr, n_steps):
    start = max(starts, key=lambda s: -np.inf if np.isnan(f(s)) else f(s))
    return gradient_ascent(grad, start, lr, n_steps)[-1]
