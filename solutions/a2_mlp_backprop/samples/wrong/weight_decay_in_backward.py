"""Adds an L2 penalty nobody asked for.

fails: q7.reference q7.example
diagnosis: extra
"""


def backward(dlogits, cache, params):
    X, z1, a1 = cache
    d_z1 = (dlogits @ params["W2"].T) * (z1 > 0)
    return {
        "W1": X.T @ d_z1 + 1e-3 * params["W1"],
        "b1": d_z1.sum(axis=0),
        "W2": a1.T @ dlogits + 1e-3 * params["W2"],
        "b2": dlogits.sum(axis=0),
    }
