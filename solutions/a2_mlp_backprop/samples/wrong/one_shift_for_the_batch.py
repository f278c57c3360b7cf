"""Takes off the maximum of the whole batch: rows far below it underflow.

fails: q3.rowwise_shift q3.stable
diagnosis: non_finite
"""

import numpy as np


def log_softmax(logits):
    s = logits - np.max(logits)
    return s - np.log(np.sum(np.exp(s), axis=1, keepdims=True))
