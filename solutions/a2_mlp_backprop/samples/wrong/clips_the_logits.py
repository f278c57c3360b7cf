"""Keeps the exponentials finite by clipping the scores.

fails: q3.stable q3.finite
diagnosis: precision
"""

import numpy as np


def log_softmax(logits):
    s = np.clip(logits, -500, 500)
    s = s - s.max(axis=1, keepdims=True)
    return s - np.log(np.exp(s).sum(axis=1, keepdims=True))
