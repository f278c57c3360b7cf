"""Counts the classes as max(y) + 1.

fails: q5.missing_class
diagnosis: raised
"""

import numpy as np


def cross_entropy_grad(logits, y):
    one_hot = np.eye(int(np.max(y)) + 1)[y]
    return (np.exp(log_softmax(logits)) - one_hot) / len(y)
