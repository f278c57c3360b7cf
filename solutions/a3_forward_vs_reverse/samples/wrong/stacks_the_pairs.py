"""Stacks what jvp returns, the value with the product.

fails: q5.fwd_value q5.example
diagnosis: shape
"""

import numpy as np


def jacobian_forward(layers, x):
    return np.stack([jvp(layers, x, seed) for seed in np.eye(x.size)], axis=1)
