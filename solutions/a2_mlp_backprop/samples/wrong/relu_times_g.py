"""Multiplies by the activation instead of its slope.

fails: q6.relu_vjp q6.example q7.reference
diagnosis: chain
"""

import numpy as np


def relu_vjp(z, g):
    return np.maximum(z, 0) * g
