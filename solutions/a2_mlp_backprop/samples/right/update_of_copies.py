"""Deep copies, and works in place on those."""

import copy


def sgd_update(params, grads, lr):
    new = copy.deepcopy(params)
    for key in new:
        new[key] -= lr * grads[key]
    return new


def train(X, y, params, lr, n_steps):
    params = copy.deepcopy(params)
    losses = []
    for step in range(n_steps):
        logits, cache = forward(X, params)
        losses += [float(cross_entropy(logits, y))]
        grads = backward(cross_entropy_grad(logits, y), cache, params)
        for key in params:
            params[key] -= lr * grads[key]
    return [params, losses]
