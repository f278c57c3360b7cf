"""Puts a relu behind the second layer as well.

fails: q2.logits
diagnosis: extra
"""

import numpy as np


def forward(X, params):
    z1 = X @ params["W1"] + params["b1"]
    a1 = np.maximum(z1, 0)
    return np.maximum(a1 @ params["W2"] + params["b2"], 0), (X, z1, a1)
