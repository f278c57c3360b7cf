"""Returns the vector of losses.

fails: q4.value
diagnosis: shape
"""

import numpy as np


def cross_entropy(logits, y):
    return -log_softmax(logits)[np.arange(len(y)), y]
