"""Updates the parameters it was given in place.

fails: q9.zero_steps
diagnosis: mutated
"""


def train(X, y, params, lr, n_steps):
    losses = []
    for _ in range(n_steps):
        logits, cache = forward(X, params)
        losses.append(cross_entropy(logits, y))
        grads = backward(cross_entropy_grad(logits, y), cache, params)
        for name in params:
            params[name] -= lr * grads[name]
    return {name: array.copy() for name, array in params.items()}, losses
