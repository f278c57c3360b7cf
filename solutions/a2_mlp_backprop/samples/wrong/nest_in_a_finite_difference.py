"""Differences the nest with a coarse step instead of using the derivatives.

fails: q1.nested
diagnosis: precision
"""

import numpy as np


def nested_derivative(fs, dfs, x):
    def nest(v):
        for f in fs:
            v = f(v)
        return v

    h = 2e-2
    x = np.asarray(x, dtype=float)
    if len(fs) <= 2 and x.ndim == 0:
        y, slope = x, 1.0
        for f, df in zip(fs, dfs):
            slope, y = slope * df(y), f(y)
        return y, slope
    return nest(x), (nest(x + h) - nest(x - h)) / (2 * h)
