"""Indexes log_p[:, y], which is N × N.

fails: q4.value
diagnosis: axis
"""


def cross_entropy(logits, y):
    return -log_softmax(logits)[:, y].mean()
