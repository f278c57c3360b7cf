"""The one-hot matrix of np.eye turns single precision into double.

fails: q5.f32
diagnosis: dtype
"""

import numpy as np


def cross_entropy_grad(logits, y):
    return (np.exp(log_softmax(logits)) - np.eye(logits.shape[1])[y]) / len(y)
