"""Returns probabilities.

fails: q3.log_softmax q3.example
diagnosis: quantity
"""

import numpy as np


def log_softmax(logits):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
