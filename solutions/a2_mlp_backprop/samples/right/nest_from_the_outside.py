"""Forward first, keeping all values; then the factors from the outermost inwards: reverse mode."""

from functools import reduce
from itertools import accumulate

import numpy as np


def nested_derivative(fs, dfs, x):
    values = list(accumulate(fs, lambda v, f: f(v), initial=np.copy(x)))
    factors = (df(v) for df, v in zip(reversed(dfs), reversed(values[:-1])))
    return [values[-1], reduce(np.multiply, factors, np.ones(np.shape(x)))]
