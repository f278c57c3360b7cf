"""Uses np.float, which NumPy has not had since 1.24.

fails: q4.value q4.example
diagnosis: raised
"""

import numpy as np


def cross_entropy(logits, y):
    return np.float(-np.mean(log_softmax(logits)[np.arange(len(y)), y]))
