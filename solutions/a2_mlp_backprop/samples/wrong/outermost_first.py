"""Takes fs[0] for the outermost function.

fails: q1.nested q1.example
diagnosis: chain
"""

import numpy as np


def nested_derivative(fs, dfs, x):
    y, slope = x, np.ones_like(x)
    for f, df in zip(reversed(fs), reversed(dfs)):
        slope = slope * df(y)
        y = f(y)
    return y, slope
