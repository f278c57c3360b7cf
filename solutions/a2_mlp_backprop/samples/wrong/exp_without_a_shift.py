"""Uses the formula as it stands on paper.

fails: q3.stable q3.finite q3.rowwise_shift
diagnosis: non_finite
"""

import numpy as np


def log_softmax(logits):
    return logits - np.log(np.sum(np.exp(logits), axis=1, keepdims=True))
