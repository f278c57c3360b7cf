"""Measures in bits.

fails: q3.log_softmax q3.example
diagnosis: scale
"""

import numpy as np


def log_softmax(logits):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.log2(e / e.sum(axis=1, keepdims=True))
