"""Multiplies with p (1 - p) as for a sigmoid with squared error.

fails: q5.value q5.example
diagnosis: chain
"""

import numpy as np


def cross_entropy_grad(logits, y):
    p = np.exp(log_softmax(logits))
    return (p - np.eye(logits.shape[1])[y]) * p * (1 - p) / len(y)
