"""Asks a1 >= 0, which is always so.

fails: q7.reference q7.example
diagnosis: chain
"""

import numpy as np


def backward(dlogits, cache, params):
    X, z1, a1 = cache
    d_a1 = dlogits @ params["W2"].T
    d_z1 = np.where(a1 >= 0, d_a1, 0)
    return {"W1": X.T @ d_z1, "b1": d_z1.sum(axis=0), "W2": a1.T @ dlogits, "b2": dlogits.sum(axis=0)}
