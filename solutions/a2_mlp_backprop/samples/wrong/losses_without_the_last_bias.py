"""Predicts anew for the losses, and forgets b2.

fails: q9.trajectory
diagnosis: missing
"""

import numpy as np


def predict(X, params):
    return np.maximum(X @ params["W1"] + params["b1"], 0) @ params["W2"]


def train(X, y, params, lr, n_steps):
    params = {name: array.copy() for name, array in params.items()}
    losses = []
    for _ in range(n_steps):
        losses.append(cross_entropy(predict(X, params), y))
        logits, cache = forward(X, params)
        params = sgd_update(params, backward(cross_entropy_grad(logits, y), cache, params), lr)
    return params, losses
