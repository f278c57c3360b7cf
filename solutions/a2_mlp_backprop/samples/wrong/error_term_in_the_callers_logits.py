"""Exponentiates and subtracts in the array it was given.

fails: q5.pure
diagnosis: mutated
"""

import numpy as np


def cross_entropy_grad(logits, y):
    logits -= logits.max(axis=1, keepdims=True)
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    p[np.arange(len(y)), y] -= 1
    return p / len(y)
