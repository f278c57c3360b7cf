"""Steps by the whole gradient.

fails: q8.update q8.example
diagnosis: scale
"""


def sgd_update(params, grads, lr):
    return {name: array - grads[name] for name, array in params.items()}
