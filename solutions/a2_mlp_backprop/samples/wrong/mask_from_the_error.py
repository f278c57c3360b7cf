"""Lets through where the error is positive.

fails: q7.reference
diagnosis: chain
"""


def backward(dlogits, cache, params):
    X, z1, a1 = cache
    d_a1 = dlogits @ params["W2"].T
    d_z1 = d_a1 * (d_a1 > 0)
    return {"W1": X.T @ d_z1, "b1": d_z1.sum(axis=0), "W2": a1.T @ dlogits, "b2": dlogits.sum(axis=0)}
