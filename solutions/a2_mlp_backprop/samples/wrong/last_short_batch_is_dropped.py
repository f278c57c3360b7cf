"""Trains in batches of two and drops the last, shorter one.

fails: q9.trajectory
diagnosis: criterion
"""


def train(X, y, params, lr, n_steps, size=2):
    params = {name: array.copy() for name, array in params.items()}
    losses = []
    for _ in range(n_steps):
        losses.append(cross_entropy(forward(X, params)[0], y))
        for i in range(0, max(size, len(X)) - size + 1, size):
            logits, cache = forward(X[i : i + size], params)
            params = sgd_update(params, backward(cross_entropy_grad(logits, y[i : i + size]), cache, params), lr)
    return params, losses
