"""Divides relu(z) by z to get the slope: infinity over infinity.

fails: q6.relu_vjp_inf
diagnosis: non_finite
"""

import numpy as np


def relu_vjp(z, g):
    safe = np.where(z == 0, 1, z)
    return (g * (np.maximum(z, 0) / safe)).astype(g.dtype)
