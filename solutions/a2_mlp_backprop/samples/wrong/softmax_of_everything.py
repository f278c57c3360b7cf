"""Normalises over all entries of the batch.

fails: q3.log_softmax q3.example
diagnosis: axis
"""

import numpy as np


def log_softmax(logits):
    s = logits - logits.max()
    return s - np.log(np.exp(s).sum())
