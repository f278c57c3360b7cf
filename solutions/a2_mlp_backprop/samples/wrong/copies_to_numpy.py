"""Bonus: begins with np.asarray, which a remote array refuses.

fails: b3.remote
diagnosis: raised
"""

import numpy as np


def portable_gradients(X, Y, params):
    X, Y = np.asarray(X), np.asarray(Y)
    params = {name: np.asarray(array) for name, array in params.items()}
    logits, cache = forward(X, params)
    return backward((np.exp(log_softmax(logits)) - Y) / len(X), cache, params)
