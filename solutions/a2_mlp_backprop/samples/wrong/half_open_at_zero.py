"""Uses the sign, which gives one half at 0.

fails: q6.relu_vjp q6.example q7.kink
diagnosis: edge
"""

import numpy as np


def relu_vjp(z, g):
    return (g * (np.sign(z) + 1) / 2).astype(g.dtype)
