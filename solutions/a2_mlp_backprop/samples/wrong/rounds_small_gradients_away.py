"""Sets gradients below 1e-7 to zero as noise.

fails: q7.linear_in_dlogits
diagnosis: zero
"""

import numpy as np


def backward(dlogits, cache, params):
    X, z1, a1 = cache
    d_z1 = (dlogits @ params["W2"].T) * (z1 > 0)
    grads = {"W1": X.T @ d_z1, "b1": d_z1.sum(axis=0), "W2": a1.T @ dlogits, "b2": dlogits.sum(axis=0)}
    return {name: np.where(np.abs(g) < 1e-7, 0, g) for name, g in grads.items()}
