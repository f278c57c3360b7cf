"""Calls every gradient below 1e-8 level ground.

fails: q2.tiny
diagnosis: edge
"""

import numpy as np


def steepest_direction(g):
    n = np.linalg.norm(g)
    if n < 1e-8:
        return np.zeros_like(g, dtype=float)
    return g / n
