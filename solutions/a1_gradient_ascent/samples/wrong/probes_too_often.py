"""Refines every slope by Richardson extrapolation: accurate, and twice the calls.

fails: q1.pure_calls q1.order
diagnosis: calls
"""

import numpy as np


def numerical_gradient(f, x, h=1e-5):
    x = np.asarray(x, dtype=float)

    def central(e, step):
        return (f(x + step * e) - f(x - step * e)) / (2 * step)

    h = max(h, 1e-3)
    return np.array([(4 * central(e, h / 2) - central(e, h)) / 3 for e in np.eye(len(x))])
