"""Glues a column of ones to the activations and the biases to the weights."""

import numpy as np


def with_one(A):
    return np.concatenate([A, np.ones_like(A[:, :1])], axis=1)


def stacked(params, layer):
    return np.vstack([params[f"W{layer}"], params[f"b{layer}"]])


def forward(X, params):
    z1 = with_one(X) @ stacked(params, 1)
    a1 = np.maximum(z1, 0)
    return with_one(a1) @ stacked(params, 2), (X, a1)


def backward(dlogits, cache, params):
    X, a1 = cache
    second = with_one(a1).T @ dlogits
    d_z1 = np.where(a1 > 0, dlogits @ params["W2"].T, 0)
    first = with_one(X).T @ d_z1
    return {"W1": first[:-1], "b1": first[-1], "W2": second[:-1], "b2": second[-1]}
