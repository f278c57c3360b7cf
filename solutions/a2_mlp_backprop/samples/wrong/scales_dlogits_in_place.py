"""Divides and multiplies the caller's dlogits.

fails: q7.repeatable
diagnosis: mutated
"""


def backward(dlogits, cache, params):
    X, z1, a1 = cache
    d_W2, d_b2 = a1.T @ dlogits, dlogits.sum(axis=0)
    d_a1 = dlogits @ params["W2"].T
    dlogits[...] = 0  # no longer needed
    d_z1 = d_a1 * (z1 > 0)
    return {"W1": X.T @ d_z1, "b1": d_z1.sum(axis=0), "W2": d_W2, "b2": d_b2}
