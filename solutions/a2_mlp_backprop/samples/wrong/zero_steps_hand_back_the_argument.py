"""Returns the caller's own arrays when there is nothing to do.

fails: q9.zero_steps
diagnosis: aliased
"""


def train(X, y, params, lr, n_steps):
    losses = []
    for _ in range(n_steps):
        logits, cache = forward(X, params)
        losses.append(cross_entropy(logits, y))
        params = sgd_update(params, backward(cross_entropy_grad(logits, y), cache, params), lr)
    return params, losses
