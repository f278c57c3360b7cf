"""Clips gradients to [-5, 5] so that training is safe.

fails: q7.linear_in_dlogits
diagnosis: extra
"""

import numpy as np


def backward(dlogits, cache, params):
    X, z1, a1 = cache
    d_z1 = (dlogits @ params["W2"].T) * (z1 > 0)
    grads = {"W1": X.T @ d_z1, "b1": d_z1.sum(axis=0), "W2": a1.T @ dlogits, "b2": dlogits.sum(axis=0)}
    return {name: np.clip(g, -50, 50) for name, g in grads.items()}
