"""Adds 1e-8 to the norm against division by zero, so gentle slopes come out short.

fails: q2.tiny
diagnosis: scale
"""

import numpy as np


def steepest_direction(g):
    g = np.asarray(g, dtype=float)
    return g / (np.linalg.norm(g) + 1e-8)
