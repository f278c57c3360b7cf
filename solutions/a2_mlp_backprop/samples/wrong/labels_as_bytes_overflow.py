"""Computes flat positions in the labels' own type: a byte ends at 255, and minus a byte is no index.

fails: q5.uint8
diagnosis: precision
"""

import numpy as np


def cross_entropy_grad(logits, y):
    d = np.exp(log_softmax(logits))
    one_hot = np.zeros_like(d)
    K = logits.shape[1]
    last = (-y - 1) % K if y.dtype.kind == "i" else -y % K
    one_hot[np.arange(len(y)), K - 1 - last] = 1
    return (d - one_hot) / len(y)
