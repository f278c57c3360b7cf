"""Moves the value on first, so each factor is taken at what comes out.

fails: q1.nested q1.example
diagnosis: chain
"""

import numpy as np


def nested_derivative(fs, dfs, x):
    y, slope = x, 1.0
    for f, df in zip(fs, dfs):
        y = f(y)
        slope = slope * df(y)
    return y, slope * np.ones_like(x)
