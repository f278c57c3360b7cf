"""Adds 1e-15 inside the logarithm.

fails: q3.stable q3.finite
diagnosis: precision
"""

import numpy as np


def log_softmax(logits):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.log(e / e.sum(axis=1, keepdims=True) + 1e-15)
