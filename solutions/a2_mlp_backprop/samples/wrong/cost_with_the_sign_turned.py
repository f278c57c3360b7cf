"""Forgets the minus: the log-likelihood.

fails: q4.value q4.example
diagnosis: sign
"""

import numpy as np


def cross_entropy(logits, y):
    return np.mean(log_softmax(logits)[np.arange(len(y)), y])
