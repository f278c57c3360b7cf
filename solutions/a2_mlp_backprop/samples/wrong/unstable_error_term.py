"""A softmax of its own, without the shift.

fails: q5.stable
diagnosis: non_finite
"""

import numpy as np


def cross_entropy_grad(logits, y):
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    p[np.arange(len(y)), y] -= 1
    return p / len(y)
