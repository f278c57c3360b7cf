"""Sums dlogits over the classes instead of multiplying with W2 transposed.

fails: q7.reference q7.example
diagnosis: chain
slip: sums_for_weights
"""


def backward(dlogits, cache, params):
    X, z1, a1 = cache
    d_z1 = dlogits.sum(axis=1, keepdims=True) * params["W2"].sum(axis=1) * (z1 > 0)
    return {"W1": X.T @ d_z1, "b1": d_z1.sum(axis=0), "W2": a1.T @ dlogits, "b2": dlogits.sum(axis=0)}
