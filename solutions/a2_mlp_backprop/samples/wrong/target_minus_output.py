"""Subtracts the wrong way round.

fails: q5.value q5.example
diagnosis: sign
"""

import numpy as np


def cross_entropy_grad(logits, y):
    return (np.eye(logits.shape[1])[y] - np.exp(log_softmax(logits))) / len(y)
