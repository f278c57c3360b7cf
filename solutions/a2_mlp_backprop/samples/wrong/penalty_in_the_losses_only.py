"""Adds a penalty on all parameters to the losses, and none to the gradient.

fails: q9.trajectory
diagnosis: extra
"""


def train(X, y, params, lr, n_steps):
    params = {name: array.copy() for name, array in params.items()}
    losses = []
    for _ in range(n_steps):
        logits, cache = forward(X, params)
        penalty = 1e-3 * sum((array**2).sum() for array in params.values())
        losses.append(cross_entropy(logits, y) + penalty)
        params = sgd_update(params, backward(cross_entropy_grad(logits, y), cache, params), lr)
    return params, losses
