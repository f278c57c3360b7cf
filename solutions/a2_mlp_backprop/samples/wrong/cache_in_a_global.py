"""Keeps the activations of the last forward pass in a global dict and ignores the cache.

fails: q7.interleaved
diagnosis: state
"""

import numpy as np

_last = {}


def forward(X, params):
    z1 = X @ params["W1"] + params["b1"]
    _last.update(X=X, z1=z1)
    return np.maximum(z1, 0) @ params["W2"] + params["b2"], None


def backward(dlogits, cache, params):
    X, z1 = _last["X"], _last["z1"]
    d_z1 = (dlogits @ params["W2"].T) * (z1 > 0)
    return {"W1": X.T @ d_z1, "b1": d_z1.sum(axis=0), "W2": np.maximum(z1, 0).T @ dlogits, "b2": dlogits.sum(axis=0)}
