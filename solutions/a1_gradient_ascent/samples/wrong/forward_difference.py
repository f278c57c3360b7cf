"""Takes a forward difference: one foot ahead, none behind.

fails: q1.order
diagnosis: method
slip: one_foot
"""

import numpy as np


def numerical_gradient(f, x, h=1e-5):
    x = np.asarray(x, dtype=float)
    f0 = f(x)
    g = np.zeros(len(x))
    for i in range(len(x)):
        xp = x.copy()
        xp[i] += h
        g[i] = (f(xp) - f0) / h
    return g
