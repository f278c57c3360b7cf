"""Takes the logarithm of a finished softmax: 0 has none.

fails: q3.stable q3.finite
diagnosis: non_finite
"""

import numpy as np


def log_softmax(logits):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.log(e / e.sum(axis=1, keepdims=True))
