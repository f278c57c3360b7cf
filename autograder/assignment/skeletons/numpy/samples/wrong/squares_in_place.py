"""Squares the caller's array in place.

fails: q1.pure
diagnosis: mutated
"""

import numpy as np


def mean_square(x):
    x *= x
    return np.mean(x)
