"""Fills arrays of zeros, which are float64 whatever comes in.

fails: q2.f32
diagnosis: dtype
"""

import numpy as np


def forward(X, params):
    N, H, K = len(X), params["b1"].size, params["b2"].size
    z1, logits = np.zeros((N, H)), np.zeros((N, K))
    z1[:] = X @ params["W1"] + params["b1"]
    a1 = np.maximum(z1, 0)
    logits[:] = a1 @ params["W2"] + params["b2"]
    return logits, (X, z1, a1)
