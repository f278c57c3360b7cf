"""Updates a copy and forgets to return it.

fails: q8.update q8.example
diagnosis: type
"""


def sgd_update(params, grads, lr):
    new = {name: array.copy() for name, array in params.items()}
    for name in new:
        new[name] -= lr * grads[name]
