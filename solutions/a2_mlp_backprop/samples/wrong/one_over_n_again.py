"""Divides by N in backward, as if dlogits had not been divided.

fails: q7.reference q7.finite_difference
diagnosis: scale
"""


def backward(dlogits, cache, params):
    X, z1, a1 = cache
    N = len(X)
    d_z1 = (dlogits @ params["W2"].T) * (z1 > 0)
    return {
        "W1": X.T @ d_z1 / N,
        "b1": d_z1.sum(axis=0) / N,
        "W2": a1.T @ dlogits / N,
        "b2": dlogits.sum(axis=0) / N,
    }
