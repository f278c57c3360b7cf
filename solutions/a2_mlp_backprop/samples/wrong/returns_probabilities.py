"""Ends the forward pass with a softmax.

fails: q2.logits q2.example
diagnosis: quantity
"""

import numpy as np


def forward(X, params):
    z1 = X @ params["W1"] + params["b1"]
    a1 = np.maximum(z1, 0)
    return np.exp(log_softmax(a1 @ params["W2"] + params["b2"])), (X, z1, a1)
