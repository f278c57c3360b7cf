"""Casts the labels first, and adds the 1/N entry by entry."""

import numpy as np


def cross_entropy_grad(logits, y):
    y = [int(label) for label in y]
    s = logits - np.max(logits, axis=1, keepdims=True)
    e = np.exp(s)
    d = e / (len(y) * e.sum(axis=1, keepdims=True))
    for n, label in enumerate(y):
        d[n, label] -= 1 / len(y)
    return d
