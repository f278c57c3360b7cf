"""One example, one unit, one weight at a time."""

import math

import numpy as np


def forward(X, params):
    N, D = X.shape
    H, K = params["W2"].shape
    z1, logits = np.empty((N, H), dtype=X.dtype), np.empty((N, K), dtype=X.dtype)
    for n in range(N):
        for j in range(H):
            z1[n, j] = sum(X[n, i] * params["W1"][i, j] for i in range(D)) + params["b1"][j]
        for k in range(K):
            logits[n, k] = sum(max(z1[n, j], 0) * params["W2"][j, k] for j in range(H)) + params["b2"][k]
    return logits, {"X": X, "z1": z1}


def log_softmax(logits):
    out = np.empty_like(logits)
    for n, row in enumerate(logits):
        m = max(row)
        total = math.log(sum(math.exp(s - m) for s in row))
        for k, s in enumerate(row):
            out[n, k] = s - m - total
    return out


def cross_entropy(logits, y):
    log_p = log_softmax(logits)
    return sum(-float(log_p[n, int(label)]) for n, label in enumerate(y)) / len(y)


def backward(dlogits, cache, params):
    X, z1 = cache["X"], cache["z1"]
    grads = {name: np.zeros_like(array) for name, array in params.items()}
    for n in range(len(X)):
        for j in range(z1.shape[1]):
            a, d = max(z1[n, j], 0), 0
            for k in range(dlogits.shape[1]):
                grads["W2"][j, k] += a * dlogits[n, k]
                d += dlogits[n, k] * params["W2"][j, k]
            if z1[n, j] > 0:
                grads["b1"][j] += d
                for i in range(X.shape[1]):
                    grads["W1"][i, j] += X[n, i] * d
        for k in range(dlogits.shape[1]):
            grads["b2"][k] += dlogits[n, k]
    return grads
