"""The logarithm of the sum of exponentials by a reduction of NumPy's."""

import numpy as np


def log_softmax(logits):
    return logits - np.logaddexp.reduce(logits, axis=1)[:, np.newaxis]


def cross_entropy(logits, y):
    picked = np.take_along_axis(log_softmax(logits), y.astype(int)[:, None], axis=1)
    return np.array([-picked.mean()])


def cross_entropy_grad(logits, y):
    delta = np.exp(log_softmax(logits))
    delta -= y[:, None] == np.arange(logits.shape[1])
    return delta / logits.dtype.type(len(y))
