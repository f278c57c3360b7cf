"""Numbers the classes that occur in the batch.

fails: q5.missing_class
diagnosis: edge
"""

import numpy as np


def cross_entropy_grad(logits, y):
    d = np.exp(log_softmax(logits))
    _, places = np.unique(y, return_inverse=True)
    d[np.arange(len(y)), places] -= 1
    return d / len(y)
