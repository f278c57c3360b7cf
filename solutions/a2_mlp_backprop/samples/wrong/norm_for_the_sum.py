"""Divides the exponentials by their 2-norm, as if a softmax were a unit vector.

fails: q3.log_softmax q3.example
diagnosis: method
"""

import numpy as np


def log_softmax(logits):
    e = np.exp(logits - np.max(logits, axis=1, keepdims=True))
    return np.log(e / np.linalg.norm(e, axis=1, keepdims=True))
