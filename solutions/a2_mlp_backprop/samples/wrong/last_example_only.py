"""Loops over the batch and overwrites the gradients instead of adding to them.

fails: q7.reference q7.finite_difference
diagnosis: batch_sum
"""

import numpy as np


def backward(dlogits, cache, params):
    X, z1, a1 = cache
    for n in range(len(X)):
        d_z1 = (params["W2"] @ dlogits[n]) * (z1[n] > 0)
        grads = {"W2": np.outer(a1[n], dlogits[n]), "b2": dlogits[n] + 0, "W1": np.outer(X[n], d_z1), "b1": d_z1}
    return grads
