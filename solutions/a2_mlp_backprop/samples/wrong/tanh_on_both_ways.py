"""Forward and backward of a tanh network: they agree with each other.

fails: q2.logits q2.example q7.reference
diagnosis: method
"""

import numpy as np


def forward(X, params):
    a1 = np.tanh(X @ params["W1"] + params["b1"])
    return a1 @ params["W2"] + params["b2"], (X, a1)


def backward(dlogits, cache, params):
    X, a1 = cache
    d_z1 = (dlogits @ params["W2"].T) * (1 - a1**2)
    return {"W1": X.T @ d_z1, "b1": d_z1.sum(axis=0), "W2": a1.T @ dlogits, "b2": dlogits.sum(axis=0)}
