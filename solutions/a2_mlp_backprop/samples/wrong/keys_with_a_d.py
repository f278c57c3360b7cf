"""Calls the gradients dW1, db1, dW2, db2.

fails: q7.reference q7.example
diagnosis: keys
"""


def backward(dlogits, cache, params):
    X, z1, a1 = cache
    d_z1 = (dlogits @ params["W2"].T) * (z1 > 0)
    return {"dW1": X.T @ d_z1, "db1": d_z1.sum(axis=0), "dW2": a1.T @ dlogits, "db2": dlogits.sum(axis=0)}


def sgd_update(params, grads, lr):
    return {name: array - lr * grads["d" + name if "d" + name in grads else name] for name, array in params.items()}
