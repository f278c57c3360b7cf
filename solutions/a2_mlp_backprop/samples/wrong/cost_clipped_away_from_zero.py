"""Clips the probabilities at 1e-12, as many libraries did.

fails: q4.extreme
diagnosis: precision
"""

import numpy as np


def cross_entropy(logits, y):
    p = np.exp(log_softmax(logits))[np.arange(len(y)), y]
    return -np.mean(np.log(np.clip(p, 1e-12, 1.0)))
