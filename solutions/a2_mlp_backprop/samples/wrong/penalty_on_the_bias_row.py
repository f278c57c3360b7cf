"""Bonus: regularises all of V, also the row that holds the biases.

fails: b2.same_gradients
diagnosis: extra
"""

import numpy as np


def bias_column_gradients(X, y, V1, V2):
    params = {"W1": V1[1:], "b1": V1[0], "W2": V2[1:], "b2": V2[0]}
    logits, cache = forward(X, params)
    grads = backward(cross_entropy_grad(logits, y), cache, params)
    dV1, dV2 = np.vstack([grads["b1"], grads["W1"]]), np.vstack([grads["b2"], grads["W2"]])
    return dV1 + 1e-3 * V1, dV2 + 1e-3 * V2
