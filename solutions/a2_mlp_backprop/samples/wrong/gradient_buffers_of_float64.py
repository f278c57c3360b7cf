"""Adds up example by example into arrays of zeros, which are float64.

fails: q7.f32
diagnosis: dtype
"""

import numpy as np


def backward(dlogits, cache, params):
    X, z1, a1 = cache
    grads = {name: np.zeros(array.shape) for name, array in params.items()}
    for n in range(len(X)):
        d_z1 = (params["W2"] @ dlogits[n]) * (z1[n] > 0)
        grads["W2"] += np.outer(a1[n], dlogits[n])
        grads["b2"] += dlogits[n]
        grads["W1"] += np.outer(X[n], d_z1)
        grads["b1"] += d_z1
    return grads
