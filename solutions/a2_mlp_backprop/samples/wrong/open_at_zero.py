"""Uses z >= 0, so a unit at exactly 0 lets the error through.

fails: q6.relu_vjp q6.example q7.kink
diagnosis: edge
"""

import numpy as np


def relu_vjp(z, g):
    return np.where(z >= 0, g, 0).astype(g.dtype)
