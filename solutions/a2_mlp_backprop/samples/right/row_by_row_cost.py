"""Row by row, with Python's own numbers at the end."""

import numpy as np


def log_softmax(logits):
    return np.array([row - row.max() - np.log(np.exp(row - row.max()).sum()) for row in logits], dtype=logits.dtype)


def cross_entropy(logits, y):
    return float(np.mean([-log_softmax(row[None])[0, label] for row, label in zip(logits, y)]))


def cross_entropy_grad(logits, y):
    rows = []
    for row, label in zip(logits, y):
        e = np.exp(row - np.max(row))
        p = e / e.sum()
        p[label] -= 1
        rows.append(p / len(logits))
    return np.asarray(rows)
