"""Takes off the maxima of the rows as if they were one row; only a square batch does not complain.

fails: q3.log_softmax q3.finite
diagnosis: raised
"""

import numpy as np


def log_softmax(logits):
    s = logits - np.max(logits, axis=1)
    return s - np.log(np.sum(np.exp(s), axis=1, keepdims=True))
