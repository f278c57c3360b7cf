"""Turns the biases into rows, in the caller's dict.

fails: q2.pure
diagnosis: mutated
"""

import numpy as np


def forward(X, params):
    params["b1"] = params["b1"].reshape(1, -1)
    params["b2"] = params["b2"].reshape(1, -1)
    z1 = X @ params["W1"] + params["b1"]
    a1 = np.maximum(z1, 0)
    return a1 @ params["W2"] + params["b2"], (X, z1, a1)
