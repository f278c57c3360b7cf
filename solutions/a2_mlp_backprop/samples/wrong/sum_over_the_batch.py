"""Adds up the batch and does not divide.

fails: q4.value q4.mean_of_batch q4.batch_mean
diagnosis: scale
"""

import numpy as np


def cross_entropy(logits, y):
    return -np.sum(log_softmax(logits)[np.arange(len(y)), y])
