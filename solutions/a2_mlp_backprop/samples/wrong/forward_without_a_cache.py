"""Returns the logits alone and leaves the rest in globals.

fails: q2.logits q2.example q7.reference
diagnosis: type
"""

import numpy as np


def forward(X, params):
    global last_X, last_z1
    last_X = X
    last_z1 = X @ params["W1"] + params["b1"]
    return np.maximum(last_z1, 0) @ params["W2"] + params["b2"]


def backward(dlogits, cache, params):
    d_z1 = (dlogits @ params["W2"].T) * (last_z1 > 0)
    return {
        "W1": last_X.T @ d_z1,
        "b1": d_z1.sum(axis=0),
        "W2": np.maximum(last_z1, 0).T @ dlogits,
        "b2": dlogits.sum(axis=0),
    }
