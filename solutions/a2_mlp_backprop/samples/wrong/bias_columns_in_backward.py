"""Keeps the axis of the batch in the biases: (1, H).

fails: q7.reference q7.example
diagnosis: shape
"""


def backward(dlogits, cache, params):
    X, z1, a1 = cache
    d_z1 = (dlogits @ params["W2"].T) * (z1 > 0)
    return {
        "W1": X.T @ d_z1,
        "b1": d_z1.sum(axis=0, keepdims=True),
        "W2": a1.T @ dlogits,
        "b2": dlogits.sum(axis=0, keepdims=True),
    }
