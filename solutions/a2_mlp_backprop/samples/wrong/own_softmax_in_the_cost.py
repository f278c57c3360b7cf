"""Ignores log_softmax and exponentiates scores directly.

fails: q4.extreme
diagnosis: non_finite
"""

import numpy as np


def cross_entropy(logits, y):
    e = np.exp(logits)
    p = e / e.sum(axis=1, keepdims=True)
    return -np.mean(np.log(p[np.arange(len(y)), y]))
