"""Moves all coordinates by h at once, so that every entry is the sum of all slopes.

fails: q1.order q1.example
diagnosis: axis
slip: all_at_once
"""

import numpy as np


def numerical_gradient(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    return np.array([(f(x + h) - f(x - h)) / (2 * h) for _ in x])
