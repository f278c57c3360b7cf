"""The cache is the way back itself: a function."""

import numpy as np


def forward(X, params):
    W1, b1, W2, b2 = (params[n] for n in ("W1", "b1", "W2", "b2"))
    z1 = X @ W1 + b1
    a1 = np.maximum(0, z1)

    def pull_back(g):
        d = (g @ W2.T) * (z1 > 0)
        return dict(W1=X.T @ d, b1=d.sum(0), W2=a1.T @ g, b2=g.sum(0))

    return a1 @ W2 + b2, pull_back


def backward(dlogits, cache, params):
    return cache(dlogits)
