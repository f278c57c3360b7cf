"""Predicts anew for the losses, with a relu after the last layer.

fails: q9.trajectory
diagnosis: extra
"""

import numpy as np


def predict(X, params):
    for i in (1, 2):
        X = np.maximum(X @ params[f"W{i}"] + params[f"b{i}"], 0)
    return X


def train(X, y, params, lr, n_steps):
    params = {name: array.copy() for name, array in params.items()}
    losses = []
    for _ in range(n_steps):
        losses.append(cross_entropy(predict(X, params), y))
        logits, cache = forward(X, params)
        params = sgd_update(params, backward(cross_entropy_grad(logits, y), cache, params), lr)
    return params, losses
