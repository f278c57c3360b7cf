"""Takes every factor of the chain rule at x.

fails: q1.nested q1.example
diagnosis: chain
"""

import numpy as np


def nested_derivative(fs, dfs, x):
    y, slope = x, np.ones_like(x)
    for f, df in zip(fs, dfs):
        y = f(y)
        slope = slope * df(x)
    return y, slope
