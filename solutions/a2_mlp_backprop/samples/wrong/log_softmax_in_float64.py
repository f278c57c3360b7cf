"""Turns everything into float64 to be on the safe side.

fails: q3.f32
diagnosis: dtype
"""

import numpy as np


def log_softmax(logits):
    logits = np.asarray(logits, dtype=np.float64)
    s = logits - logits.max(axis=1, keepdims=True)
    return s - np.log(np.exp(s).sum(axis=1, keepdims=True))
