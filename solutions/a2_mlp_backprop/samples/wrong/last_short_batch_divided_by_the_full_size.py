"""Trains in batches of two and divides the gradient of the last, shorter one by two as well.

fails: q9.trajectory
diagnosis: chain
"""


def train(X, y, params, lr, n_steps, size=2):
    params = {name: array.copy() for name, array in params.items()}
    losses = []
    for _ in range(n_steps):
        losses.append(cross_entropy(forward(X, params)[0], y))
        for i in range(0, len(X), size):
            logits, cache = forward(X[i : i + size], params)
            g = cross_entropy_grad(logits, y[i : i + size]) * len(logits) / size
            params = sgd_update(params, backward(g, cache, params), lr)
    return params, losses
