"""Applies relu to what comes back.

fails: q6.relu_vjp q6.example q7.reference
diagnosis: chain
"""

import numpy as np


def relu_vjp(z, g):
    return np.maximum(g, 0)
