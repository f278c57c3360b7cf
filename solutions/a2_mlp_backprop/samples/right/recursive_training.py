"""One step, then the rest."""

import numpy as np


def sgd_update(params, grads, lr):
    return dict(zip(params, map(lambda key: np.subtract(params[key], np.multiply(lr, grads[key])), params)))


def train(X, y, params, lr, n_steps):
    if n_steps == 0:
        return {key: value * 1 for key, value in params.items()}, ()
    logits, cache = forward(X, params)
    first = cross_entropy(logits, y)
    moved = sgd_update(params, backward(cross_entropy_grad(logits, y), cache, params), lr)
    after, rest = train(X, y, moved, lr, n_steps - 1)
    return after, (first, *rest)
