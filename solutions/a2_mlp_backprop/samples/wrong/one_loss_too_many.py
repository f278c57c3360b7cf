"""Adds the final cost to the list.

fails: q9.trajectory q9.example q9.zero_steps
diagnosis: off_by_one
"""


def train(X, y, params, lr, n_steps):
    params = {name: array.copy() for name, array in params.items()}
    losses = []
    for _ in range(n_steps):
        logits, cache = forward(X, params)
        losses.append(cross_entropy(logits, y))
        params = sgd_update(params, backward(cross_entropy_grad(logits, y), cache, params), lr)
    losses.append(cross_entropy(forward(X, params)[0], y))
    return params, losses
