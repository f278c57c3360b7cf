"""Normalises over the batch instead of the classes.

fails: q3.log_softmax q3.example
diagnosis: axis
"""

import numpy as np


def log_softmax(logits):
    s = logits - logits.max(axis=0)
    return s - np.log(np.exp(s).sum(axis=0))
