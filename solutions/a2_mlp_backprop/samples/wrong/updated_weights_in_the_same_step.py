"""Moves the second layer before it computes the first layer's gradient.

fails: q9.trajectory
diagnosis: stale
"""

import numpy as np


def train(X, y, params, lr, n_steps):
    params = {name: array.copy() for name, array in params.items()}
    losses = []
    for _ in range(n_steps):
        z1 = X @ params["W1"] + params["b1"]
        a1 = np.maximum(z1, 0)
        logits = a1 @ params["W2"] + params["b2"]
        losses.append(cross_entropy(logits, y))
        g = cross_entropy_grad(logits, y)
        params["W2"] -= lr * a1.T @ g
        params["b2"] -= lr * g.sum(axis=0)
        d_z1 = (g @ params["W2"].T) * (z1 > 0)
        params["W1"] -= lr * X.T @ d_z1
        params["b1"] -= lr * d_z1.sum(axis=0)
    return params, losses
