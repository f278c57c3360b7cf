"""Changes the caller's arrays.

fails: q8.own_memory
diagnosis: mutated
"""


def sgd_update(params, grads, lr):
    for name in params:
        params[name] -= lr * grads[name]
    return params
