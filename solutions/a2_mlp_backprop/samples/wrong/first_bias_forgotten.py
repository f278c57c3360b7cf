"""Leaves out b1.

fails: q2.logits q2.example
diagnosis: missing
"""

import numpy as np


def forward(X, params):
    z1 = X @ params["W1"]
    a1 = np.maximum(z1, 0)
    return a1 @ params["W2"] + params["b2"], (X, z1, a1)
