"""Copies the dict, whose arrays are still the caller's.

fails: q8.own_memory
diagnosis: mutated
"""


def sgd_update(params, grads, lr):
    new = params.copy()
    for name in new:
        new[name] -= lr * grads[name]
    return new
