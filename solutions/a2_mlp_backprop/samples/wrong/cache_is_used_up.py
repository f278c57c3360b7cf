"""Pops the cache's entries on the way back.

fails: q7.repeatable
diagnosis: state
"""

import numpy as np


def forward(X, params):
    z1 = X @ params["W1"] + params["b1"]
    a1 = np.maximum(z1, 0)
    return a1 @ params["W2"] + params["b2"], [X, z1, a1]


def backward(dlogits, cache, params):
    a1, z1, X = cache.pop(), cache.pop(), cache.pop()
    d_z1 = (dlogits @ params["W2"].T) * (z1 > 0)
    return {"W1": X.T @ d_z1, "b1": d_z1.sum(axis=0), "W2": a1.T @ dlogits, "b2": dlogits.sum(axis=0)}
