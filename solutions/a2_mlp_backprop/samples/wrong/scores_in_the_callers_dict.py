"""Stores the scores in the dict of parameters that the caller passed in.

fails: q2.pure q2.keeps_arguments
diagnosis: mutated
"""

import numpy as np


def forward(X, params):
    z1 = X @ params["W1"] + params["b1"]
    a1 = np.maximum(z1, 0)
    params["scores"] = a1 @ params["W2"] + params["b2"]
    return params["scores"], (X, z1, a1)
