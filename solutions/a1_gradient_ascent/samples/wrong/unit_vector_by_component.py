"""Keeps only the signs of the slopes.

fails: q2.unit q2.example q2.finite
diagnosis: method
slip: each_alone
"""

import numpy as np


def steepest_direction(g):
    return np.sign(g).astype(float)
