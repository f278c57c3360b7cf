"""Computes the logits and forgets to return them.

fails: q2.logits
diagnosis: type
"""

import numpy as np


def forward(X, params):
    z1 = X @ params["W1"] + params["b1"]
    logits = np.maximum(z1, 0) @ params["W2"] + params["b2"]
