"""The chain rule by recursion, from the outside in."""

import numpy as np


def nested_derivative(fs, dfs, x):
    if not fs:
        return +np.asarray(x), np.ones(np.shape(x))
    inner, slope = nested_derivative(fs[:-1], dfs[:-1], x)
    return fs[-1](inner), dfs[-1](inner) * slope
