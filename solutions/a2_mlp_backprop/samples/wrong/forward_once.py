"""Runs the forward pass before the loop.

fails: q9.trajectory q9.example
diagnosis: stale
"""


def train(X, y, params, lr, n_steps):
    params = {name: array.copy() for name, array in params.items()}
    losses = []
    logits, cache = forward(X, params)
    for _ in range(n_steps):
        losses.append(cross_entropy(logits, y))
        params = sgd_update(params, backward(cross_entropy_grad(logits, y), cache, params), lr)
    return params, losses
