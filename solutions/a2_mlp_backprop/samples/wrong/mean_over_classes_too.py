"""Means over all N × K entries of the one-hot product.

fails: q4.value q4.example
diagnosis: scale
"""

import numpy as np


def cross_entropy(logits, y):
    return -np.mean(np.eye(logits.shape[1])[y] * log_softmax(logits))
