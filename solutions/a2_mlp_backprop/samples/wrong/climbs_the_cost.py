"""Adds the gradient.

fails: q8.update q8.example
diagnosis: sign
"""


def sgd_update(params, grads, lr):
    return {name: array + lr * grads[name] for name, array in params.items()}
