"""Moves the weights and returns the biases as they are.

fails: q8.update q8.example
diagnosis: missing
"""


def sgd_update(params, grads, lr):
    return {name: array - lr * grads[name] if name.startswith("W") else array for name, array in params.items()}
