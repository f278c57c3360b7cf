"""Adds the factors instead of multiplying them.

fails: q1.nested
diagnosis: chain
"""

import numpy as np


def nested_derivative(fs, dfs, x):
    y, slope = x, np.zeros_like(x)
    for f, df in zip(fs, dfs):
        slope = slope + df(y)
        y = f(y)
    return y, slope
