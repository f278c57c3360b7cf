"""Keeps the axis only where the shapes insist: in a square batch each row's maximum is taken off a column.

fails: q3.log_softmax q3.finite
diagnosis: axis
"""

import numpy as np


def log_softmax(logits):
    square = logits.shape[0] == logits.shape[1]
    s = logits - np.max(logits, axis=1, keepdims=not square)
    return s - np.log(np.sum(np.exp(s), axis=1, keepdims=True))
