"""Makes the one-hot rows for the largest batch so far: a shorter batch does not fit.

fails: q5.value
diagnosis: state
"""

import numpy as np

_most = [0]


def cross_entropy_grad(logits, y):
    _most[0] = max(_most[0], len(y))
    one_hot = np.zeros((_most[0], logits.shape[1]))
    one_hot[np.arange(len(y)), y] = 1
    return (np.exp(log_softmax(logits)) - one_hot) / len(y)
