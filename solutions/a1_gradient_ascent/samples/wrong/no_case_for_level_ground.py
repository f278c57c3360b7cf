"""Divides zero by zero on a plateau.

fails: q2.zero
diagnosis: non_finite
"""

import numpy as np


def steepest_direction(g):
    with np.errstate(invalid="ignore"):
        return g / np.linalg.norm(g)
