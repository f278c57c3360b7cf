"""Probes in a copy of the integer point, where 2 + 1e-5 is stored as 2.

fails: q1.int_input
diagnosis: dtype
"""

import numpy as np


def numerical_gradient(f, x, h=1e-5):
    g = np.zeros(len(x))
    for i in range(len(x)):
        up, down = x.copy(), x.copy()
        up[i] = x[i] + h
        down[i] = x[i] - h
        g[i] = (f(up) - f(down)) / (2 * h)
    return g
