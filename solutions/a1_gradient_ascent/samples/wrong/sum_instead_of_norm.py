"""Divides by the sum of absolute values, the 1-norm.

fails: q2.unit
diagnosis: method
slip: sum
"""

import numpy as np


def steepest_direction(g):
    total = np.sum(np.abs(g))
    if total == 0:
        return np.zeros(len(g))
    return g / total
