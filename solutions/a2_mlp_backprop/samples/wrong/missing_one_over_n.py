"""Gives the derivative of the sum.

fails: q5.value q5.example
diagnosis: scale
"""

import numpy as np


def cross_entropy_grad(logits, y):
    d = np.exp(log_softmax(logits))
    d[np.arange(len(y)), y] -= 1
    return d
